"""Draws the log page, every dialog, the catalogue and the welcome, for a person to look at.

Run ``PYTHONPATH=.:tests python tests/desktop/views/preview_log_and_dialogs.py DIR [WORD]``; the
pictures are 1440 x 900, light and dark. ``WORD`` picks the pictures whose name holds it.
"""

import argparse
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from view_examples import NOW, a_directory, an_id, an_incident, earlier

from desktop.theme.sizes import NAVIGATION, STATUS_BAR, TOP_BAR
from desktop.theme.theme import apply_theme
from desktop.views.catalogue.screen import CatalogueScreen
from desktop.views.dialogs.cancel import CancelDialog, LinkDialog
from desktop.views.dialogs.close import CloseDialog
from desktop.views.dialogs.error import ErrorDialog
from desktop.views.dialogs.escalate import EscalateDialog
from desktop.views.dialogs.hold import HoldDialog
from desktop.views.dialogs.matrix_edition import PriorityMatrixDialog
from desktop.views.dialogs.pending import PendingChange, PendingChangesDialog
from desktop.views.dialogs.print_incident import PrintDialog
from desktop.views.dialogs.priority import PriorityDialog
from desktop.views.dialogs.resolve import ResolveDialog
from desktop.views.dialogs.small import (
    AssignDialog,
    CallerDialog,
    CategoryDialog,
    DescribeDialog,
    HandBackDialog,
    NewCallerDialog,
    ReopenDialog,
    ServiceDialog,
    SeverityDialog,
)
from desktop.views.log.screen import LogIncidentScreen
from desktop.views.welcome.screen import WelcomeScreen
from desktop.widgets.card import Rule, Surface
from desktop.widgets.dialog import DialogFrame
from desktop.widgets.navigation import NavItem, NavList
from desktop.widgets.paint import draw_text, hairline
from desktop.widgets.paint_badges import avatar, priority_badge
from desktop.widgets.paint_states import state_glyph, state_word
from services.incidents.incident import (
    Escalation,
    EscalationKind,
    EscalationState,
    IncidentState,
)
from services.incidents.priority import Severity
from services.incidents.read_models import EscalationItem
from services.people.person import Tier

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
        navigation.show_rows(
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


def _over(make: Callable[[QWidget], DialogFrame]) -> Callable[[], QWidget]:
    def frame() -> QWidget:
        window = Frame()
        window.dialog = make(window)  # type: ignore[attr-defined]
        window.open_dialog = lambda: window.dialog.open()  # type: ignore[attr-defined]
        return window

    return frame


def escalate_line(window: QWidget) -> DialogFrame:
    told = EscalationItem(
        escalation=Escalation(
            id=an_id("told"), incident_id=an_id("INC-20431"), kind=EscalationKind.HIERARCHICAL,
            state=EscalationState.TOLD, from_team_id=an_id("Service Desk"),
            to_person_id=an_id("Oyelaran Bankole"), offered_by_id=an_id("Maya Lindqvist"),
            offered_at=NOW - timedelta(minutes=6),
        ),
        from_team="Service Desk", from_tier=Tier.SERVICE_DESK, from_person="Maya Lindqvist",
        to_team="", to_tier=None, to_person="Oyelaran Bankole", offered_by="Maya Lindqvist",
        accepted_by="", ended_by="",
    )  # fmt: skip
    dialog = EscalateDialog(window, an_incident(), a_directory(), NOW, told=(told,), start="line")
    dialog.restore({"line": {"reason": "VIP caller is affected",
                             "need": "Approve rollback of client 5.4.1 for Finance before the "
                                     "12:00 posting cut-off."}})  # fmt: skip
    return dialog


def escalate_team(window: QWidget) -> DialogFrame:
    counts = {"Network": 11, "Endpoint": 7, "Identity": 5, "Platform": 3, "Vendor, VPN client": 2}
    dialog = EscalateDialog(
        window, an_incident(), a_directory(), NOW,
        open_counts={an_id(name): count for name, count in counts.items()},
        handover=("Reinstalled profile, wired test fine.", "5.3.9 on the spare holds 20 min.",
                  "Check roaming timers on WLC-2, approve rollback to 5.3.9."),
    )  # fmt: skip
    dialog.restore({"team": {"reason": "Needs access we do not have"}})
    return dialog


def close_unanswered(window: QWidget) -> DialogFrame:
    attempts = (NOW - timedelta(hours=2), NOW - timedelta(minutes=20))
    dialog = CloseDialog(window, an_incident(), NOW, "Tomás Herrera", attempts)
    dialog.restore({"way": "no_answer"})
    return dialog


def cancel_duplicate(window: QWidget) -> DialogFrame:
    dialog = CancelDialog(window, an_incident())
    dialog.show_matches(earlier()[:3])
    dialog.restore({"reason": "duplicate", "duplicate_of": str(an_id("INC-20418"))})
    return dialog


def link(window: QWidget) -> DialogFrame:
    dialog = LinkDialog(window, an_incident(), earlier()[0])
    dialog.show_matches(earlier())
    return dialog


def hold_caller(window: QWidget) -> DialogFrame:
    dialog = HoldDialog(window, an_incident(), NOW, "Tomás Herrera")
    dialog.restore(
        {"reason": "caller", "reply": "Please restart once and tell us whether it holds."}
    )
    return dialog


def override(window: QWidget) -> DialogFrame:
    dialog = PriorityDialog(window, an_incident(), a_directory().matrix)
    dialog.restore({"override": True, "priority": "1", "reason": "Month-end close, board waits."})
    return dialog


def odd_matrix(window: QWidget) -> DialogFrame:
    dialog = PriorityMatrixDialog(window, a_directory().matrix)
    dialog.restore({"name": "Winter 2026", "cells": "123214345"})
    return dialog


def hand_back_error(window: QWidget) -> DialogFrame:
    dialog = HandBackDialog(window, an_incident(), "Service Desk")
    QTimer.singleShot(10, dialog, dialog.submit)
    return dialog


def pending(window: QWidget) -> DialogFrame:
    rows = (
        ("Assign to Maya Lindqvist", 20431, "waiting", "Will be sent when back online"),
        ("Resolve", 20377, "conflict", "Jonas Dietrich put it on hold at 10:35"),
        ("Internal note", 20434, "sending", ""),
        ("Set priority P2", 20418, "refused", "It was closed meanwhile by Service Desk"),
    )
    return PendingChangesDialog(window, tuple(
        PendingChange(incident_id=an_id(f"INC-{number}"), key=f"INC-{number}", act=act,
                      summary="VPN drops every few minutes after client update",
                      happened_at=NOW - timedelta(minutes=at), standing=standing,
                      sentence=sentence)
        for at, (act, number, standing, sentence) in enumerate(rows)
    ))  # fmt: skip


def print_incident(window: QWidget) -> DialogFrame:
    dialog = PrintDialog(window, an_incident(), "INC-20431.pdf")
    page = QImage(794, 1123, QImage.Format.Format_RGB32)
    page.fill(Qt.GlobalColor.white)
    dialog.show_pages([page, page])
    return dialog


def _incident_and_directory(kind: type) -> Callable[[QWidget], DialogFrame]:
    return lambda window: kind(window, an_incident(), a_directory())


def catalogue(kind: str) -> Callable[[], QWidget]:
    def frame() -> QWidget:
        screen = CatalogueScreen()
        screen.show_directory(a_directory())
        screen.show_kind(kind)
        return Frame(screen)

    return frame


def catalogue_read_only() -> QWidget:
    screen = CatalogueScreen()
    screen.show_directory(a_directory())
    screen.show_permission(False, "Administrators change it: Oyelaran Bankole.")
    return Frame(screen)


def catalogue_empty() -> QWidget:
    screen = CatalogueScreen()
    screen.show_kind("services")
    return Frame(screen)


def welcome() -> QWidget:
    return Frame(WelcomeScreen(), bare=True)


def welcome_progress() -> QWidget:
    screen = WelcomeScreen()
    screen.show_progress(0.62, "124 of 200 incidents")
    return Frame(screen, bare=True)


def log_caller_list() -> QWidget:
    frame = _log()
    screen = frame.screen
    assert isinstance(screen, LogIncidentScreen)
    QTimer.singleShot(20, screen, lambda: screen.report.caller.open_list("lis"))
    return frame


def log_scale() -> QWidget:
    frame = log_filled()
    QTimer.singleShot(20, frame, frame.screen.report._open_scale)  # type: ignore[attr-defined]
    return frame


def escalate_errors(window: QWidget) -> DialogFrame:
    dialog = EscalateDialog(window, an_incident(), a_directory(), NOW)
    QTimer.singleShot(10, dialog, dialog.submit)
    return dialog


PICTURES: dict[str, Callable[[], QWidget]] = {
    "log_blank": log_blank,
    "log_filled": log_filled,
    "log_drafts": log_drafts,
    "log_caller_list": log_caller_list,
    "log_scale": log_scale,
    "dialog_escalate_errors": _over(escalate_errors),
    "log_errors": log_errors,
    "catalogue_people": catalogue("people"),
    "catalogue_teams": catalogue("teams"),
    "catalogue_services": catalogue("services"),
    "catalogue_read_only": catalogue_read_only,
    "catalogue_empty": catalogue_empty,
    "welcome": welcome,
    "welcome_progress": welcome_progress,
    "dialog_escalate_team": _over(escalate_team),
    "dialog_escalate_line": _over(escalate_line),
    "dialog_resolve": _over(
        lambda w: ResolveDialog(w, an_incident(), a_directory(), children=earlier())
    ),
    "dialog_resolve_first": _over(
        lambda w: ResolveDialog(w, an_incident(state=IncidentState.NEW), a_directory())
    ),
    "dialog_hold": _over(hold_caller),
    "dialog_close": _over(lambda w: CloseDialog(w, an_incident(), NOW, "Tomás Herrera")),
    "dialog_close_unanswered": _over(close_unanswered),
    "dialog_cancel": _over(cancel_duplicate),
    "dialog_link": _over(link),
    "dialog_priority": _over(override),
    "dialog_matrix": _over(odd_matrix),
    "dialog_severity": _over(lambda w: SeverityDialog(w, an_incident(severity=Severity.SEV2))),
    "dialog_assign": _over(
        lambda w: AssignDialog(
            w, an_incident(), a_directory(), an_id("Maya Lindqvist"), {an_id("Maya Lindqvist"): 14}
        )
    ),
    "dialog_category": _over(_incident_and_directory(CategoryDialog)),
    "dialog_service": _over(_incident_and_directory(ServiceDialog)),
    "dialog_caller": _over(_incident_and_directory(CallerDialog)),
    "dialog_new_caller": _over(lambda w: NewCallerDialog(w, "Anna Berg")),
    "dialog_describe": _over(lambda w: DescribeDialog(w, an_incident())),
    "dialog_reopen": _over(lambda w: ReopenDialog(w, an_incident())),
    "dialog_hand_back": _over(hand_back_error),
    "dialog_pending": _over(pending),
    "dialog_print": _over(print_incident),
    "dialog_error": _over(
        lambda w: ErrorDialog(
            w,
            "The list could not be read",
            "Everything you typed is safe on this machine.",
            "Go on working. If it happens again, send the details to your administrator.",
            "CacheDamaged at desktop.models.worklist_model\nindex incident_state",
        )
    ),
}


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("word", nargs="?", default="")
    parser.add_argument("--height", type=int, default=900)
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
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
