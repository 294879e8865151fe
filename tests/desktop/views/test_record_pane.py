"""The record: what may be done, what is written, and long texts."""

import dataclasses

import believable_incidents as b
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from desktop.action_hub import ActionHub
from desktop.actions import Scope
from desktop.views.record.record_pane import RecordPane
from desktop.views.record.related_tab import RelatedRow
from desktop.views.record.whole_text import WholeText
from desktop.widgets.buttons import Button
from desktop.widgets.text_audit import watch_shortened
from services.incidents.incident import IncidentState, NoteKind, OnHoldReason
from services.incidents.labels import StateLabel
from services.incidents.read_models import TimelineKind

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def host(qtbot) -> QWidget:
    host = QWidget()
    QVBoxLayout(host).setContentsMargins(0, 0, 0, 0)
    host.resize(404, 830)
    host.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    qtbot.addWidget(host)
    return host


@pytest.fixture
def pane(qtbot, host: QWidget) -> RecordPane:
    hub = ActionHub(host)
    hub.bind(host, Scope.RECORD)
    pane = RecordPane(hub)
    pane.bind_conflict_keys(host)
    host.layout().addWidget(pane)
    with qtbot.waitExposed(host):
        host.show()
    host.activateWindow()
    host.setFocus()
    return pane


def show(pane: RecordPane, detail: object = None) -> None:
    pane.show_incident(detail or b.detail(), now=b.NOW, viewer_id=b.MAYA)


def verbs(pane: RecordPane) -> list[str]:
    row = pane._head.verbs
    return [button.text() for button in row.findChildren(Button) if button.isVisible()]


def with_state(state: IncidentState, acts: tuple[str, ...], **more: object) -> object:
    label = StateLabel[state.name]
    return b.detail(acts=acts, of=b.incident(state=state), label=label, **more)


def test_the_verbs_fit_the_situation(pane):
    show(pane)
    assert verbs(pane) == ["Resolve", "Escalate", "Hold"]
    show(pane, b.detail(acts=("AcceptEscalation", "RejectEscalation", "AddNote")))
    assert verbs(pane) == ["Accept", "Reject…"]
    resolved = IncidentState.RESOLVED
    show(pane, with_state(resolved, ("CloseIncident", "ReopenIncident")))
    assert verbs(pane) == ["Confirm and close", "Reopen"]
    show(pane, with_state(IncidentState.ON_HOLD, ("ResolveIncident", "ResumeIncident")))
    assert verbs(pane) == ["Resolve", "Resume"]


def test_who_may_not_close_is_told_who_does(pane):
    show(pane, with_state(IncidentState.RESOLVED, ("ReopenIncident",)))
    assert "Service Desk closes after confirming with caller" in pane._head.verbs._remark.text()
    assert pane._head.verbs._remark.isVisible()


def test_an_incident_on_hold_says_what_it_waits_for(pane):
    at = b.NOW + b.hours("24:00")
    record = b.incident(
        state=IncidentState.ON_HOLD, on_hold_reason=OnHoldReason.SUPPLIER, follow_up_at=at
    )
    show(pane, b.detail(of=record, label=StateLabel.ON_HOLD))
    assert pane._head.verbs._remark.text() == "Waits for supplier  ·  follow up Thu 15 Oct 10:42"


def test_the_field_grows_with_what_is_written(pane):
    show(pane)
    low = pane._composer.field.height()
    pane.set_composer_text("one\ntwo\nthree")
    assert pane._composer.field.height() == low + 40
    pane.set_composer_text("\n".join("many"))
    pane.set_composer_text("")
    assert pane._composer.field.height() == low


def test_what_has_no_button_is_behind_more(pane):
    show(pane, b.detail(acts=("StartIncident", *b.ACTS)))
    behind = [id_ for group in pane._head.verbs.menu_ids() for id_ in group]
    assert behind[0] == "incident.start"
    assert {"incident.cancel", "incident.escalate_up", "incident.print"} <= set(behind)


def test_a_property_is_edited_by_click_and_by_key(qtbot, host, pane):
    show(pane)
    fields: list[str] = []
    pane.edit_requested.connect(fields.append)
    pane.property_widget("category").click()
    qtbot.keyClick(host, Qt.Key.Key_A)
    qtbot.keyClick(host, Qt.Key.Key_P)
    assert fields == ["category", "assignee", "priority"]
    for id_ in ("edit.undo", "edit.copy", "edit.unread"):
        pane._hub.trigger(id_)
    assert len(fields) == 3


def test_what_may_not_be_changed_takes_no_click(pane):
    show(pane, b.closed())
    policy = pane.property_widget("category").focusPolicy()
    assert policy == Qt.FocusPolicy.NoFocus


