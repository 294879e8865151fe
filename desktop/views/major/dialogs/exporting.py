"""Exporting the state document: in which form, and where to."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.widgets.inputs import LineEdit
from desktop.widgets.segmented import Segment, SegmentedControl
from services.incidents.incident import Incident


@dataclass(frozen=True, slots=True)
class ExportForm:
    """A form by its usual end, and the file."""

    ending: str
    path: Path


class ExportDialog(FormDialog):
    """``endings`` are usual ends of file names with their words. Emits ``ExportForm``."""

    def __init__(
        self,
        host: QWidget,
        incident: Incident,
        endings: dict[str, str],
        folder: Path,
        name: str,
    ) -> None:
        super().__init__(
            host, self.tr("Export the state document"), primary=self.tr("Export"), icon="export",
            subject=Subject.of(incident), width=640,
        )  # fmt: skip
        self._folder, self._name = folder, name
        segments = [Segment(ending, words) for ending, words in endings.items()]
        form = SegmentedControl(self.tr("Form"), segments, height=32, stretch=True)
        self.add_field("ending", self.tr("Form"), form)
        self._path = LineEdit(self.tr("File"))
        self.add_field("path", self.tr("File"), self._path, required=self.tr("Name the file."))
        form.chosen.connect(self._follow)
        self._follow(form.current)
        self.set_footer(self.tr("As it stands now, with what is unknown said."), "info")
        self.ready()

    def _follow(self, ending: str) -> None:
        self._path.setText(str(self._folder / f"{self._name}.{ending}"))

    def form(self) -> ExportForm:
        """What was chosen."""
        path = Path(self.fields.text("path")).expanduser()
        return ExportForm(self.fields.text("ending"), path)
