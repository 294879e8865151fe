"""Ending the program while pages are open: what that means, and the way to stay."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.views.dialogs.form_dialog import FormDialog
from desktop.widgets.banner import Banner
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel


class QuitQuestion(FormDialog):
    """Says that nobody is called until the next start; the keyboard is on the way to stay."""

    def __init__(self, host: QWidget, open_pages: int) -> None:
        one = open_pages == 1
        title = self.tr("1 page is open") if one else self.tr("%1 pages are open")
        super().__init__(
            host,
            title.replace("%1", f"{open_pages:,}"),
            primary=self.tr("Quit all the same"),
            danger=True,
        )
        self.cancel_button.setText(self.tr("Keep running"))
        self.body.addWidget(
            Banner(
                "warn",
                self.tr("Nobody will be paged until Firstline runs again."),
                self.tr("This computer is the one that calls people for this profile."),
            )
        )
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(IconLabel("arrow.right", "fg.muted"))
        later = self.tr(
            "What falls due meanwhile is not lost: it is judged again, and sent if it is still"
            " wanted, as soon as Firstline starts."
        )
        row.addWidget(PlainLabel(later, "body", wrap=True), 1)
        self.body.addLayout(row)
        self.submitted.connect(lambda _: self.close_dialog())

    def open(self, first: QWidget | None = None) -> None:
        """Show with the keyboard on the way to stay."""
        super().open(first or self.cancel_button)

    def form(self) -> None:
        """Nothing is asked."""
