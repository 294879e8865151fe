"""What hands do on the console: entries, verdicts, answers, roles, channels, their menus."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QObject, QPoint, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication

from desktop.presenters.major_acts import MajorActs
from desktop.presenters.major_asking import MajorAsking
from desktop.presenters.major_listings import MajorListings
from desktop.presenters.major_page import Reading
from desktop.presenters.major_records import MajorRecords
from desktop.presenters.major_roles import MajorRoles
from desktop.presenters.major_streams import MajorStreams
from desktop.views.major.console import MajorConsole
from desktop.views.major.dialogs.entries import changed
from desktop.views.major.values import (
    AnswerRow,
    CardView,
    ChannelRow,
    Choice,
    LineView,
    RoleRow,
    StreamRow,
)
from desktop.views.major.words import verdict_word
from services.core.errors import AppError
from services.major_incidents.acts import (
    DeclineRole,
    EndRole,
    RemoveChannel,
    SetPhase,
    TakeCommand,
)
from services.major_incidents.entries import VERDICTS as VERDICTS_OF
from services.major_incidents.entries import EntryKind, ResponseEntry, Verdict
from services.major_incidents.entry_acts import AnswerAssessment, RemoveEntry, WriteEntry
from services.major_incidents.major import ResponsePhase, ResponseRole
from services.major_incidents.words import word_of

_STEP_VERBS = {
    "detect": "times",
    "open_comms": "channel",
    "assess": "impact",
    "first_comms": "update",
    "escalate": "page",
    "delegate": "roles",
    "fix_and_update": "phase",
    "resolve": "resolve",
    "review": "review",
}
"""What a click on a step leads to."""

PHASES = (ResponsePhase.INVESTIGATING, ResponsePhase.IDENTIFIED, ResponsePhase.MONITORING)
"""How far a response under way can be."""

_LOOKING = frozenset({"copy", "copy_channel", "open_channel"})
"""What changes nothing."""


class MajorHand(QObject):
    """Gives the commands that need no dialog; ``written`` once an entry is saved here."""

    written = Signal()

    def __init__(
        self, asking: MajorAsking, console: MajorConsole, acts: MajorActs, fonts: Path
    ) -> None:
        super().__init__()
        self._asking = asking
        self._desk = asking.desk
        self._window = asking.window
        self._console = console
        self._acts = acts
        self._tested: UUID | None = None
        self._roles = MajorRoles(asking)
        self._records = records = MajorRecords(asking, fonts)
        self._listings = MajorListings(asking, records)
        self.streams = MajorStreams(asking, console)
        console.asked.connect(self._answer)
        console.timeline.entry.written.connect(self.write)
        console.timeline.entry.more_asked.connect(
            lambda text: records.made_change(text, lambda _: self.written.emit())
        )
        console.timeline.menu_requested.connect(self._open_line)
        console.board.menu_requested.connect(self._open_card)
        console.roles.menu_requested.connect(self._open_role)
        console.channels.menu_requested.connect(self._open_channel)
        console.impact.answered.connect(self._set_answer)

    @property
    def _reading(self) -> Reading:
        return self._asking.seen

    @property
    def _incident_id(self) -> UUID:
        return self._reading.console.incident.id

    def _entry(self, entry_id: UUID | None) -> ResponseEntry | None:
        found = (i.entry for i in self._reading.console.entries if i.entry.id == entry_id)
        return next(found, None)

    # -- verbs ----------------------------------------------------------------------------------

    def act(self, verb: str) -> None:
        """A verb of the menu or of a button; one that is not possible says why."""
        why = self._console.view.why_not(verb) if self._console.view else ""
        if why:
            self._window.snack(f"{why}.")
            return
        acts, records, incident = self._acts, self._records, self._asking.incident
        verbs: dict[str, Callable[[], None]] = {
            "accept": partial(acts.accept, incident),
            "reject": partial(acts.reject, incident),
            "demote": acts.demote,
            "resolve": acts.resolve,
            "review": acts.review,
            "reopen": acts.reopen,
            "times": acts.times,
            "phase": self._open_phases,
            "channel": records.channel,
            "stream": self.streams.begin,
            "support_case": records.support_case,
            "change_event": records.change_event,
            "suspects": self._listings.suspects,
            "cases": self._listings.cases,
            "document": self._listings.document,
            "export": records.export,
            "hand_over": partial(self._roles.hand_over, None),
        }
        if verb in verbs:
            verbs[verb]()

    def _answer(self, verb: str, about: object) -> None:
        if self._asking.reading is None:
            return
        if isinstance(about, StreamRow):
            self.streams.act(verb, about)
        elif verb in _LOOKING:
            self._look(verb, about)
        elif not self._asking.keeps_to_the_past():
            self._act_on(verb, about)

    def _act_on(self, verb: str, about: object) -> None:
        if verb == "step":
            self._window.hub.trigger(f"major.{_STEP_VERBS[str(about)]}")
        elif verb == "suspects":
            self._listings.suspects()
        elif verb == "own_role":
            self._roles.assign(None)
        elif isinstance(about, RoleRow):
            self._act_on_role(verb, about)
        elif isinstance(about, ChannelRow):
            self._act_on_channel(verb, about)
        elif isinstance(about, tuple):
            self._set_verdict(*about)
        elif isinstance(about, ResponsePhase):
            self._set_phase(about)
        elif isinstance(about, CardView | LineView):
            self._act_on_entry(verb, about)

    def _look(self, verb: str, about: object) -> None:
        """What changes nothing, also while the console shows an earlier moment."""
        if isinstance(about, LineView):
            QGuiApplication.clipboard().setText(f"{about.time} {about.who}: {about.text}")
            self._window.snack("Copied")
        elif isinstance(about, ChannelRow):
            self._act_on_channel(verb, about)

    # -- how far it is ----------------------------------------------------------------------------

    def _open_phases(self) -> None:
        """Offer the phases below the steps; it is resolved by an act of its own."""
        now = self._reading.major.phase
        marked = ((phase, "✓ " if phase is now else "") for phase in PHASES)
        choices = [("phase", f"{mark}{word_of(phase)}", phase) for phase, mark in marked]
        steps = self._console.strip.steps
        self._console.open_menu(choices, steps.mapToGlobal(QPoint(0, steps.height())))

    def _set_phase(self, phase: ResponsePhase) -> None:
        seen = self._reading.major.phase
        if phase is not seen:
            command = SetPhase(incident_id=self._incident_id, phase=phase, seen_phase=seen)
            self._desk.give(command, said=f"{self._asking.key}: {word_of(phase).lower()}")

    # -- entries --------------------------------------------------------------------------------

    def write(self, kind: str, text: str) -> None:
        """Write an entry of one line; the field is emptied once it is saved here."""

        def done(_: object) -> None:
            self._tested = None
            self.written.emit()

        is_test = kind == EntryKind.EXPERIMENT.value
        entry = WriteEntry(
            incident_id=self._incident_id,
            entry_id=self._desk.fresh_id(),
            kind=EntryKind(kind),
            text=text,
            theory_id=self._tested if is_test and self._entry(self._tested) else None,
            work_stream_id=self._asking.stream_id,
        )
        self._desk.give(entry, said="", done=done)

    def _set_verdict(self, card: CardView, verdict: Verdict) -> None:
        entry = self._entry(card.entry_id)
        if entry is not None and entry.verdict is not verdict:
            said = f"{verdict_word(verdict)}: {entry.text}"
            self._desk.give(changed(entry, verdict=verdict), said=said)

    def _open_card(self, card: CardView, at: QPoint) -> None:
        if self._asking.keeps_to_the_past():
            return
        choices: list[Choice] = []
        if card.verdict is not None:
            for number, verdict in enumerate(VERDICTS_OF[card.kind], start=1):
                mark = "✓ " if verdict is card.verdict else ""
                choices.append(("verdict", f"{mark}{verdict_word(verdict)}\t{number}",
                                (card, verdict)))  # fmt: skip
            choices.append(("", "", None))
        if card.kind is EntryKind.THEORY:
            choices.append(("test", "Test it by an experiment…", card))
        choices += [("edit", "Evidence, outcome, text…", card), ("remove", "Strike through", card)]
        self._console.open_menu(choices, at)

    def _open_line(self, line: LineView, at: QPoint) -> None:
        copy: Choice = ("copy", "Copy", line)
        if line.entry_id is None or self._asking.looking_at is not None:
            self._console.open_menu([copy], at)
            return
        if line.is_removed:
            self._console.open_menu([copy, ("put_back", "Put back", line)], at)
            return
        pin = "Unpin" if line.is_pinned else "Pin"
        choices: list[Choice] = [
            ("pin", pin, line),
            ("edit", "Change…", line),
            copy,
            ("", "", None),
            ("remove", "Strike through", line),
        ]
        self._console.open_menu(choices, at)

    def _act_on_entry(self, verb: str, about: CardView | LineView) -> None:
        entry = self._entry(about.entry_id)
        if entry is None:
            return
        if verb == "edit":
            self._records.edit(entry)
        elif verb == "test":
            self._tested = entry.id
            self._console.timeline.entry.begin(EntryKind.EXPERIMENT.value)
            self._window.snack(f"What would show whether it is so? {entry.text}")
        elif verb == "pin":
            said = "Unpinned" if entry.is_pinned else "Pinned to the top of the timeline"
            self._desk.give(changed(entry, is_pinned=not entry.is_pinned), said=said)
        elif verb in ("remove", "put_back"):
            gone = verb == "remove"
            command = RemoveEntry(incident_id=entry.incident_id, entry_id=entry.id, is_removed=gone)
            self._desk.give(
                command, said="Struck through; it stays readable" if gone else "Put back"
            )

    # -- the column at the left -------------------------------------------------------------------

    def _set_answer(self, row: AnswerRow, text: str, is_unknown: bool) -> None:
        answer = AnswerAssessment(
            incident_id=self._incident_id,
            entry_id=self._desk.fresh_id(),
            section=row.section,
            text=text,
            is_unknown=is_unknown,
            replaces_ids=row.entry_ids,
        )
        said = f"{row.question} {'Unknown' if is_unknown else text}"

        def refused(error: AppError) -> None:
            self._desk.refused.emit(error)
            self._console.impact.entries[row.section].edit(text)

        self._desk.give(answer, said=said, failed=refused)

    def _open_role(self, row: RoleRow, at: QPoint) -> None:
        if self._asking.keeps_to_the_past():
            return
        choices: list[Choice] = []
        if not row.person:
            choices.append(("assign", f"Assign {row.title}…", row))
            if row.role is ResponseRole.INCIDENT_MANAGER:
                choices.append(("command", "Take command", row))
        elif row.may_answer:
            choices += [("accept", "Accept…", row), ("decline", "Decline", row)]
        elif row.is_offered:
            choices.append(("end", "Take the offer back", row))
        else:
            choices.append(("hand_over", "Hand over…", row))
            if row.role is not ResponseRole.INCIDENT_MANAGER:
                choices.append(("end", "Lay down", row))
                choices.append(("another", f"Another {row.title}…", row))
        self._console.open_menu(choices, at)

    def _act_on_role(self, verb: str, row: RoleRow) -> None:
        desk, incident_id = self._desk, self._incident_id
        if verb in ("assign", "another"):
            self._roles.assign(row)
        elif verb == "hand_over":
            self._roles.hand_over(row)
        elif verb == "accept":
            self._roles.take(row)
        elif verb == "command":
            take = TakeCommand(incident_id=incident_id, holding_id=desk.fresh_id())
            desk.give(take, said="You are the incident manager now")
        elif row.holding_id is not None and verb == "decline":
            decline = DeclineRole(incident_id=incident_id, holding_id=row.holding_id)
            desk.give(decline, said=f"You declined: {row.title}")
        elif row.holding_id is not None and verb == "end":
            end = EndRole(incident_id=incident_id, holding_id=row.holding_id)
            desk.give(end, said=f"{row.title}: {row.person} no longer")

    def _open_channel(self, row: ChannelRow, at: QPoint) -> None:
        choices: list[Choice] = []
        if row.may_retry:
            choices.append(("retry_channel", "Try again", row))
        if row.address:
            choices.append(("copy_channel", "Copy address", row))
        if row.may_change:
            choices.append(("change_channel", "Change…", row))
        self._console.open_menu([*choices, ("remove", "Remove", row)], at)

    def _act_on_channel(self, verb: str, row: ChannelRow) -> None:
        if verb == "copy_channel":
            QGuiApplication.clipboard().setText(row.address)
            self._window.snack(f"Copied {row.address}")
        elif verb == "open_channel" and row.link:
            QDesktopServices.openUrl(QUrl(row.link))
        elif verb == "retry_channel" and row.channel_id is not None:
            self._records.retry_channel(row.channel_id)
        elif verb == "change_channel" and row.channel_id is not None:
            self._records.change_channel(row.channel_id)
        elif verb == "remove" and row.channel_id is not None:
            gone = RemoveChannel(incident_id=self._incident_id, channel_id=row.channel_id)
            self._desk.give(gone, said=f"{row.name} is no longer used")
