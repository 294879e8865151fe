"""Points, one a line: the bullet stands beside the text and is no part of it."""

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.theme.theme import current_theme
from desktop.widgets.inputs import TextEdit
from desktop.widgets.paint import draw_text

_GUTTER = 12
_LEAST, _MOST = 2, 7
_AROUND = 14


class GrowingEdit(TextEdit):
    """Text as high as it needs, from two lines to seven; longer text scrolls."""

    def __init__(self, name: str, *, placeholder: str = "", least: int = _LEAST) -> None:
        super().__init__(name, placeholder=placeholder, lines=least)
        self._least = least
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fit()
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        lines = min(_MOST, max(self._least, self._line_count()))
        is_full = lines == _MOST
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if is_full else policy.ScrollBarAlwaysOff
        )
        self.setFixedHeight(lines * current_theme().role("body").line_px + _AROUND)

    def _line_count(self) -> int:
        """Lines on screen: a long one counts as often as it is broken."""
        count, block = 0, self.document().firstBlock()
        while block.isValid():
            layout = block.layout()
            count += max(1, layout.lineCount() if layout is not None else 1)
            block = block.next()
        return count


class SubjectEdit(GrowingEdit):
    """One line of words, shown whole: it breaks where it is too long, and takes no line breaks."""

    def __init__(self, name: str) -> None:
        super().__init__(name, least=1)
        # As high as other fields while it is one line.
        self.document().setDocumentMargin(2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(" ".join(source.text().split()))


class _Gutter(QWidget):
    def __init__(self, edit: "BulletEdit") -> None:
        super().__init__(edit)
        self._edit = edit
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for top in self._edit.tops():
            line = current_theme().role("body").line_px
            draw_text(painter, QRectF(2, top, _GUTTER, line), "•", "body", "fg.muted")
        painter.end()


class BulletEdit(GrowingEdit):
    """One point a line, each with a bullet painted before it."""

    def __init__(self, name: str, *, placeholder: str = "", least: int = _LEAST) -> None:
        super().__init__(name, placeholder=placeholder, least=least)
        self._gutter = _Gutter(self)
        self.setViewportMargins(_GUTTER, 0, 0, 0)
        self.updateRequest.connect(lambda *_: self._gutter.update())
        self.textChanged.connect(self._gutter.update)

    def tops(self) -> list[float]:
        """Where each point begins, in pixels from the top of the text."""
        found, block = [], self.firstVisibleBlock()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if box.top() > self.viewport().height():
                break
            if block.text().strip():
                found.append(box.top())
            block = block.next()
        return found

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        box = self.viewport().geometry()
        self._gutter.setGeometry(box.left() - _GUTTER, box.top(), _GUTTER, box.height())


def points_of(text: str) -> str:
    """The points of a text, one a line, without empty lines and bullets typed by hand."""
    lines = (line.strip().lstrip("•*-").strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)
