"""The dialogs: what is required, what they emit, and that typed text comes back."""

import json
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from view_examples import NOW, a_directory, an_id, an_incident, earlier

from desktop.theme.theme import apply_theme
from desktop.views.dialogs import forms
from desktop.views.dialogs.cancel import CancelDialog, LinkDialog
from desktop.views.dialogs.close import CloseDialog, missing_attempts
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
    RecallDialog,
    RejectDialog,
    ReopenDialog,
    ServiceDialog,
    SeverityDialog,
)
from desktop.views.dialogs.when_field import shown_when, understood
from services.incidents.incident import (
    CancelReason,
    ConfirmationMethod,
    IncidentState,
    OnHoldReason,
    ResolutionCode,
)
from services.incidents.priority import Impact, Priority, Severity, Urgency
from services.reports.options import Paper

MAYA = an_id("Maya Lindqvist")


@pytest.fixture
def window(qtbot):
    apply_theme(QApplication.instance(), "light")
    host = QWidget()
    host.resize(1440, 900)
    qtbot.addWidget(host)
    with qtbot.waitActive(host):
        host.show()
        host.activateWindow()
    return host


def submitted(dialog, draft):
    """What the dialog emits for a draft: a form, or None while something is missing."""
    found = []
    dialog.submitted.connect(found.append)
    dialog.open()
    dialog.restore(json.loads(json.dumps(draft)))
    dialog.primary_button.click()
    return found[0] if found else None


HANDOVER = {"reason": "Needs access we do not have", "tried": "Profile", "found": "Wired holds",
            "need": "Check WLC-2"}  # fmt: skip


def test_the_owner_of_the_service_is_preselected(window):
    dialog = EscalateDialog(window, an_incident(), a_directory(), NOW)
    form = submitted(dialog, {"team": HANDOVER})
    assert form == forms.TeamEscalationForm(to_team_id=an_id("Network"), **HANDOVER)
    assert dialog.primary_button.text() == "Escalate to Network"


@pytest.mark.parametrize("empty", ["reason", "tried", "found", "need"])
def test_every_part_of_the_hand_over_is_required(window, empty):
    dialog = EscalateDialog(window, an_incident(), a_directory(), NOW)
    assert submitted(dialog, {"team": {**HANDOVER, empty: "  "}}) is None
    assert dialog.problems().keys() == {empty}
    assert dialog.isVisible()


def test_a_call_up_the_line_names_what_is_needed(window):
    dialog = EscalateDialog(window, an_incident(), a_directory(), NOW, start="line")
    draft = {"way": "line", "line": {"reason": "Needs a decision", "need": ""}}
    assert submitted(dialog, draft) is None

    dialog.restore({"line": {"need": "Approve the rollback"}})
    found = []
    dialog.submitted.connect(found.append)
    dialog.submit()

    assert found[0].to_person_id == an_id("Oyelaran Bankole")
    assert found[0].need == "Approve the rollback"
    assert found[0].needed_by > NOW
    assert dialog.primary_button.text() == "Record and tell Oyelaran"


def test_resolving_confirms_category_and_service(window):
    incident = an_incident(service_id=None)
    dialog = ResolveDialog(window, incident, a_directory(), children=earlier())
    draft = {"code": "fixed", "resolution": "Rolled back to 5.3.9"}
    assert submitted(dialog, draft) is None
    assert dialog.problems().keys() == {"service"}

    dialog = ResolveDialog(window, an_incident(state=IncidentState.NEW), a_directory())
    assert submitted(dialog, draft) == forms.ResolveForm(
        code=ResolutionCode.FIXED,
        resolution="Rolled back to 5.3.9",
        category_id=an_id("c Network"),
        subcategory_id=an_id("c Network VPN"),
        service_id=an_id("s Remote access"),
    )


def test_waiting_for_the_caller_needs_a_reply(window):
    dialog = HoldDialog(window, an_incident(), NOW, "Tomás Herrera")
    assert submitted(dialog, {"reason": "caller"}) is None
    assert dialog.problems().keys() == {"reply"}

    form = submitted(HoldDialog(window, an_incident(), NOW), {"reason": "supplier"})
    assert (form.reason, form.reply) == (OnHoldReason.SUPPLIER, "")
    assert form.follow_up_at == NOW + timedelta(hours=4)


