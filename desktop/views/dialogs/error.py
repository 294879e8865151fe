"""Something went wrong: what happened, what is safe, what to do next."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.views.dialogs.form_dialog import FormDialog
from desktop.widgets.banner import Banner
from desktop.widgets.buttons import Button
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.inputs import TextEdit
from desktop.widgets.labels import PlainLabel


class ErrorDialog(FormDialog):
    """Plain sentences, and the details for whoever can use them."""

    def __init__(
        self, host: QWidget, happened: str, safe: str, next_step: str, details: str = ""
    ) -> None:
        super().__init__(host, happened, primary=self.tr("Go on"), width=560)
        self._details = details
        self.cancel_button.hide()
        if safe:
            self.body.addWidget(Banner("ok", safe))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(IconLabel("arrow.right", "fg.muted"))
        row.addWidget(PlainLabel(next_step, "body", wrap=True), 1)
        self.body.addLayout(row)
        self._build_details()
        self.submitted.connect(lambda _: self.close_dialog())

    def _build_details(self) -> None:
        if not self._details:
            return
        box = TextEdit(self.tr("Details"), lines=5)
        box.setReadOnly(True)
        box.setPlainText(self._details)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(box)
        row = QHBoxLayout()
        copy = Button(self.tr("Copy details"), icon="copy")
        copy.clicked.connect(self._copy)
        row.addWidget(copy)
        row.addStretch(1)
        column.addLayout(row)
        self.body.addLayout(column)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
        self.set_footer(self.tr("Details copied."), "check")

    def open(self, first: QWidget | None = None) -> None:
        """Show with the keyboard on the way out."""
        super().open(first or self.primary_button)

    def form(self) -> None:
        """Nothing is asked."""
