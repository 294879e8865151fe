"""Settles the conflicts of the incident shown: mine, theirs, or taken up again in its form."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject

from desktop.action_hub import ActionHub
from desktop.presenters.conflict_forms import FORMS, draft_of
from desktop.presenters.desk import Desk
from desktop.text import incident_key
from desktop.views.record.conflict_words import Settlement
from desktop.views.record.record_pane import RecordPane
from services.incidents.acts import AddNote
from services.incidents.conflicts import given_again
from services.incidents.incident import NoteKind
from services.incidents.read_models import ConflictItem, IncidentDetail, WayOut
from services.sync.envelope import Envelope, unseal


@dataclass(frozen=True, slots=True)
class _TakenUp:
    """A conflict whose act is in a form now; the next such act of this incident settles it."""

    command_id: UUID
    incident_id: UUID
    act: str


class ConflictPresenter(QObject):
    """Nothing typed is lost: what is let go can be brought back, or stays as a note."""

    def __init__(self, desk: Desk, pane: RecordPane, hub: ActionHub) -> None:
        super().__init__()
        self._desk = desk
        self._pane = pane
        self._hub = hub
        self._taken_up: _TakenUp | None = None
        pane.conflict_settled.connect(self._settle)
        desk.given.connect(self._on_given)

    def _settle(self, wanted: Settlement) -> None:
        detail = self._pane.detail
        conflicts = detail.conflicts if detail else ()
        item = next((c for c in conflicts if c.command_id == wanted.command_id), None)
        if detail is None or item is None:
            return
        if wanted.choice == "theirs":
            self._let_go(detail, item)
        elif wanted.choice == "mine" and item.way_out is WayOut.KEEP_TEXT:
            self._keep_text(detail, item, f"{_key(detail)}: your text is kept as a note")
        else:
            act = self._take_up if wanted.choice == "edit" else self._give_again
            find_conflict(self._desk, self, item.command_id, partial(act, detail, item, wanted))

    # -- theirs ---------------------------------------------------------------------------

    def _let_go(self, detail: IncidentDetail, item: ConflictItem) -> None:
        """Of a choice between fields what was typed stays as a note: texts of both are kept."""
        key = _key(detail)
        if item.way_out is not WayOut.CHOOSE:
            dismiss(self._desk, [item.command_id], f"{key}: let go")
        elif item.typed and item.may_note:
            self._keep_text(detail, item, f"{key} stays as it is; your text is kept as a note")
        else:
            dismiss(self._desk, [item.command_id], f"{key} keeps the colleague's value")

    def _keep_text(self, detail: IncidentDetail, item: ConflictItem, said: str) -> None:
        note = AddNote(incident_id=detail.incident.id, kind=NoteKind.INTERNAL, text=item.typed)
        self._desk.give(note, said="", done=lambda _: dismiss(self._desk, [item.command_id], said))

    # -- mine -----------------------------------------------------------------------------

    def _give_again(
        self, detail: IncidentDetail, item: ConflictItem, wanted: Settlement, envelope: Envelope
    ) -> None:
        command = self._unsealed(envelope)
        again = given_again(command, detail.incident, wanted.theirs)
        self._desk.give(
            again,
            said=f"{_key(detail)} keeps {'what you chose' if wanted.theirs else 'yours'}",
            done=lambda _: dismiss(self._desk, [item.command_id], ""),
        )

    # -- edit -----------------------------------------------------------------------------

    def _take_up(
        self, detail: IncidentDetail, item: ConflictItem, _: Settlement, envelope: Envelope
    ) -> None:
        """Open the form with what was typed; where the act is over, the field for notes."""
        form, incident_id = FORMS.get(item.act), detail.incident.id
        if form is None or not item.may_repeat:
            command = self._unsealed(envelope)
            kind = command.kind if isinstance(command, AddNote) else NoteKind.INTERNAL
            self._taken_up = _TakenUp(item.command_id, incident_id, "AddNote")
            self._pane.set_composer_text(item.typed)
            self._pane.draft_changed.emit(item.typed)
            self._pane.write(kind)
            return
        self._taken_up = _TakenUp(item.command_id, incident_id, item.act)
        content = draft_of(self._unsealed(envelope), form)
        drafts, now = self._desk.profile.drafts, self._desk.clock.now()
        self._desk.keep(
            lambda: drafts.save(f"{form.draft}/{incident_id}", content, now),
            lambda: self._hub.trigger(form.action),
        )

    def _on_given(self, envelopes: Sequence[Envelope]) -> None:
        taken = self._taken_up
        if taken is None:
            return
        about = (taken.act, str(taken.incident_id))
        if any((e.name, e.args.get("incident_id")) == about for e in envelopes):
            self._taken_up = None
            dismiss(self._desk, [taken.command_id], "")

    def _unsealed(self, envelope: Envelope) -> object:
        return unseal(envelope, self._desk.commands[envelope.name].command)


def find_conflict(
    desk: Desk, owner: QObject, command_id: UUID, done: Callable[[Envelope], None]
) -> None:
    """Hand over the command behind a conflict; nothing happens where it is settled already."""
    replica = desk.profile.replica

    def look() -> Envelope | None:
        found = (p.envelope for p in replica.pending() if p.envelope.command_id == command_id)
        return next(found, None)

    def hand_over(envelope: Envelope | None) -> None:
        if envelope is not None:
            done(envelope)

    desk.run(owner, f"conflict {command_id}", look, hand_over)


def dismiss(desk: Desk, command_ids: Sequence[UUID], said: str) -> None:
    """Let conflicts go, after what was kept before; where it is said, it can be undone."""
    replica = desk.profile.replica
    gone: list[Callable[[], None]] = []

    def let_go() -> None:
        gone.extend(replica.dismiss(command_id) for command_id in command_ids)

    def bring_back() -> None:
        for again in gone:
            again()

    def offer() -> None:
        if said:
            desk.offer_back(said, lambda: desk.keep(bring_back))

    desk.keep(let_go, offer)


def _key(detail: IncidentDetail) -> str:
    return incident_key(detail.incident.number)
