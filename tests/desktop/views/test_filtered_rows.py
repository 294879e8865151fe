"""Rows of which one is chosen, in less room than they need."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.views.dialogs.controls import FilteredRows
from desktop.widgets.choices import RadioChoice


def test_the_arrows_keep_the_chosen_row_in_sight(qtbot) -> None:
    teams = FilteredRows("Teams", "Filter teams")
    teams.set_choices([RadioChoice(f"team {n}", f"Team {n}") for n in range(9)], "team 0")
    teams.resize(480, 252)
    qtbot.addWidget(teams)
    with qtbot.waitExposed(teams):
        teams.show()
    for n in range(1, 9):
        row = teams.rows.current_row
        assert row is not None
        QTest.keyClick(row, Qt.Key.Key_Down)
        assert teams.current == f"team {n}"
        now = teams.rows.current_row
        assert now is not None
        assert now.visibleRegion().boundingRect() == now.rect()
