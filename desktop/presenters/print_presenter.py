"""Prints: the report as PDF in the background, its pages as pictures, and the file."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.presenters.dialog_flow import show_refusal
from desktop.text import incident_key
from desktop.views.dialogs.print_incident import PrintDialog, PrintOptions
from services.core.errors import AppError
from services.core.paths import Home
from services.incidents.read_models import IncidentDetail
from services.reports.options import ReportOptions

if TYPE_CHECKING:
    import pypdfium2

PREVIEW_SCALE = 1.5
"""Pixels of a preview for each point of paper."""

PREVIEW_PAGES = 20
"""Pages shown before saving; a longer report is saved whole."""


class NotWritten(AppError):
    """The file could not be written."""

    code = "file-not-written"


class PrintPresenter(QObject):
    """Opens the print dialog for one incident. ``paper_chosen`` carries the paper to remember."""

    paper_chosen = Signal(str)

    def __init__(self, desk: Desk, window: MainWindow, home: Home, paper: str) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._home = home
        self._paper = paper

    def open(self, detail: IncidentDetail) -> None:
        """Show the dialog with its preview."""
        incident = detail.incident
        dialog = PrintDialog(self._window, incident, f"{incident_key(incident.number)}.pdf")
        dialog.restore({"paper": self._paper})
        dialog.options_changed.connect(partial(self._preview, dialog, detail))
        dialog.save_requested.connect(partial(self._save, dialog, detail))
        self._window.open_dialog(dialog)

    def _pdf(self, detail: IncidentDetail, options: PrintOptions) -> bytes:
        from services.reports.incident_report import incident_report

        now = self._desk.clock.now()
        wanted = ReportOptions(
            paper=options.paper,
            with_internal_notes=options.with_internal_notes,
            printed_by=self._desk.me,
            printed_at=now,
            data_as_of=now,
            zone=self._desk.zone,
        )
        return incident_report(detail, wanted, fonts=self._home.fonts)

    def _preview(self, dialog: PrintDialog, detail: IncidentDetail, options: PrintOptions) -> None:
        if options.paper.name != self._paper:
            self._paper = options.paper.name
            self.paper_chosen.emit(self._paper)
        dialog.show_progress("Drawing the pages…")
        self._desk.run(
            dialog,
            "preview",
            lambda: pages_of(self._pdf(detail, options)),
            partial(_show_pages, dialog),
            partial(show_refusal, dialog),
        )

    def _save(self, dialog: PrintDialog, detail: IncidentDetail, path: Path) -> None:
        options = dialog.options
        dialog.show_progress("Saving…")
        self._desk.run(
            dialog,
            "save",
            lambda: write_file(path, self._pdf(detail, options)),
            partial(self._saved, dialog, detail),
            partial(show_refusal, dialog),
        )

    def _saved(self, dialog: PrintDialog, detail: IncidentDetail, path: Path) -> None:
        dialog.close_dialog()
        self._window.snack(f"Report of {incident_key(detail.incident.number)} saved: {path.name}")


def _show_pages(dialog: PrintDialog, pages: tuple[list[QImage], int]) -> None:
    images, count = pages
    dialog.show_pages(images)
    if count > len(images):
        dialog.show_progress(f"The first {len(images)} of {count} pages are shown; all are saved.")


def write_file(path: Path, content: bytes) -> Path:
    """Write a file as a whole, or leave what was there.

    Raises:
        NotWritten: the folder does not exist, is full or may not be written to.
    """
    draft = path.with_name(path.name + ".part")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        raise NotWritten(file=path.name, problem=error.strerror or str(error)) from error
    return path


def pages_of(pdf: bytes) -> tuple[list[QImage], int]:
    """The first pages of a PDF as pictures, and how many pages it has."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    count = len(document)
    images = [_image(document[number]) for number in range(min(count, PREVIEW_PAGES))]
    document.close()
    return images, count


def _image(page: "pypdfium2.PdfPage") -> QImage:
    bitmap = page.render(scale=PREVIEW_SCALE, rev_byteorder=True)
    form = QImage.Format.Format_RGB888 if bitmap.n_channels == 3 else QImage.Format.Format_RGBA8888
    return QImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, form).copy()
