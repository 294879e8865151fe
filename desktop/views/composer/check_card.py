"""Before you send: the five points, and what to write where one is missing."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.views.composer.values import CheckLine, FindingLine
from desktop.views.dialogs.words import filled
from desktop.widgets.card import Card
from desktop.widgets.columns import emptied
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import text_width

_TOP, _RIGHT = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignRight
_ROOM = 290
"""Pixels of a line in the card beside its mark, less a gap."""


class _Point(QWidget):
    """A point: what it asks, its mark, and what helps beside or below it."""

    def __init__(self) -> None:
        super().__init__()
        self._mark = IconLabel("check.met", "ok.fg", 14)
        self._text = PlainLabel("", "meta")
        self._remedy = PlainLabel("", "meta", "warn.fg", wrap=True)
        self._beside = PlainLabel("", "meta", "warn.fg")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        grid.addWidget(self._mark, 0, 0)
        grid.addWidget(self._text, 0, 1)
        grid.addWidget(self._remedy, 1, 1, 1, 2)
        grid.addWidget(self._beside, 0, 2, _RIGHT)
        grid.setColumnStretch(1, 1)

    def show_line(self, line: CheckLine) -> None:
        met = line.is_met
        self._mark.set_icon("check.met" if met else "info", "ok.fg" if met else "warn.fg")
        self._text.setText(line.text)
        wanted = "" if met else line.remedy
        room = text_width(line.text, "meta") + text_width(wanted, "meta")
        is_beside = room <= _ROOM
        for label, is_there in ((self._beside, is_beside), (self._remedy, not is_beside)):
            label.setText(wanted if is_there else "")
            label.setVisible(bool(wanted) and is_there)
        state = self.tr("met") if met else filled(self.tr("missing: %1"), line.remedy)
        self.setAccessibleName(f"{line.text}, {state}")


class CheckCard(Card):
    """The points with a count; green by what was typed, never by a tick."""

    def __init__(self) -> None:
        super().__init__("bg.subtle", "line.default", margins=(11, 8, 11, 9))
        self._count = PlainLabel("", "meta.tabular", "fg.subtle")
        self._points: list[_Point] = []
        self.body.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(self.tr("Before you send"), "meta.strong"))
        head.addStretch(1)
        head.addWidget(self._count)
        self.body.addLayout(head)
        self.setAccessibleName(self.tr("Before you send"))

    def show_checks(self, checks: Sequence[CheckLine]) -> None:
        """Show how the text stands now."""
        while len(self._points) < len(checks):
            point = _Point()
            self._points.append(point)
            self.body.addWidget(point)
        for at, point in enumerate(self._points):
            point.setVisible(at < len(checks))
            if at < len(checks):
                point.show_line(checks[at])
        met = sum(check.is_met for check in checks)
        count = filled(self.tr("%1 of %2"), str(met), str(len(checks)))
        self._count.setText(count)
        self._count.set_token("ok.fg" if checks and met == len(checks) else "fg.subtle")
        self.setAccessibleDescription(count)
        self.setVisible(bool(checks))


class _Found(QWidget):
    def __init__(self, line: FindingLine) -> None:
        super().__init__()
        token = "danger.fg" if line.must_change else "warn.fg"
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(IconLabel("warn", token, 14), 0, _TOP)
        row.addWidget(PlainLabel(line.text, "meta", token, wrap=True), 1)
        self.setAccessibleName(line.text)


class Findings(QWidget):
    """What was found in one field, below it."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[FindingLine, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 0)
        self._column.setSpacing(3)
        self.hide()

    def show_findings(self, findings: Sequence[FindingLine]) -> None:
        """Show them, or nothing."""
        if tuple(findings) == self._shown:
            return
        self._shown = tuple(findings)
        emptied(self._column)
        for line in self._shown:
            self._column.addWidget(_Found(line))
        self.setVisible(bool(self._shown))