def test_a_follow_up_lies_ahead(window):
    dialog = HoldDialog(window, an_incident(), NOW)
    past = (NOW - timedelta(minutes=1)).isoformat()
    assert submitted(dialog, {"reason": "change", "follow_up_at": past}) is None
    assert dialog.problems().keys() == {"follow_up_at"}


@pytest.mark.parametrize(
    ("typed", "hour", "minute", "days"),
    [("9:15", 9, 15, 0), ("16 Oct 9:15", 9, 15, 2), ("2026-10-15 23:59", 23, 59, 1),
     ("Thu 15 October 2026, 7:00", 7, 0, 1)],
)  # fmt: skip
def test_a_time_is_understood_as_people_type_it(typed, hour, minute, days):
    found = understood(typed, NOW)
    assert (found.hour, found.minute) == (hour, minute)
    assert (found.date() - NOW.date()).days == days
    assert understood(shown_when(found), NOW) == found


@pytest.mark.parametrize("typed", ["", "soon", "31 Feb", "25:00"])
def test_what_names_no_time_is_said(window, typed):
    assert understood(typed, NOW) is None
    dialog = HoldDialog(window, an_incident(), NOW)
    dialog.open()
    field = dialog.fields.control("follow_up_at")
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, typed)
    assert "follow_up_at" in dialog.problems()


def test_closing_with_a_confirmation(window):
    form = submitted(CloseDialog(window, an_incident(), NOW, "Tomás Herrera"), {"method": "email"})
    assert form == forms.CloseForm(
        method=ConfirmationMethod.EMAIL, confirmed_by="Tomás Herrera", confirmed_at=NOW, remark=""
    )
    assert submitted(CloseDialog(window, an_incident(), NOW), {"confirmed_by": ""}) is None


def test_closing_without_an_answer_needs_the_attempts(window, qtbot):
    two = (NOW - timedelta(hours=2), NOW - timedelta(hours=1))
    dialog = CloseDialog(window, an_incident(), NOW, "Tomás Herrera", two)
    assert missing_attempts(two) == (1, 1)
    assert submitted(dialog, {"way": "no_answer"}) is None

    with qtbot.waitSignal(dialog.attempt_requested) as asked:
        button = next(b for b in named(dialog) if b.accessibleName() == "Log an attempt now")
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked.args == ["Called, no answer"]

    dialog.show_attempts((*two, NOW - timedelta(days=1)))
    found = []
    dialog.submitted.connect(found.append)
    dialog.submit()
    assert found[0].method is ConfirmationMethod.NO_ANSWER
    assert found[0].confirmed_at is None


def test_a_duplicate_names_what_it_repeats(window, qtbot):
    dialog = CancelDialog(window, an_incident())
    asked = []
    dialog.search_requested.connect(asked.append)
    assert submitted(dialog, {"reason": "duplicate"}) is None

    QTest.keyClicks(dialog.search.filter, "ledger")
    dialog.show_matches(earlier())
    dialog.search.set_current(str(an_id("INC-20107")))
    found = []
    dialog.submitted.connect(found.append)
    dialog.submit()

    assert asked[-1] == "ledger"
    assert found[0].duplicate_of_id == an_id("INC-20107")
    other = submitted(CancelDialog(window, an_incident()), {"reason": "raised_in_error"})
    assert (other.reason, other.duplicate_of_id) == (CancelReason.RAISED_IN_ERROR, None)


def test_linking_and_freeing(window):
    dialog = LinkDialog(window, an_incident(), earlier()[0])
    dialog.show_matches(earlier())
    assert submitted(dialog, {"parent": str(an_id("INC-20418"))}).parent_id == an_id("INC-20418")
    dialog = LinkDialog(window, an_incident(), earlier()[0])
    assert submitted(dialog, {"parent": "none"}).parent_id is None


