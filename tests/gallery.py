"""The sheets of components and states, whose texts are audited."""

from gallery_forms import PEOPLE, line
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme.theme import current_theme
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
from desktop.widgets.choices import CheckRow
from desktop.widgets.key_strip import KeyStrip
from desktop.widgets.labels import PlainLabel
from desktop.widgets.loading import ProgressCard, SkeletonRows
from desktop.widgets.paint import rounded
from desktop.widgets.paint_states import WORDS
from desktop.widgets.placeholders import EmptyState, ErrorState
from desktop.widgets.property_grid import PropertyGrid
from desktop.widgets.segmented import Segment, SegmentedControl
from desktop.widgets.tabs import TabBar


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
