"""Printing one incident: the pages as they will be, and what they hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRectF, QStandardPaths, Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.text import plural
from desktop.views.dialogs.controls import scrolled
from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.widgets.card import Rule, Surface
from desktop.widgets.choices import CheckRow
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import shadow
from desktop.widgets.segmented import Segment, SegmentedControl
from services.incidents.incident import Incident
from services.reports.options import Paper

_OPTIONS_WIDTH = 280
_PAGE_WIDTH = 560


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """What the person who prints decides on screen."""

    paper: Paper
    with_internal_notes: bool


class PagePreview(QWidget):
    """One page as an image; paper stays white in the dark."""

    def __init__(self, page: QImage, number: int) -> None:
        super().__init__()
        self._page = page
        self.setAccessibleName(self.tr("Page %1").replace("%1", str(number)))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        ratio = page.height() / max(1, page.width())
        self.setFixedSize(_PAGE_WIDTH + 40, round(_PAGE_WIDTH * ratio) + 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(20, 14, _PAGE_WIDTH, self.height() - 36)
        shadow(painter, box, 0)
        painter.drawImage(box, self._page)
        painter.end()


class PrintDialog(FormDialog):
    """Preview at the left, options at the right; the presenter draws and saves."""

    options_changed = Signal(object)
    save_requested = Signal(object)

    def __init__(
        self, host: QWidget, incident: Incident, file_name: str, folder: Path | None = None
    ) -> None:
        super().__init__(
            host, self.tr("Print incident"), primary=self.tr("Save PDF…"), icon="download",
            subject=Subject.of(incident), width=960, height=780,
        )  # fmt: skip
        self._file = (folder or _documents()) / file_name
        self._preview = Surface("bg.sunken")
        self._pages = QVBoxLayout(self._preview)
        self._pages.setSpacing(0)
        self._pages.setContentsMargins(0, 8, 0, 8)
        self._pages.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._progress = PlainLabel("", "meta", "fg.muted", wrap=True)
        self._area: QScrollArea = scrolled(self._preview)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setAccessibleName(self.tr("Pages"))
        self._lay_out_fields()
        self.fields.connect_changes(lambda *_: self.options_changed.emit(self.options))
        shortcut = QShortcut(QKeySequence("Ctrl+S"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.submit)
        self.show_progress(self.tr("Drawing the pages…"))

    def _lay_out_fields(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._area, 1)
        row.addWidget(Rule("line.default", upright=True))
        side = QWidget()
        side.setFixedWidth(_OPTIONS_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(16, 16, 24, 16)
        column.setSpacing(16)
        paper = SegmentedControl(
            self.tr("Paper"), [Segment("A4", "A4"), Segment("LETTER", self.tr("Letter"))],
            height=32, stretch=True,
        )  # fmt: skip
        notes = CheckRow(self.tr("Internal notes"), self.tr("For colleagues, never for the caller"))
        self.add_field("paper", self.tr("Paper"), paper, into=column)
        self.add_field("notes", self.tr("Include"), notes, into=column)
        column.addWidget(Rule())
        column.addWidget(self._progress)
        column.addStretch(1)
        row.addWidget(side)
        margins = self.head.contentsMargins()
        margins.setBottom(12)
        self.head.setContentsMargins(margins)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.body.addWidget(Rule("line.default"))
        self.body.addLayout(row, 1)

    @property
    def options(self) -> PrintOptions:
        """What is chosen."""
        return PrintOptions(Paper[self.fields.text("paper")], self.fields.is_on("notes"))

    def show_pages(self, pages: Sequence[QImage]) -> None:
        """Show the pages as they will be printed."""
        while (item := self._pages.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for number, page in enumerate(pages, start=1):
            self._pages.addWidget(PagePreview(page, number))
        self.show_progress(plural(len(pages), self.tr("page"), self.tr("pages")))

    def show_progress(self, text: str) -> None:
        """Say how far drawing or saving is."""
        self._progress.setText(text)

    def submit(self) -> None:
        """Ask where the file goes."""
        chooser = QFileDialog(self, self.tr("Save PDF"), str(self._file), "PDF (*.pdf)")
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix("pdf")
        chooser.selectFile(self._file.name)
        chooser.fileSelected.connect(lambda path: self.save_requested.emit(Path(path)))
        chooser.open()

    def open(self, first: QWidget | None = None) -> None:
        """Show, and ask for the pages."""
        super().open(first or self._area)
        self.options_changed.emit(self.options)

    def form(self) -> PrintOptions:
        """What is chosen."""
        return self.options


def _documents() -> Path:
    """The folder for documents, or the home folder where there is none yet."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    folder = Path(QStandardPaths.writableLocation(place))
    return folder if folder.is_dir() else Path.home()
