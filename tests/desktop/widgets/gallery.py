"""Draws the sheets of components and states, light and dark, for a person to look at.

Run ``python tests/desktop/widgets/gallery.py DIR``; the pictures are 1440 x 900.
"""

import argparse
import os
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme.theme import apply_theme, current_theme
from desktop.theme.tokens import LIGHT, TOKENS
from desktop.widgets.badges import (
    Avatar,
    Marker,
    PriorityBadge,
    SeverityPill,
    StateLabel,
    Tag,
)
from desktop.widgets.banner import Banner, Notice
from desktop.widgets.buttons import Button, IconButton
from desktop.widgets.card import Card, Rule, Surface
from desktop.widgets.chip import Chip
from desktop.widgets.choices import CheckRow, RadioChoice, RadioRows
from desktop.widgets.dialog import DialogFrame
from desktop.widgets.form import FormField
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.key_strip import KeyStrip
from desktop.widgets.labels import LinkLabel, PlainLabel
from desktop.widgets.ladder import Ladder, Rung
from desktop.widgets.loading import ProgressCard, SkeletonRows
from desktop.widgets.matrix import MatrixHeading, PriorityMatrix
from desktop.widgets.navigation import NavItem, NavList
from desktop.widgets.paint import rounded
from desktop.widgets.paint_states import WORDS
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.placeholders import EmptyState, ErrorState
from desktop.widgets.property_grid import PropertyGrid
from desktop.widgets.segmented import Segment, SegmentedControl
from desktop.widgets.snackbar import Snackbar
from desktop.widgets.tabs import TabBar

SERVICES = [
    PickerItem("Remote access", "remote", "Network", icon="service"),
    PickerItem("Email and calendar", "mail", "Workplace", icon="service"),
    PickerItem("Payroll", "payroll", "Finance", icon="service"),
    PickerItem("Warehouse scanning", "scan", "Operations", icon="service"),
]
PEOPLE = ["Maya Lindqvist", "Haruto Nakamura", "Jonas Dietrich", "Oyelaran Bankole",
          "Callum Byrne", "Sofia Costa"]  # fmt: skip


def line(*widgets: QWidget, gap: int = 8) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(gap)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return holder


def section(column: QVBoxLayout, title: str, *rows: QWidget) -> None:
    column.addWidget(PlainLabel(title.upper(), "overline", "fg.subtle"))
    for row in rows:
        column.addWidget(row)
    column.addSpacing(8)


