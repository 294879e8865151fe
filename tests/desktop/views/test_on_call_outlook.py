"""What lies ahead of rosters: findings, changes of the clock, the load of each person."""

import dataclasses

import on_call_examples as ex
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from desktop.models.fairness_model import FairnessModel, FairnessRow
from desktop.views.on_call.outlook_dialog import FAIRNESS, FINDINGS, OutlookDialog
from desktop.views.on_call.values import ClockPreview, FindingKind
from desktop.widgets.text_audit import watch_shortened


def test_a_finding_leads_to_its_place(qtbot, window):
    dialog = OutlookDialog(window, FINDINGS)
    other = dataclasses.replace(
        ex.a_gap(), key="phone", kind=FindingKind.NO_CONTACT, title="Jonas cannot be paged"
    )
    dialog.show_findings([ex.a_gap(), other])
    window.open_dialog(dialog, dialog.first_field)
    QTest.keyClick(dialog.findings, Qt.Key.Key_Down)
    with qtbot.waitSignal(dialog.finding_opened) as opened:
        QTest.keyClick(dialog.findings, Qt.Key.Key_Return)
    assert opened.args == [other]


def test_changes_of_the_clock_stand_below_their_day(window):
    dialog = OutlookDialog(window)
    dialog.show_clocks([ClockPreview("Sunday", "Network"), ClockPreview("Sunday", "Apps"),
                        ClockPreview("March", "Apps")])  # fmt: skip
    titles = [dialog.clocks.item(n).data(Qt.ItemDataRole.UserRole).title
              for n in range(dialog.clocks.count())]  # fmt: skip
    assert titles == ["Sunday", "Network", "Apps", "March", "Apps"]


def test_without_findings_that_is_said(window):
    dialog = OutlookDialog(window, FINDINGS)
    dialog.show_findings([])
    window.open_dialog(dialog, dialog.first_field)
    assert not dialog.findings.isVisible()


def test_the_load_is_sorted_by_a_click(window):
    rows = [FairnessRow("Ann Lee", False, 100, 4, 10, 0), FairnessRow("Bo Ek", True, 40, 9, 0, 8)]
    dialog = OutlookDialog(window, FAIRNESS)
    dialog.show_fairness(rows)
    window.open_dialog(dialog, dialog.first_field)
    model = dialog.fairness.model_of_rows
    QAbstractItemModelTester(model)
    assert [row.person for row in model.rows] == ["Ann Lee", "Bo Ek"]
    dialog.fairness.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert [row.person for row in model.rows] == ["Bo Ek", "Ann Lee"]
    with watch_shortened() as found:
        dialog.grab()
    assert found == []


def test_the_table_tells_each_number_with_its_column():
    model = FairnessModel()
    model.show_rows([FairnessRow("Ann Lee", False, 1234.4, 4, 10, 0)])
    told = [model.index(0, n).data(Qt.ItemDataRole.AccessibleTextRole) for n in range(5)]
    assert told == [
        "Person Ann Lee", "Hours 1,234", "Nights 4", "Weekend hours 10", "Holiday hours 0",
    ]  # fmt: skip
