"""The composer of one incident: keeps what is typed, judges it, and lets it leave."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.presenters import composer_commands as made
from desktop.presenters.composer_fields import ComposerFields, Seen
from desktop.presenters.composer_reading import Composing, composing
from desktop.presenters.composer_strips import stale_line
from desktop.presenters.composer_words import composer_view, judged
from desktop.presenters.desk import Desk
from desktop.presenters.dialog_flow import DialogFlow
from desktop.views.composer.review_dialog import ReturnDialog
from desktop.views.composer.update_composer import UpdateComposer
from desktop.views.composer.values import ComposerVerb, UpdateForm
from desktop.views.dialogs.choosing import NONE
from desktop.views.dialogs.forms import TextForm
from desktop.widgets.picker_list import PickerItem
from services.communications import acts
from services.communications.queries import DUE_TABLES, UPDATE_TABLES
from services.communications.read_models import UpdateItem
from services.communications.status_page import Audience, StatusComponent
from services.communications.status_update import StatusUpdate, UpdateState, UpdateTemplate
from services.communications.transitions import WRITING
from services.core.drafts import Content
from services.core.errors import AppError
from services.core.messages import message_of
from services.sync.book import ChangeSet
from services.sync.envelope import Envelope
from services.sync.worker import SyncState

WATCHED = UPDATE_TABLES | DUE_TABLES | {StatusComponent.TABLE, UpdateTemplate.TABLE, "pending"}
"""Tables from which what the composer says is made."""

SAVED = "Draft saved here"


class ComposerPresenter(QObject):
    """Feeds one :class:`UpdateComposer`. ``set_up_requested``: the settings are wanted."""

    set_up_requested = Signal()

    def __init__(self, desk: Desk, composer: UpdateComposer, flow: DialogFlow) -> None:
        super().__init__()
        self._desk = desk
        self._composer = composer
        self._flow = flow
        self._incident_id: UUID | None = None
        self._known: Composing | None = None
        self._is_online = False
        self._is_restored = False
        self._wanted: Audience | None = None
        self._fields = ComposerFields(composer)
        # It ends with the composer: a closed window counts nothing down.
        self._second = QTimer(composer, interval=1_000)
        self._second.timeout.connect(self._tick)
        self._connect()

    def _connect(self) -> None:
        composer, desk = self._composer, self._desk
        composer.changed.connect(self._on_typing)
        composer.send_requested.connect(self._send)
        composer.review_requested.connect(self._ask_review)
        composer.asked.connect(self._do)
        composer.copy_requested.connect(self._copy_last)
        composer.set_up_requested.connect(self.set_up_requested)
        desk.changed.connect(self._on_change)
        desk.directory_changed.connect(self._read)
        desk.viewer_changed.connect(self._read)

    @property
    def known(self) -> Composing | None:
        """The incident as last read."""
        return self._known

    # -- what is shown ----------------------------------------------------------------------

    def show(self, incident_id: UUID | None) -> None:
        """Write about another incident, or about none; what was typed for it comes back."""
        if incident_id == self._incident_id:
            return
        self._incident_id, self._known, self._is_restored = incident_id, None, False
        self._second.stop()
        self._fields.restore({})
        if incident_id is None:
            return
        drafts = self._desk.profile.drafts
        name = _draft(incident_id)
        self._desk.run(
            self, "draft", lambda: drafts.load(name), partial(self._restore, incident_id)
        )

    def write(self, audience: Audience) -> None:
        """Give the keyboard to the words for an audience, once what was typed is back."""
        self._wanted = audience
        if self._is_restored:
            self._begin()

    def _begin(self) -> None:
        if self._wanted is not None:
            self._composer.choose(self._wanted)
            self._composer.take_keyboard()
            self._wanted = None

    def show_sync(self, state: SyncState) -> None:
        """Say whether an update leaves at once or waits here."""
        if state.is_online != self._is_online:
            self._is_online = state.is_online
            self._show_view()

    def _restore(self, incident_id: UUID, content: Content | None) -> None:
        if incident_id != self._incident_id:
            return
        self._is_restored = True
        if content:
            self._fields.restore(content)
        self._composer.head.show_saved(SAVED if content else "")
        self._second.start()
        self._begin()
        self._read()

    def _on_change(self, change: ChangeSet) -> None:
        if change.is_everything or change.tables & WATCHED:
            self._read()

    def _read(self) -> None:
        incident_id = self._incident_id
        if incident_id is None or not self._is_restored:
            return
        names, now = self._desk.directory, self._desk.clock.now()
        self._desk.read(
            self,
            "composing",
            lambda connection: composing(connection, names, incident_id, now),
            partial(self._take, incident_id),
        )

    def _take(self, incident_id: UUID, known: Composing | None) -> None:
        if incident_id != self._incident_id or known is None:
            return
        self._known = known
        self._fields.settle(known)
        self._show_view()
        self._judge()

    def _show_view(self) -> None:
        known = self._known
        if known is None:
            return
        now, viewer_id = self._desk.now_here(), self._desk.viewer.person_id
        stale = tuple(stale_line(item) for item in known.items if self._fields.is_stale(item))
        view = composer_view(known, viewer_id, now, is_online=self._is_online, first=stale)
        anybody = PickerItem("Whoever is there", NONE, icon="people")
        others = [
            PickerItem(person.name, str(person.id), person.job_title, person=person.name)
            for person in known.names.agents
            if person.id != viewer_id and known.names.roles_of(person.id) & WRITING
        ]
        self._composer.show_view(view, [anybody, *others], now)

    def _tick(self) -> None:
        if not self._composer.isVisible():
            return
        for words in self._composer.words.values():
            words.next.show_moment(self._desk.now_here())
        known = self._known
        if known is not None and any(i.update.hold_until for i in known.items
                                     if i.update.state is UpdateState.QUEUED):  # fmt: skip
            self._show_view()

    # -- what is typed ----------------------------------------------------------------------

    def _on_typing(self) -> None:
        if self._incident_id is None or not self._is_restored:
            return
        self._keep(self._incident_id)
        self._judge()

    def _keep(self, incident_id: UUID) -> None:
        content = self._fields.content()
        drafts, now = self._desk.profile.drafts, self._desk.clock.now()

        def say() -> None:
            if incident_id == self._incident_id:
                self._composer.head.show_saved(SAVED)

        self._desk.keep(lambda: drafts.save(_draft(incident_id), content, now), say)

    def _judge(self) -> None:
        known = self._known
        if known is None:
            return
        form = self._composer.form()
        words = made.words_of(form, self._desk.clock.now())
        self._desk.run(
            self, "judge", lambda: judged(known, words, form.page_id), self._composer.show_judged
        )

    def _copy_last(self, audience: Audience) -> None:
        known = self._known
        if known is not None and (last := known.last_told(audience)) is not None:
            moment = known.next_moment(audience)
            self._composer.put(audience, made.copied(last.update, moment))

    # -- what leaves ------------------------------------------------------------------------

    def _record(self, form: UpdateForm, then: Callable[[Seen], None]) -> None:
        """Have the words in the record, then go on with which they are."""
        known = self._known
        if known is None or form.page_id is None:
            return
        incident_id, now = known.incident.id, self._desk.clock.now()
        states = made.states_text(form, known.components.get(form.page_id, ()))
        item, seen = known.unfinished(form.audience), self._fields.seen(form.audience)
        command: object | None
        if item is not None and item.update.page_id == form.page_id:
            update = item.update
            at = seen.written_at if seen and seen.update_id == update.id else update.written_at
            in_review = update.state is UpdateState.IN_REVIEW
            id_, command = update.id, None
            if not in_review:
                command = made.change(form, update, at, states, now)
            if command is None:
                then(Seen(id_, at))
                return
        else:
            id_ = self._desk.fresh_id()
            command = made.draft(form, id_, incident_id, states, now)

        def done(envelopes: Sequence[Envelope]) -> None:
            self._fields.note(form.audience, id_, envelopes[0].happened_at)
            then(Seen(id_, envelopes[0].happened_at))

        self._desk.give(command, said="", done=done, failed=self._refuse)

    def _refuse(self, error: AppError) -> None:
        field = str(error.context.get("field", "")).replace(" ", "_")
        message = message_of(error)
        self._composer.show_error(field, f"{message.happened} {message.next}".strip())

    def _send(self, form: UpdateForm) -> None:
        incident_id = self._incident_id
        if incident_id is None:
            return
        content = self._composer.words[form.audience].content()

        def go(seen: Seen) -> None:
            command = acts.SendUpdate(
                update_id=seen.update_id,
                incident_id=incident_id,
                is_notifying=bool(form.is_notifying),
                seen_written_at=seen.written_at,
            )
            after = partial(self._after_sending, form.audience, command, content)
            self._desk.give(command, said="", done=after, failed=self._refuse)

        self._record(form, go)

    def _after_sending(
        self, audience: Audience, sent: acts.SendUpdate, content: Content, _: object
    ) -> None:
        what = f"Update {self._composer.side.number}"
        stop = partial(self._stop, sent.update_id, sent.incident_id, audience, content)
        if self._is_online:
            self._desk.offer_back(f"{what} leaves in {acts.HOLD_S} s", stop, within_s=acts.HOLD_S)
        else:
            self._desk.said.emit(f"{what} is not sent yet: it waits for the connection", False)
        self._composer.footer.forget_answer()

    def _stop(
        self, update_id: UUID, incident_id: UUID, audience: Audience, content: Content
    ) -> None:
        def put_back(_: object) -> None:
            if incident_id == self._incident_id:
                self._fields.put(audience, content)

        command = acts.WithdrawUpdate(update_id=update_id, incident_id=incident_id)
        self._desk.give(command, said="Stopped. Nobody was told.", done=put_back)

    def _ask_review(self, form: UpdateForm, reviewer_id: UUID | None) -> None:
        incident_id = self._incident_id
        if incident_id is None:
            return

        def go(seen: Seen) -> None:
            command = acts.AskForReview(
                update_id=seen.update_id,
                incident_id=incident_id,
                reviewer_id=reviewer_id,
                seen_written_at=seen.written_at,
            )
            who = self._desk.directory.person(reviewer_id) or "Whoever is there"
            self._desk.give(command, said=f"{who} is asked to read it", failed=self._refuse)

        self._record(form, go)

    # -- updates on their way ---------------------------------------------------------------

    def _do(self, verb: ComposerVerb, update_id: UUID) -> None:
        item = self._known.item(update_id) if self._known is not None else None
        if item is None:
            return
        update = item.update
        which = {"update_id": update.id, "incident_id": update.incident_id}
        if verb is ComposerVerb.STOP:
            self._stop(**which, audience=update.audience, content=made.fields_of(update))
        elif verb is ComposerVerb.RETURN:
            self._return(item)
        elif verb is ComposerVerb.CORRECT:
            self._correct(update)
        elif verb is ComposerVerb.TAKE_THEIRS:
            self._fields.take(update)
            self._read()
        elif verb is ComposerVerb.KEEP_MINE:
            self._fields.note(update.audience, update.id, update.written_at)
            self._read()
        elif verb is ComposerVerb.TAKE_BACK:
            self._desk.give(made.same_words(update), said="Taken back to be changed")
        elif verb is ComposerVerb.PASS:
            self._desk.give(made.review(update, is_passed=True), said="Passed. It can be sent.")
        elif verb is ComposerVerb.SEND_NOW:
            said = "It goes out now, as it was written"
            self._desk.give(acts.SendHeldUpdate(**which), said=said)
        else:
            self._desk.give(acts.WithdrawUpdate(**which), said="Put away. Nobody was told.")

    def _return(self, item: UpdateItem) -> None:
        update = item.update
        key = self._known.key if self._known is not None else ""
        dialog = ReturnDialog(self._composer.window(), key, update.subject)

        def commands(form: object) -> Sequence[object]:
            assert isinstance(form, TextForm)
            return [made.review(update, is_passed=False, remark=form.text)]

        said = f"Returned to {item.written_by}"
        self._flow.open(dialog, f"return/{update.id}", commands, said)

    def _correct(self, update: StatusUpdate) -> None:
        command = made.correction(update, self._desk.fresh_id())

        def begin(envelopes: Sequence[Envelope]) -> None:
            self._composer.put(update.audience, made.fields_of(update))
            self._fields.note(update.audience, command.update_id, envelopes[0].happened_at)

        self._desk.give(command, said="", done=begin, failed=self._refuse)


def _draft(incident_id: UUID) -> str:
    return f"update/{incident_id}"
