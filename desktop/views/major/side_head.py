"""The head of a section in the column at the left."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.widgets.labels import PlainLabel


class SideHead(QWidget):
    """28 high: what stands below, and a remark or a button at the right."""

    def __init__(self, title: str, remark: str = "", button: QWidget | None = None) -> None:
        super().__init__()
        self.setFixedHeight(28)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(PlainLabel(title.upper(), "overline", "fg.muted"))
        row.addStretch(1)
        self._remark = PlainLabel(remark, "meta", "fg.muted")
        row.addWidget(self._remark)
        if button is not None:
            row.addWidget(button)

    def set_remark(self, text: str, token: str) -> None:
        """Say something else at the right."""
        self._remark.setText(text)
        self._remark.set_token(token)
