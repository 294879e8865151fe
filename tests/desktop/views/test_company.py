"""Who else is at a record: initials, a word, and all of it for a screen reader."""

import believable_incidents as b
import pytest
from PySide6.QtWidgets import QWidget

from desktop.action_hub import ActionHub
from desktop.views.record.company import Companion
from desktop.views.record.record_pane import RecordPane
from desktop.widgets.badges import Avatar

THEO, TARA = Companion("Theo Vance", False), Companion("Tara Quist", True)


@pytest.fixture
def pane(qtbot) -> RecordPane:
    host = QWidget()
    qtbot.addWidget(host)
    pane = RecordPane(ActionHub(host), host)
    pane.show_incident(b.detail(), now=b.NOW, viewer_id=b.MAYA)
    with qtbot.waitExposed(host):
        host.show()
    return pane


def initials(pane: RecordPane) -> list[str]:
    company = pane._head.title.company
    return [a.accessibleName() for a in company.findChildren(Avatar) if a.isVisible()]


def test_nobody_else_is_no_company(pane):
    assert pane._head.title.company.isHidden()


def test_a_reader_and_a_writer_are_told_apart(pane):
    pane.show_company([THEO])
    company = pane._head.title.company
    assert company.accessibleName() == "Theo Vance is reading this."
    assert (initials(pane), company._word.text()) == (["Theo Vance"], "viewing")
    pane.show_company([THEO, TARA])
    assert company.accessibleName() == "Tara Quist is writing. Theo Vance is reading this."
    assert (initials(pane), company._word.text()) == (["Tara Quist", "Theo Vance"], "writing")
    assert "Tara Quist is writing." in company.toolTip()
    pane.show_company([])
    assert company.isHidden()


def test_many_are_three_initials_and_all_names(pane):
    pane.show_company([Companion(f"Person {letter}", False) for letter in "ABCDE"])
    assert len(initials(pane)) == 3
    assert pane._head.title.company.accessibleName().count("is reading this.") == 5