def test_an_override_needs_a_reason_and_must_differ(window):
    matrix = a_directory().matrix
    one = {"override": True, "priority": "1"}
    assert submitted(PriorityDialog(window, an_incident(), matrix), one) is None
    form = submitted(PriorityDialog(window, an_incident(), matrix), {**one, "reason": "Board"})
    assert form.override is Priority.P1
    same = submitted(
        PriorityDialog(window, an_incident(), matrix),
        {"matrix": "3,2", "override": True, "priority": "4", "reason": "x"},
    )
    assert same == forms.PriorityForm(
        impact=Impact.ONE_PERSON, urgency=Urgency.MEDIUM, override=None, override_reason=""
    )


def test_odd_cells_are_named_while_the_matrix_is_drawn(window, qtbot):
    dialog = PriorityMatrixDialog(window, a_directory().matrix)
    dialog.open()
    assert dialog.lint == ()

    first = next(w for w in named(dialog) if w.accessibleName().startswith("Impact Organisation"))
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_4)

    assert dialog.editor.cells == "423234345"
    assert len(dialog.lint) == 2
    form = submitted(PriorityMatrixDialog(window, a_directory().matrix),
                     {"name": "Winter", "cells": "113234345", "callers": "35"})  # fmt: skip
    assert form == forms.MatrixForm(name="Winter", cells="113234345", callers_of_major=35)
    for few in ("1", "-3", "many", "²"):
        again = PriorityMatrixDialog(window, a_directory().matrix)
        assert submitted(again, {"name": "Winter", "callers": few}) is None


def test_a_changed_severity_needs_a_reason(window):
    assert submitted(SeverityDialog(window, an_incident()), {"severity": "SEV2"}) == (
        forms.SeverityForm(severity=Severity.SEV2, reason="")
    )
    again = SeverityDialog(window, an_incident(severity=Severity.SEV2))
    assert submitted(again, {"severity": "SEV3"}) is None


def test_the_small_ones(window):
    incident, directory = an_incident(), a_directory()
    assert submitted(AssignDialog(window, incident, directory, MAYA), {"person": "none"}) == (
        forms.AssignForm(None)
    )
    assert submitted(AssignDialog(window, incident, directory, MAYA), {}) == forms.AssignForm(MAYA)
    assert submitted(
        CategoryDialog(window, incident, directory),
        {"category": str(an_id("c Printing")), "subcategory": ""},
    ) == forms.CategoryForm(category_id=an_id("c Printing"), subcategory_id=None)
    assert submitted(
        ServiceDialog(window, incident, directory),
        {"service": "unknown", "products": [str(an_id("p Ledger"))]},
    ) == forms.ServiceForm(service_id=None, affected_product_ids=(an_id("p Ledger"),))
    assert submitted(
        CallerDialog(window, incident, directory), {"caller": str(an_id("Mina Park"))}
    ) == forms.CallerForm(an_id("Mina Park"))
    assert submitted(NewCallerDialog(window, "Anna Berg"), {"is_vip": True}).is_vip
    assert submitted(DescribeDialog(window, incident), {"summary": " "}) is None
    for kind in (RejectDialog, HandBackDialog, RecallDialog):
        assert submitted(kind(window, incident, "Network"), {}) is None
        form = submitted(kind(window, incident, "Network"), {"text": "Wrong team"})
        assert form == forms.TextForm("Wrong team")


def test_typed_text_is_told_and_comes_back(window, qtbot):
    dialog = ReopenDialog(window, an_incident())
    dialog.open()
    with qtbot.waitSignal(dialog.draft_changed, timeout=1000) as told:
        QTest.keyClicks(QApplication.focusWidget(), "drops again")
    again = ReopenDialog(window, an_incident())
    again.restore(told.args[0])
    assert again.content() == dialog.content() == {"text": "drops again"}


