"""Draws the log page, every dialog, the catalogue and the welcome, for a person to look at.

Run ``python tests/desktop/views/preview_log_and_dialogs.py DIR [WORD]``; the pictures are
1440 x 900, light and dark. ``WORD`` picks the pictures whose name holds it.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[3]), str(Path(__file__).resolve().parents[2])]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from view_examples import NOW, a_directory, an_id, earlier

from desktop.theme.sizes import NAVIGATION, STATUS_BAR, TOP_BAR
from desktop.theme.theme import apply_theme
from desktop.views.log.screen import LogIncidentScreen
from desktop.widgets.card import Rule, Surface
from desktop.widgets.navigation import NavItem, NavList
from desktop.widgets.paint import draw_text, hairline
from desktop.widgets.paint_badges import avatar, priority_badge
from desktop.widgets.paint_states import state_glyph, state_word

ROWS = (
    (1, 20418, "Checkout payments failing for all EU customers", "Payments", "in_progress",
     "Platform", "Priya Raman"),
    (2, 20377, "Warehouse scanners drop off Wi-Fi", "Wi-Fi", "in_progress", "Network",
     "Jonas Dietrich"),
    (2, 20431, "VPN drops every few minutes after client update", "VPN", "in_progress",
     "Service Desk", "Maya Lindqvist"),
    (3, 20434, "Teams calls one-way audio over VPN", "VPN", "new", "Service Desk", ""),
    (3, 20381, "Slow logon at Gdańsk branch", "Logon", "on_hold", "Identity", "Elin Wikström"),
    (4, 20361, "Docking station firmware prompt", "Hardware", "resolved", "Service Desk",
     "Oyelaran Bankole"),
)  # fmt: skip


class Queue(Surface):
    """Rows of a queue as a ground for dialogs."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        draw_text(painter, QRectF(16, 8, 300, 32), "Team queue", "heading")
        for row in range(23):
            priority, number, summary, category, state, team, person = ROWS[row % len(ROWS)]
            y = 76 + row * 32
            priority_badge(painter, QPointF(20, y + 7), priority)
            draw_text(painter, QRectF(72, y, 60, 32), str(number - row), "meta.tabular", "fg.muted")
            draw_text(painter, QRectF(130, y, 330, 32), summary, "body")
            draw_text(painter, QRectF(474, y, 80, 32), category, "meta", "fg.muted")
            state_glyph(painter, QPointF(560, y + 9), state)
            draw_text(painter, QRectF(580, y, 90, 32), state_word(state), "meta")
            draw_text(painter, QRectF(676, y, 90, 32), team, "meta", "fg.muted")
            avatar(painter, QPointF(776, y + 5), 22, person)
            hairline(painter, 0, y + 31, self.width(), "line.subtle")
        painter.end()


class Frame(QWidget):
    """The shell in outline, with a screen in its place."""

    def __init__(self, screen: QWidget | None = None, *, bare: bool = False) -> None:
        super().__init__()
        self.resize(1440, 900)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if bare and screen is not None:
            column.addWidget(screen)
            return
        top, status = Surface("bg.surface"), Surface("bg.app")
        top.setFixedHeight(TOP_BAR)
        status.setFixedHeight(STATUS_BAR)
        navigation = NavList("Views")
        navigation.setFixedWidth(NAVIGATION)
        navigation.set_items(
            [NavItem("q", "Team queue", "team.queue", 63), NavItem("m", "My work", "my.work", 14)],
            "q",
        )
        side = Surface("bg.app")
        inner = QVBoxLayout(side)
        inner.setContentsMargins(0, 56, 0, 0)
        inner.addWidget(navigation)
        inner.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(Rule("line.default", upright=True))
        self.screen = screen or Queue()
        row.addWidget(self.screen, 1)
        column.addWidget(top)
        column.addWidget(Rule("line.default"))
        column.addLayout(row, 1)
        column.addWidget(status)


def _log() -> Frame:
    screen = LogIncidentScreen(now=lambda: NOW)
    screen.show_directory(a_directory())
    screen.show_routing("Service Desk")
    return Frame(screen)


def log_blank() -> QWidget:
    return _log()


def log_filled() -> QWidget:
    frame = _log()
    screen = frame.screen
    assert isinstance(screen, LogIncidentScreen)
    report = screen.report
    report.restore(FILLED)
    report.choose_caller(an_id("Tomás Herrera"))
    screen.show_earlier(earlier())
    screen.show_draft_saved(NOW)
    report.fields.control("summary").setFocus()
    return frame


FILLED = {
    "summary": "VPN drops every few minutes after client update",
    "description": "Tunnel disconnects about every 5 minutes since the 07:00 update, only on "
    "office Wi-Fi. Wired is fine.\nMonth-end close today, cannot post journals.",
    "service": str(an_id("s Remote access")),
    "products": [str(an_id("p VPN client 5.4"))],
    "category": str(an_id("c Network")),
    "subcategory": str(an_id("c Network VPN")),
    "matrix": "2,1",
    "severity": "none",
}


def log_drafts() -> QWidget:
    frame = log_filled()
    screen = frame.screen  # type: ignore[attr-defined]
    screen.park()
    screen.report.restore({"channel": "monitoring", "monitoring_source": "probe-lis-04 / tunnel"})
    screen.log_button.click()
    return frame


def log_errors() -> QWidget:
    frame = _log()
    frame.screen.log_button.click()  # type: ignore[attr-defined]
    return frame


PICTURES: dict[str, Callable[[], QWidget]] = {
    "log_blank": log_blank,
    "log_filled": log_filled,
    "log_drafts": log_drafts,
    "log_errors": log_errors,
}


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("word", nargs="?", default="")
    parser.add_argument("--height", type=int, default=900)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    for theme in ("light", "dark"):
        apply_theme(app, theme)
        for name, make in PICTURES.items():
            if asked.word in name:
                _draw(make(), asked.folder / f"{name}_{theme}.png", asked.height)


def _draw(frame: QWidget, path: Path, height: int) -> None:
    frame.resize(1440, height)
    frame.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    frame.show()
    opener = getattr(frame, "open_dialog", None)
    if opener is not None:
        opener()
    QTest.qWait(60)
    frame.grab().save(str(path))
    frame.close()


if __name__ == "__main__":
    main()
