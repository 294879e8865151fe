"""The sheets of a form and of the dialog to escalate."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.widgets.card import Rule, Surface
from desktop.widgets.choices import CheckRow, RadioChoice, RadioRows
from desktop.widgets.dialog import DialogFrame
from desktop.widgets.form import FormField
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.labels import LinkLabel
from desktop.widgets.ladder import Ladder, Rung
from desktop.widgets.matrix import MatrixHeading, PriorityMatrix
from desktop.widgets.navigation import NavItem, NavList
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.segmented import Segment, SegmentedControl

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