class Swatch(QWidget):
    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token
        self.setFixedSize(60, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        rounded(painter, QRectF(self.rect()), 6, theme.color(self._token),
                theme.color("line.default"))  # fmt: skip
        painter.end()


def components() -> QWidget:
    """The sheet of components."""
    sheet = Surface()
    both = QHBoxLayout(sheet)
    both.setContentsMargins(32, 24, 32, 16)
    both.setSpacing(28)
    left, right = QVBoxLayout(), QVBoxLayout()
    both.addLayout(left, 1)
    both.addWidget(Rule(upright=True))
    both.addLayout(right, 1)
    _left(left)
    _right(right)
    return sheet


def _left(column: QVBoxLayout) -> None:
    column.setSpacing(6)
    section(column, "Priority", line(*(PriorityBadge(at) for at in range(1, 6)), gap=10))
    section(column, "Severity", line(*(SeverityPill(at) for at in range(1, 4)), gap=10))
    states = list(WORDS)
    section(column, "State", line(*(StateLabel(s) for s in states[:5]), gap=18),
            line(*(StateLabel(s) for s in states[5:]), gap=18))  # fmt: skip
    section(column, "Tags", line(
        Tag("Neutral"), Tag("Accent", "accent"), Tag("Danger", "danger", icon="danger"),
        Tag("Warning", "warn", icon="clock.warn"), Tag("Done", "ok", icon="ok"),
        Tag("Info", "info"), Tag("VIP", "violet", icon="vip"), gap=10,
    ))  # fmt: skip
    off = Button("Disabled")
    off.setEnabled(False)
    section(column, "Buttons 28 / 32", line(
        Button("Primary", "primary", keys="R"), Button("Default", icon="person", keys="A"),
        Button("Ghost", "ghost", icon="filter"), Button("Tint", "tint", icon="link"),
        Button("Danger", "danger"), off, IconButton("copy", "Copy"),
        IconButton("call", "Call", size=24),
    ), line(
        Button("Log incident", "primary", keys="Ctrl S", height=32),
        Button("Log and escalate", icon="escalate", keys="Ctrl E", height=32),
    ))  # fmt: skip
    segments = [Segment("note", "Note", "note"), Segment("reply", "Reply", "reply"),
                Segment("call", "Call", "call")]  # fmt: skip
    section(column, "Choice", line(
        SegmentedControl("Kind", segments), CheckRow("On", checked=True), CheckRow("Off"), gap=16,
    ), CheckRow("Page Priya now", "P2 pages by default: push, then SMS after 3 min",
                checked=True))  # fmt: skip
    section(column, "People", line(*(Avatar(name, tint=at + 1) for at, name in enumerate(PEOPLE)),
            Avatar(), Avatar("Oyelaran Bankole", ring=True, tint=4),
            Avatar("Maya Lindqvist", size=22)))  # fmt: skip
    section(column, "Banners", Banner("warn", "Working offline.", "7 changes wait here.",
            icon="sync.offline", dismissable=True),
            Banner("danger", "Database has no primary", "Sat 18:00 to Sun 09:00."))  # fmt: skip
    section(column, "Chips", line(
        Chip("Service Desk +5", lead="Team", removable=True), Chip("Open", lead="State",
             removable=True), Chip("Network › VPN", trail="92 %", keys="Alt 1", tinted=True),
        Chip("Network › Wi-Fi", trail="41 %", keys="Alt 2"),
    ))  # fmt: skip
    column.addStretch(1)


def _right(column: QVBoxLayout) -> None:
    column.setSpacing(6)
    column.addWidget(PlainLabel("COLOUR TOKENS", "overline", "fg.subtle"))
    tokens = [t for t in LIGHT if t.startswith(("bg.", "line.")) or t.endswith(".solid")][:18]
    grid = QGridLayout()
    grid.setSpacing(6)
    for at, token in enumerate(tokens):
        cell = QVBoxLayout()
        cell.setSpacing(2)
        cell.addWidget(Swatch(token))
        cell.addWidget(PlainLabel(token, "micro", "fg.muted"))
        cell.addWidget(PlainLabel(TOKENS[current_theme().name][token], "micro", "fg.subtle"))
        grid.addLayout(cell, at // 9, at % 9)
    column.addLayout(grid)
    for role, text in (
        ("display", "Display 28/34 600"), ("clock", "01:50:07  Clock 22/28 600 tabular"),
        ("title", "Title 18/24 600"), ("heading", "Heading 15/20 600"),
        ("body.strong", "Body strong 13/18 600"),
        ("body", "Body 13/18 400, the default for rows and forms"),
        ("meta", "Meta 12/16 400, labels and secondary columns"),
        ("micro", "Micro 11/14 500, badges and key hints"),
        ("mono", "Mono 12/16 INC-20431 LT-44871"),
    ):  # fmt: skip
        column.addWidget(PlainLabel(text, role))
    column.addSpacing(8)
    column.addWidget(PlainLabel("TIMELINE ITEMS", "overline", "fg.subtle"))
    column.addWidget(line(Marker("note", "accent"), PlainLabel("You", "body.strong"),
                          PlainLabel("added an internal note", "body", "fg.muted")))  # fmt: skip
    column.addWidget(line(Marker("tag"), PlainLabel("You", "body.strong"),
                          PlainLabel("changed category", "body", "fg.muted")))  # fmt: skip
    tabs = TabBar("Record")
    for word in ("Timeline", "Details", "Comms", "Related"):
        tabs.addTab(word)
    tabs.set_count(2, 2)
    tabs.set_count(3, 4)
    column.addWidget(tabs)
    grid_of_values = PropertyGrid(columns=2)
    grid_of_values.add("state", "State").show_value("In progress", state="in_progress")
    grid_of_values.add("owner", "Owner").show_value("You", person="Maya Lindqvist")
    grid_of_values.add("service", "Service").show_value("Remote access")
    grid_of_values.add("team", "Team").show_value("Service Desk", suffix="T1")
    column.addWidget(grid_of_values)
    strip = KeyStrip()
    strip.set_keys([("J K", "move"), ("A", "assign"), ("P", "priority"), ("?", "all keys")])
    column.addWidget(strip)
    column.addStretch(1)


def states() -> QWidget:
    """The sheet of interface states."""
    sheet = Surface("bg.app")
    grid = QGridLayout(sheet)
    grid.setContentsMargins(28, 20, 28, 24)
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(20)
    for at, (title, card) in enumerate(_state_cards()):
        cell = QVBoxLayout()
        cell.setSpacing(8)
        cell.addWidget(PlainLabel(title, "meta.strong", "fg.muted"))
        cell.addWidget(card, 1)
        grid.addLayout(cell, at // 3, at % 3)
        grid.setColumnStretch(at % 3, 1)
        grid.setRowStretch(at // 3, 1)
    return sheet


def _state_cards() -> list[tuple[str, QWidget]]:
    empty = EmptyState("confirm.close", "Nothing waiting",
                       "All 63 incidents have an owner. Next SLA is due in 1 h 12.",
                       tone="ok.fg")  # fmt: skip
    empty.add_button(Button("Go to My work", keys="G M"))
    empty.add_button(Button("Log incident", "primary", icon="add", keys="N"))
    nothing = EmptyState("search", "No match for “printr 3rd floor”",
                         "Did you mean printer? Closed incidents are not searched.")  # fmt: skip
    nothing.add_button(Button("Search “printer 3rd floor”"))
    nothing.add_button(Button("Include closed"))
    error = ErrorState(
        "The list could not be read",
        "Your data is safe. The search index is damaged and can be rebuilt in about 20 seconds. "
        "Error DB-11.", details="index page 7", repair="Rebuild index")  # fmt: skip
    cards = []
    for title, content in (
        ("Empty: inbox zero says what is next", [empty]),
        ("First sync: usable at once, no blocking spinner", _first_sync()),
        ("No results: offers the fix", [nothing]),
        ("Error: says data is safe, one way out", [error]),
        ("Read-only: why, and what still works", _read_only()),
        ("Side notice, progress", _notices()),
    ):
        card = Card(margins=(1, 1, 1, 1))
        card.body.setSpacing(0)
        for widget in content:
            card.body.addWidget(widget)
        if len(content) > 1:
            card.body.addStretch(1)
        cards.append((title, card))
    return cards


def _first_sync() -> list[QWidget]:
    progress = ProgressCard("First sync", "You can already log and search what has arrived.")
    progress.set_progress(0.62, "12,400 of 20,000, about 8 s")
    return [progress, SkeletonRows(7)]


def _read_only() -> list[QWidget]:
    lock = Banner("lock", "Closed 12 Oct by Service Desk.", "Notes can be added, fields cannot.",
                  square=True)  # fmt: skip
    lock.add_button("Reopen")
    values = PropertyGrid(label_px=92)
    values.setContentsMargins(16, 8, 16, 8)
    for key, label, text in (
        ("state", "State", "Closed"), ("resolution", "Resolution", "Permission group restored"),
        ("confirmed", "Confirmed by", "Tomás Herrera, phone, 12 Oct 15:20"),
    ):  # fmt: skip
        values.add(key, label, editable=False).show_value(text)
    head = line(PriorityBadge(3), PlainLabel("INC-19877", "mono", "fg.muted"))
    head.setContentsMargins(16, 14, 16, 4)
    title = PlainLabel("Cannot open Q3 ledger share", "title")
    title.setContentsMargins(16, 0, 16, 6)
    return [lock, head, title, values]


def _notices() -> list[QWidget]:
    notice = Notice("warn", "4 similar calls in 2 hours.",
                    "One more reaches the major incident threshold for Remote access.",
                    icon="major")  # fmt: skip
    notice.add_button(Button("Propose major incident"))
    notice.add_button(Button("Not related", "ghost"))
    return [notice, Banner("info", "", "Notes from both sides are kept.")]


def form() -> QWidget:
    """A form with the navigation, an error and the matrix."""
    sheet = Surface("bg.app")
    row = QHBoxLayout(sheet)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    nav = NavList("Places")
    nav.setFixedWidth(204)
    nav.show_rows([
        NavItem("mine", "My work", "my.work", 14), NavItem("team", "Team queue", "team.queue", 63),
        NavItem("none", "Unassigned", "unassigned", 9),
        NavItem("sla", "SLA at risk", "sla.risk", 6, "warn"),
        NavItem("major", "Major incidents", "major", 1, "danger"),
        NavItem("", "Operations"), NavItem("reports", "Reports", "reports"),
    ], "team")  # fmt: skip
    row.addWidget(nav)
    row.addWidget(Rule("line.default", upright=True))
    page = Surface()
    row.addWidget(page, 1)
    column = QVBoxLayout(page)
    column.setContentsMargins(24, 16, 24, 16)
    column.setSpacing(12)
    caller = LineEdit("Caller", icon="search", placeholder="Name, number, mail or asset")
    summary = LineEdit("Summary", limit=120)
    summary.setText("VPN drops every few minutes after client update")
    column.addWidget(FormField("Caller", caller, required=True, hint="F2"))
    column.addWidget(FormField("Summary", summary))
    description = TextEdit("Description", lines=3)
    description.setPlainText("Tunnel disconnects about every 5 minutes since the 07:00 update.")
    column.addWidget(FormField("Description", description, beside=LinkLabel("Templates")))
    fields = QHBoxLayout()
    fields.setSpacing(12)
    service = Picker("Service", icon="service")
    service.setObjectName("service")
    service.set_items(SERVICES)
    service.set_current_payload("remote")
    category = Picker("Category", placeholder="Choose")
    bad = FormField("Category", category)
    bad.set_error("Choose a category.")
    team = Picker("Assignee")
    team.set_items([PickerItem(name, name, "Service Desk T1", person=name) for name in PEOPLE])
    team.set_current_payload(PEOPLE[0])
    for control in (FormField("Service", service), bad, FormField("Assignee", team)):
        fields.addWidget(control, 1, Qt.AlignmentFlag.AlignTop)
    column.addLayout(fields)
    column.addWidget(matrix(), 0)
    column.addStretch(1)
    return sheet


def matrix() -> PriorityMatrix:
    """The matrix with Team and High chosen."""
    impacts = [MatrixHeading("org", "Organisation", "many sites or all"),
               MatrixHeading("team", "Team", "a team, site or VIP"),
               MatrixHeading("one", "One person", "a single caller")]  # fmt: skip
    urgencies = [MatrixHeading("high", "High", "work has stopped"),
                 MatrixHeading("medium", "Medium", "slow or partial"),
                 MatrixHeading("low", "Low", "can wait")]  # fmt: skip
    priorities = {(impact.key, urgency.key): row + column + 1
                  for row, impact in enumerate(impacts)
                  for column, urgency in enumerate(urgencies)}  # fmt: skip
    found = PriorityMatrix("Impact and urgency", impacts, urgencies, priorities,
                           corner=("Impact", "↓ who is affected"))  # fmt: skip
    found.set_current("team", "high")
    return found


def escalate(host: QWidget, *, management: bool) -> DialogFrame:
    """The escalate dialog over a host."""
    dialog = DialogFrame(host, "Escalate incident", primary="Escalate and page",
                         primary_icon="escalate")  # fmt: skip
    dialog.set_subject(2, "INC-20431", "VPN drops every few minutes after client update")
    dialog.set_footer("Desk T1 → Network T2, clock keeps running", "route")
    way = SegmentedControl("Way", [Segment("team", "To another team", "escalate.team"),
                           Segment("line", "Up the management line", "escalate.management")],
                           current="line" if management else "team", height=32)  # fmt: skip
    dialog.head.addWidget(line(way))
    dialog.body.setContentsMargins(0, 16, 0, 0)
    dialog.body.setSpacing(0)
    dialog.body.addWidget(Rule())
    panes = QHBoxLayout()
    panes.setSpacing(0)
    dialog.body.addLayout(panes, 1)
    left, right = QVBoxLayout(), QVBoxLayout()
    left.setContentsMargins(24, 14, 16, 14)
    right.setContentsMargins(18, 14, 24, 14)
    panes.addLayout(left, 536)
    panes.addWidget(Rule(upright=True))
    panes.addLayout(right, 363)
    if management:
        left.addWidget(_ladder())
    else:
        left.addWidget(LineEdit("Filter", icon="search",
                                placeholder="Filter teams, people or skills"))  # fmt: skip
        left.addWidget(_teams())
    left.addStretch(1)
    reason = Picker("Reason")
    reason.set_items([PickerItem("Needs access we do not have", 1), PickerItem("No progress", 2)])
    reason.set_current_payload(1)
    right.setSpacing(12)
    right.addWidget(FormField("Reason", reason))
    right.addWidget(FormField("Handover", TextEdit("Handover", lines=5), hint="required"))
    right.addWidget(CheckRow("Page Priya now", "P2 pages by default: push, then SMS after 3 min",
                             checked=True))  # fmt: skip
    right.addStretch(1)
    return dialog


def _teams() -> RadioRows:
    rows = RadioRows("Teams")
    rows.set_choices([
        RadioChoice("net", "Network", "T2  ·  11 open", tag="Owns Remote access",
                    person="Priya Raman", side_title="Priya Raman",
                    side_subtitle="until 18:00, replies in 4 m", icon="call"),
        RadioChoice("end", "Endpoint", "T2  ·  7 open", person="Haruto Nakamura",
                    side_title="Haruto Nakamura", side_subtitle="until 18:00", icon="call"),
        RadioChoice("vendor", "Vendor, VPN client", "T3  ·  2 open", side_tone="warn",
                    side_title="No one on call now", side_subtitle="next cover 13:00",
                    icon="bell"),
    ], "net")  # fmt: skip
    return rows


def _ladder() -> Ladder:
    ladder = Ladder("Management line")
    ladder.set_rungs([
        Rung("o", "Oyelaran Bankole", "Service Desk lead", "told", "Told 10:36",
             "by SLA rule at 75 %", may_choose=False),
        Rung("l", "Laila Guerrero", "Service delivery manager", "next", "On shift until 18:00",
             "usually replies in 6 m"),
        Rung("c", "Callum Byrne", "Head of IT operations", "later", "In a meeting until 11:30",
             "P1, or P2 over 100 %"),
    ], "l")  # fmt: skip
    return ladder


def _shoot(app: QApplication, widget: QWidget, path: Path) -> None:
    widget.resize(1440, 900)
    widget.show()
    app.sendPostedEvents()
    widget.grab().save(str(path))


def render(app: QApplication, folder: Path) -> None:
    """Write every sheet in both themes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("light", "dark"):
        apply_theme(app, name)
        _shoot(app, components(), folder / f"components_{name}.png")
        _shoot(app, states(), folder / f"states_{name}.png")
        sheet = form()
        sheet.resize(1440, 900)
        sheet.show()
        _shoot(app, sheet, folder / f"form_{name}.png")
        picker = sheet.findChild(Picker, "service")
        picker.open_list()
        Snackbar(sheet).show_text("INC-20431 logged", action="Undo")
        _shoot(app, sheet, folder / f"popup_{name}.png")
        for management in (False, True):
            host = form()
            host.resize(1440, 900)
            host.show()
            escalate(host, management=management).open()
            _shoot(app, host, folder / f"escalate_{management}_{name}.png")


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    render(QApplication([]), parser.parse_args().folder)
