"""What the screens show of confidentiality: who reads, and what is out of sight."""

import believable_incidents as b
import pytest
from PySide6.QtWidgets import QApplication, QWidget
from view_examples import NOW, a_directory, an_id

from desktop.action_hub import ActionHub
from desktop.theme.theme import apply_theme
from desktop.views.dialogs.confidential import ReaderNames
from desktop.views.log.screen import LogIncidentScreen
from desktop.views.record.record_pane import RecordPane
from desktop.widgets.labels import PlainLabel
from desktop.widgets.placeholders import EmptyState


def words(widget: QWidget) -> list[str]:
    """Every text that is shown."""
    return [label.text() for label in widget.findChildren(PlainLabel) if label.isVisible()]


@pytest.fixture
def pane(qtbot) -> RecordPane:
    host = QWidget()
    pane = RecordPane(ActionHub(host))
    pane.setParent(host)
    host.resize(420, 830)
    qtbot.addWidget(host)
    with qtbot.waitExposed(host):
        host.show()
    return pane


@pytest.fixture
def screen(qtbot) -> LogIncidentScreen:
    apply_theme(QApplication.instance(), "light")
    page = LogIncidentScreen(now=lambda: NOW)
    page.show_directory(a_directory())
    page.resize(1236, 830)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    return page


def test_a_report_is_logged_as_confidential(screen):
    forms = []
    screen.log_requested.connect(forms.append)
    screen.choose_caller(an_id("Adaeze Fashola"))
    screen.report.restore({**screen.report.content(), "summary": "Payroll list was mailed"})
    told = "you, who works on it and incident managers will see it"
    assert told not in words(screen)
    screen.report._confidential.click()
    assert told in words(screen)
    screen.log_button.click()
    assert [form.is_confidential for form in forms] == [True]


def test_a_draft_keeps_that_it_is_confidential(screen):
    screen.report._confidential.click()
    kept = screen.report.content()
    screen.start_new()
    assert not screen.report.is_confidential
    screen.report.restore(kept)
    assert screen.report.is_confidential


def test_of_many_readers_the_first_are_named(qtbot):
    names = ReaderNames([f"Person {n}" for n in range(15)])
    qtbot.addWidget(names)
    with qtbot.waitExposed(names):
        names.show()
    assert words(names) == [*(f"Person {n}" for n in range(12)), "and 3 others"]


def test_a_link_out_of_sight_is_a_sentence(pane):
    shown = b.detail(related=(), hidden_links=("Parent", "Duplicate of"))
    pane.show_incident(shown, now=b.NOW, viewer_id=b.MAYA)
    pane.show_tab("related")
    sentence = "An incident you may not see, or older than this desk keeps"
    assert [word for word in words(pane._related) if word] == [
        "PARENT", sentence, "DUPLICATE OF", sentence
    ]  # fmt: skip


@pytest.mark.parametrize(("is_gone", "line"), [(True, "No longer here"),
                                               (False, "No incident chosen")])  # fmt: skip
def test_a_record_out_of_sight_leaves_a_sentence(pane, is_gone, line):
    pane.show_incident(b.detail(), now=b.NOW, viewer_id=b.MAYA)
    pane.show_nothing(is_gone=is_gone)
    [state] = [state for state in pane.findChildren(EmptyState) if state.isVisible()]
    assert state.accessibleName().startswith(line)