def test_what_was_typed_last_is_told_before_it_closes(window):
    dialog = ReopenDialog(window, an_incident())
    told, gone = [], []
    dialog.draft_changed.connect(told.append)
    dialog.cancelled.connect(lambda: gone.append(True))
    dialog.open()
    QTest.keyClicks(QApplication.focusWidget(), "drops")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert told[-1] == {"text": "drops"}
    assert gone == [True]
    assert not dialog.isVisible()


def test_a_refusal_is_said_where_it_belongs(window):
    dialog = ReopenDialog(window, an_incident())
    dialog.open()
    dialog.show_error("text", "It was closed meanwhile.")
    shown = [w for w in dialog.findChildren(QWidget) if w.accessibleDescription()]
    assert [w.accessibleDescription() for w in shown] == ["It was closed meanwhile."]


def test_a_waiting_change_opens_its_incident(window, qtbot):
    changes = tuple(
        PendingChange(incident_id=an_id(standing), key="INC-1", act="Resolve", summary="x",
                      happened_at=NOW, standing=standing)
        for standing in ("waiting", "conflict")
    )  # fmt: skip
    dialog = PendingChangesDialog(window, changes)
    dialog.open()
    rows = [w for w in named(dialog) if w.accessibleName().startswith("Resolve")]
    with qtbot.waitSignal(dialog.incident_opened) as opened:
        qtbot.mouseClick(rows[0], Qt.MouseButton.LeftButton)
    assert opened.args == [an_id("conflict")]


def test_printing_asks_for_pages_with_its_options(window, tmp_path):
    dialog = PrintDialog(window, an_incident(), "INC-20431.pdf", tmp_path)
    asked = []
    dialog.options_changed.connect(asked.append)
    dialog.open()
    page = QImage(80, 113, QImage.Format.Format_RGB32)
    page.fill(Qt.GlobalColor.white)
    dialog.show_pages([page, page])
    notes = next(w for w in named(dialog) if w.accessibleName() == "Internal notes")
    notes.click()
    assert [(o.paper, o.with_internal_notes) for o in asked] == [
        (Paper.A4, False),
        (Paper.A4, True),
    ]


def test_the_details_of_an_error_can_be_copied(window, qtbot):
    dialog = ErrorDialog(window, "It broke", "All is safe.", "Go on.", "trace 1\ntrace 2")
    dialog.open()
    copy = next(w for w in named(dialog) if w.accessibleName() == "Copy details")
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "trace 1\ntrace 2"
    dialog.primary_button.click()
    assert not dialog.isVisible()


EVERY = (
    lambda w: EscalateDialog(w, an_incident(), a_directory(), NOW),
    lambda w: EscalateDialog(w, an_incident(), a_directory(), NOW, start="line"),
    lambda w: ResolveDialog(w, an_incident(), a_directory(), children=earlier()),
    lambda w: HoldDialog(w, an_incident(), NOW),
    lambda w: CloseDialog(w, an_incident(), NOW),
    lambda w: CancelDialog(w, an_incident()),
    lambda w: LinkDialog(w, an_incident()),
    lambda w: PriorityDialog(w, an_incident(), a_directory().matrix),
    lambda w: PriorityMatrixDialog(w, a_directory().matrix),
    lambda w: SeverityDialog(w, an_incident()),
    lambda w: AssignDialog(w, an_incident(), a_directory(), MAYA),
    lambda w: CategoryDialog(w, an_incident(), a_directory()),
    lambda w: ServiceDialog(w, an_incident(), a_directory()),
    lambda w: NewCallerDialog(w),
    lambda w: DescribeDialog(w, an_incident()),
    lambda w: PrintDialog(w, an_incident(), "x.pdf"),
    lambda w: ErrorDialog(w, "a", "b", "c", "d"),
)


@pytest.mark.parametrize("make", EVERY)
def test_everything_that_takes_the_keyboard_has_a_name(window, make):
    dialog = make(window)
    dialog.open()
    found = [
        w for w in dialog.findChildren(QWidget)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible() and not w.accessibleName()
    ]  # fmt: skip
    assert found == []
    assert dialog.isAncestorOf(QApplication.focusWidget())


def named(root):
    return [w for w in root.findChildren(QWidget) if w.accessibleName()]
