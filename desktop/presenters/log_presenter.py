"""Turns reports into incidents, keeps drafts, and knows what the caller reported before."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from desktop.presenters import form_commands
from desktop.presenters.desk import Desk
from desktop.presenters.dialog_flow import DialogFlow
from desktop.text import incident_key
from desktop.views.dialogs.forms import NewCallerForm
from desktop.views.dialogs.small import NewCallerDialog
from desktop.views.log.form import LogForm
from desktop.views.log.screen import LogIncidentScreen
from services.core.drafts import Content
from services.core.errors import AppError
from services.core.messages import message_of
from services.incidents.acts import LogIncident
from services.incidents.queries import earlier_of_caller
from services.people.commands import AddPerson
from services.people.person import Tier
from services.sync.envelope import Envelope
from services.sync.replica import Replica

DRAFTS = "log"
FIELD_NAMES = {"reported at": "reported_at", "monitoring source": "monitoring_source"}


class LogPresenter(QObject):
    """The log page.

    ``logged`` carries the id, the number and what shall follow: "", "escalate" or "resolve".
    ``left`` says that the page has nothing more to write.
    """

    logged = Signal(object, int, str)
    left = Signal()

    def __init__(self, desk: Desk, screen: LogIncidentScreen, flow: DialogFlow) -> None:
        super().__init__()
        self._desk = desk
        self._screen = screen
        self._flow = flow
        self._discarded: Content | None = None
        screen.log_requested.connect(partial(self._log, ""))
        screen.log_and_escalate_requested.connect(partial(self._log, "escalate"))
        screen.log_as_resolved_requested.connect(partial(self._log, "resolve"))
        screen.draft_changed.connect(self._keep)
        screen.discarded.connect(self._discard)
        screen.caller_chosen.connect(self._show_earlier)
        screen.caller_creation_requested.connect(self._add_caller)
        desk.directory_changed.connect(self._show_directory)
        desk.viewer_changed.connect(self._show_directory)

    def restore(self) -> None:
        """Bring back what was being written when the program ended."""
        drafts = self._desk.profile.drafts
        self._desk.run(self, "restore", lambda: drafts.load(DRAFTS), self._show_kept)

    def _show_kept(self, content: Content | None) -> None:
        if content:
            self._screen.restore(content)

    def _show_directory(self) -> None:
        self._screen.show_directory(self._desk.directory)
        self._screen.show_routing(self._desk.directory.team(self._owner_team()))

    def _owner_team(self) -> UUID | None:
        """One's own service desk team, else the first there is."""
        teams = self._desk.directory.teams
        desks = sorted(
            (t for t in teams.values() if t.tier is Tier.SERVICE_DESK and t.is_active),
            key=lambda t: (t.id not in self._desk.viewer.team_ids, t.name),
        )
        return desks[0].id if desks else None

    def _log(self, then: str, form: LogForm) -> None:
        owner = self._owner_team()
        if owner is None:
            self._screen.show_error("", "No service desk team exists. Add one in the catalogue.")
            return
        incident_id = self._desk.fresh_id()

        def make(replica: Replica) -> Sequence[object]:
            return [form_commands.log(form, incident_id, replica.take_number(), owner)]

        self._desk.give_made(
            make,
            said=_said,
            done=partial(self._finish, form, then),
            failed=self._refuse,
        )

    def _finish(self, form: LogForm, then: str, envelopes: Sequence[Envelope]) -> None:
        self._screen.close_draft(form.draft_id)
        args = envelopes[0].args
        self.logged.emit(UUID(str(args["incident_id"])), int(args["number"] or 0), then)
        if not self._screen.has_content:
            self.left.emit()

    def _refuse(self, error: AppError) -> None:
        field = str(error.context.get("field", ""))
        self._screen.show_error(FIELD_NAMES.get(field, field), message_of(error).text)

    # -- drafts ---------------------------------------------------------------------------

    def _keep(self, content: Content) -> None:
        drafts, now = self._desk.profile.drafts, self._desk.clock.now()
        has_content = self._screen.has_content

        def keep() -> None:
            if has_content:
                drafts.save(DRAFTS, content, now)
            else:
                drafts.remove(DRAFTS)

        self._desk.keep(keep, lambda: self._say_kept(has_content))

    def _say_kept(self, has_content: bool) -> None:
        if has_content:
            self._screen.show_draft_saved(self._desk.clock.now().astimezone(self._desk.zone))

    def _discard(self, _: LogForm) -> None:
        """The page still holds the draft here, so its content can be kept for undo."""
        if self._screen.has_content:
            content = self._screen.content()
            self._desk.offer_back("Report discarded", partial(self._bring_back, content))
        self.left.emit()

    def _bring_back(self, content: Content) -> None:
        self._screen.restore(content)
        self._keep(content)
        self.logged.emit(None, 0, "again")

    # -- callers --------------------------------------------------------------------------

    def _show_earlier(self, caller_id: UUID | None) -> None:
        if caller_id is None:
            self._screen.show_earlier(())
            return
        self._desk.read(
            self,
            "earlier",
            lambda connection: earlier_of_caller(connection, caller_id),
            self._screen.show_earlier,
        )

    def _add_caller(self, name: str) -> None:
        person_id = self._desk.fresh_id()

        def commands(form: object) -> Sequence[object]:
            assert isinstance(form, NewCallerForm)
            return [
                AddPerson(
                    person_id=person_id,
                    name=form.name,
                    phone=form.phone,
                    email=form.email,
                    department=form.department,
                    site=form.site,
                    asset_tag=form.asset_tag,
                    is_vip=form.is_vip,
                )
            ]

        self._flow.open(
            NewCallerDialog(self._screen, name),
            "caller",
            commands,
            "Caller added",
            done=lambda _: self._choose_when_known(person_id),
        )

    def _choose_when_known(self, person_id: UUID) -> None:
        """Choose the caller once the names are read again."""

        def choose() -> None:
            if person_id in self._desk.directory.people:
                self._desk.directory_changed.disconnect(choose)
                self._screen.choose_caller(person_id)

        self._desk.directory_changed.connect(choose)
        choose()


def _said(commands: Sequence[object]) -> str:
    logged = commands[0]
    assert isinstance(logged, LogIncident)
    return f"{incident_key(logged.number)} logged"
