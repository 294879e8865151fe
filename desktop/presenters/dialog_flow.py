"""One way for every dialog: open with its draft, give its commands, say why it was refused."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt

from desktop.presenters.desk import Desk
from desktop.views.dialogs.form_dialog import FormDialog
from services.core.drafts import Content
from services.core.errors import AppError
from services.core.messages import message_of
from services.sync.envelope import Envelope
from services.sync.replica import Replica

Commands = Callable[[object], Sequence[object]]
MadeCommands = Callable[[object, Replica], Sequence[object]]


def _nothing(_: Sequence[Envelope]) -> None:
    """Nothing follows."""


class DialogFlow(QObject):
    """Opens dialogs for the presenters.

    What is typed is kept under the draft's name each time it changes, found again when the
    same dialog opens, and forgotten once its act is saved.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def open(
        self,
        dialog: FormDialog,
        draft: str,
        commands: Commands,
        said: str,
        done: Callable[[Sequence[Envelope]], None] = _nothing,
    ) -> None:
        """Show a dialog; its form becomes commands when it is submitted."""
        self.open_made(dialog, draft, lambda form, _: commands(form), said, done)

    def open_made(
        self,
        dialog: FormDialog,
        draft: str,
        commands: MadeCommands,
        said: str,
        done: Callable[[Sequence[Envelope]], None] = _nothing,
    ) -> None:
        """Like :meth:`open`, with commands that need an incident number."""
        dialog.draft_changed.connect(partial(self._keep, draft))
        dialog.submitted.connect(partial(self._give, dialog, draft, commands, said, done))
        drafts = self._desk.profile.drafts
        self._desk.run(dialog, "draft", lambda: drafts.load(draft), partial(self._show, dialog))

    def _show(self, dialog: FormDialog, content: Content | None) -> None:
        if content:
            dialog.restore(content)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _keep(self, draft: str, content: Content) -> None:
        drafts, now = self._desk.profile.drafts, self._desk.clock.now()
        self._desk.keep(lambda: drafts.save(draft, content, now))

    def _forget(self, draft: str) -> None:
        drafts = self._desk.profile.drafts
        self._desk.keep(lambda: drafts.remove(draft))

    def _give(
        self,
        dialog: FormDialog,
        draft: str,
        commands: MadeCommands,
        said: str,
        done: Callable[[Sequence[Envelope]], None],
        form: object,
    ) -> None:
        def finish(envelopes: Sequence[Envelope]) -> None:
            dialog.close_dialog()
            self._forget(draft)
            done(envelopes)

        self._desk.give_made(
            partial(commands, form), said=said, done=finish, failed=partial(show_refusal, dialog)
        )


def show_refusal(dialog: FormDialog, error: AppError) -> None:
    """Say in the dialog why the act was refused; what was typed stays."""
    dialog.show_error(*refused_at(error, {}))


def refused_at(error: AppError, fields: Mapping[str, str]) -> tuple[str, str]:
    """The field that an act was refused for, empty where it was no field, and why.

    ``fields`` has those of facts that name none, by their code.
    """
    named = str(error.context.get("field", "")).replace(" ", "_")
    return named or fields.get(error.code, ""), message_of(error).text