def test_a_closed_record_says_why_and_what_still_works(pane):
    show(pane, b.closed())
    assert pane._read_only.isVisible()
    assert pane._read_only.accessibleName() == (
        "Closed 12 Oct by Service Desk. Notes can be added, fields cannot."
    )
    assert pane._composer.isVisible()
    assert verbs(pane) == ["Print incident…"]


def test_an_untriaged_record_says_so(pane):
    show(pane, b.untriaged())
    assert pane._triage.isVisible()
    show(pane)
    assert not pane._triage.isVisible()


def test_a_note_a_reply_and_calls_are_committed(qtbot, host, pane):
    show(pane)
    sent: list[tuple[object, str, object]] = []
    pane.note_submitted.connect(lambda *args: sent.append(args))
    qtbot.keyClick(host, Qt.Key.Key_M)
    field = pane._composer.field
    assert field.hasFocus()
    qtbot.keyClicks(field, "Roaming")
    qtbot.keyClick(field, Qt.Key.Key_Return, CONTROL)
    pane.set_composer_text("")
    qtbot.keyClick(field, Qt.Key.Key_Return, CONTROL)
    pane.write(NoteKind.REPLY)
    pane.set_composer_text("We are on it.")
    pane._composer.submit()
    pane.write(NoteKind.CALL)
    pane._composer._minutes.setText("3")
    pane._composer.submit()
    pane.set_composer_text("")
    pane.write(NoteKind.CONTACT_ATTEMPT)
    pane._composer.submit()
    assert sent == [
        (NoteKind.INTERNAL, "Roaming", None),
        (NoteKind.REPLY, "We are on it.", None),
        (NoteKind.CALL, "We are on it.", 180),
        (NoteKind.CONTACT_ATTEMPT, "", None),
    ]


def test_a_draft_is_told_as_it_is_typed_and_not_when_put_back(qtbot, pane):
    show(pane)
    drafts: list[str] = []
    pane.draft_changed.connect(drafts.append)
    pane.set_composer_text("kept")
    assert drafts == []
    pane.write(NoteKind.INTERNAL)
    qtbot.keyClicks(pane._composer.field, "!")
    assert drafts == [pane.composer_text()]


def test_a_reply_says_who_reads_it(pane):
    show(pane)
    pane.write(NoteKind.REPLY)
    assert pane._composer._remark.text() == "to Tomás Herrera"
    pane.write(NoteKind.INTERNAL)
    assert pane._composer._remark.text() == "only your team sees notes"


def test_five_megabytes_are_shown_in_part_and_as_a_whole_on_request(qtbot, pane):
    text = "<b>bold?</b> " * 400_000
    entry = b.entry(TimelineKind.NOTE, "Jonas", "wrote", "10:00", text=text)
    show(pane, b.detail(timeline=(entry,), of=b.incident(description=text)))
    pane.grab()
    measured = pane._timeline._delegate.block_of(entry)
    assert measured.text is not None
    assert len(measured.text.text()) == 4_000
    pane._timeline.whole_text_requested.emit(entry)
    whole = pane.window().findChild(WholeText)
    shown = whole.findChild(QPlainTextEdit).toPlainText()
    assert shown.replace("\n", "") == text
    assert max(map(len, shown.split("\n"))) == 1_000
    whole.primary_button.click()
    assert QGuiApplication.clipboard().text() == text
    assert not whole.isVisible()


def test_tabs_by_name_and_links_that_open(qtbot, pane):
    show(pane)
    pane.show_tab("related")
    rows = pane.findChildren(RelatedRow)
    assert len(rows) == 4
    with qtbot.waitSignal(pane.incident_opened) as opened:
        rows[0].click()
    assert opened.args == [b.items()[0].id]


def test_a_monitoring_incident_has_no_caller_to_call(pane):
    record = b.incident(caller_id=None, monitoring_source="Probe EU-2")
    show(pane, b.detail(of=record, caller=None))
    assert pane._head.caller._name.text() == "Probe EU-2"
    assert not pane._head.caller._call.isVisible()
    assert not pane._composer._kinds.isVisible()
    pane.write(NoteKind.REPLY)
    assert pane._composer.kind is NoteKind.INTERNAL


def test_nothing_is_shortened_in_a_common_record(pane):
    with watch_shortened() as found:
        for name in ("timeline", "details", "escalations", "related"):
            show(pane)
            pane.show_tab(name)
            pane.grab()
    assert [text.text for text in found] == []


def test_a_pane_without_an_incident_offers_nothing(pane):
    show(pane)
    pane.show_nothing()
    assert pane.detail is None
    assert not pane._hub.may("incident.resolve")
    assert pane.panes() == []


def test_the_same_incident_keeps_its_tab(pane):
    show(pane)
    pane.show_tab("details")
    show(pane, dataclasses.replace(b.detail(), pending_count=1))
    assert pane._tabs.currentIndex() == 1
    assert pane._details.isVisible()
