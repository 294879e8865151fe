"""The dialogs of the on-call screen: what they ask, refuse and hand on."""

from datetime import timedelta

import on_call_examples as ex
import pytest
from PySide6.QtWidgets import QPushButton

from desktop.views.on_call.forms import (
    OverrideForm,
    RosterChoice,
    ShiftChoice,
    SwapForm,
    TimeOffChoice,
    TimeOffForm,
)
from desktop.views.on_call.override_dialog import OverrideDialog
from desktop.views.on_call.small_dialogs import HandoverNoteDialog, TimeOffDialog
from desktop.views.on_call.swap_dialog import SwapDialog
from desktop.views.on_call.wishes import OverrideWish
from services.on_call.roster import OverrideKind


def wish(**known: object) -> OverrideWish:
    values: dict[str, object] = {
        "roster_id": ex.NETWORK, "starts_at": ex.at(4, 18), "ends_at": ex.at(5, 18), **known,
    }  # fmt: skip
    return OverrideWish(**values)


def override_dialog(window, planned=(ex.PRIYA,), **known) -> OverrideDialog:
    choices = [RosterChoice(ex.NETWORK, "Network", (ex.MAYA, ex.JONAS, ex.PRIYA)),
               RosterChoice(ex.an_id("Apps"), "Apps", (ex.MAYA,))]  # fmt: skip
    dialog = OverrideDialog(window, choices, lambda *_: planned, wish(**known), ex.NOW)
    window.open_dialog(dialog)
    return dialog


def named(dialog, name: str) -> QPushButton:
    (found,) = (b for b in dialog.findChildren(QPushButton) if b.accessibleName() == name)
    return found


def submitted(dialog) -> list[object]:
    found: list[object] = []
    dialog.submitted.connect(found.append)
    dialog.submit()
    return found


def test_an_override_names_who_comes_and_instead_of_whom(window):
    dialog = override_dialog(window, replaced_id=ex.PRIYA.person_id)
    dialog.fields.control("person").set_current_payload(str(ex.JONAS.person_id))
    assert submitted(dialog) == [
        OverrideForm(
            roster_id=ex.NETWORK, kind=OverrideKind.REPLACE, person_id=ex.JONAS.person_id,
            replaced_person_id=ex.PRIYA.person_id, is_backup=False,
            starts_at=ex.at(4, 18), ends_at=ex.at(5, 18), reason="",
        )
    ]  # fmt: skip


def test_nobody_said_instead_of_whom_means_whoever_is_on_call(window):
    dialog = override_dialog(window)
    dialog.fields.control("person").set_current_payload(str(ex.JONAS.person_id))
    (form,) = submitted(dialog)
    assert form.replaced_person_id is None
    assert form.kind is OverrideKind.REPLACE


def test_where_nobody_is_somebody_more_comes(window):
    dialog = override_dialog(window, planned=())
    dialog.fields.control("person").set_current_payload(str(ex.MAYA.person_id))
    (form,) = submitted(dialog)
    assert (form.kind, form.replaced_person_id) == (OverrideKind.ADD, None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "person"),
        ({"ends_at": ex.at(4, 12).isoformat(), "person": str(ex.JONAS.person_id)}, "ends_at"),
        ({"starts_at": ex.at(0).isoformat(), "ends_at": ex.at(1).isoformat(),
          "person": str(ex.JONAS.person_id)}, "ends_at"),
        ({"person": str(ex.PRIYA.person_id), "replaced": str(ex.PRIYA.person_id)}, "person"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_override_stands_below_its_field(window, values, field):
    dialog = override_dialog(window)
    dialog.fields.restore(values)
    assert submitted(dialog) == []
    assert field in dialog.problems()


def test_only_from_somebody_in_particular_a_shift_comes_back(window):
    theirs = ShiftChoice(ex.JONAS.person_id, ex.at(7), ex.at(8), "Mon 24 Nov")
    dialog = SwapDialog(
        window, "Network", (ex.at(5), ex.at(6)), [ex.JONAS, ex.PRIYA], [theirs], ex.NOW
    )
    window.open_dialog(dialog)
    assert not dialog.fields.control("back").isVisible()
    (form,) = submitted(dialog)
    assert form == SwapForm(
        starts_at=ex.at(5), ends_at=ex.at(6), to_person_id=None, return_starts_at=None,
        return_ends_at=None, reason="",
    )  # fmt: skip
    wanted = SwapDialog(
        window, "Network", (ex.at(5), ex.at(6)), [ex.JONAS, ex.PRIYA], [theirs], ex.NOW, theirs
    )
    window.open_dialog(wanted)
    (form,) = submitted(wanted)
    assert (form.to_person_id, form.return_starts_at) == (ex.JONAS.person_id, ex.at(7))


def test_what_has_begun_cannot_be_offered(window):
    dialog = SwapDialog(window, "Network", (ex.at(2), ex.at(6)), [ex.JONAS], [], ex.NOW)
    window.open_dialog(dialog)
    assert submitted(dialog) == []
    assert "starts_at" in dialog.problems()


def test_time_off_is_recorded_and_the_planned_can_be_cancelled(qtbot, window):
    planned = TimeOffChoice(ex.an_id("away"), "Maya Lindqvist, Sat to Sun")
    dialog = TimeOffDialog(window, [ex.MAYA], (ex.at(5), ex.at(7)), [planned], ex.NOW)
    window.open_dialog(dialog)
    assert submitted(dialog) == [
        TimeOffForm(
            person_id=ex.MAYA.person_id, starts_at=ex.at(5), ends_at=ex.at(7), reason=""
        )
    ]  # fmt: skip
    with qtbot.waitSignal(dialog.cancellation_requested) as cancelled:
        named(dialog, "Cancel time off Maya Lindqvist, Sat to Sun").click()
    assert cancelled.args == [planned.time_off_id]
    dialog.show_planned([])
    names = [b.accessibleName() for b in dialog.findChildren(QPushButton) if b.isVisible()]
    assert not [name for name in names if name.startswith("Cancel time off")]


def test_a_note_that_says_nothing_is_not_saved(window):
    dialog = HandoverNoteDialog(window, "Network, Fri 18:00", "")
    window.open_dialog(dialog)
    assert submitted(dialog) == []
    dialog.fields.restore({"text": "Two switches run on spare power."})
    (form,) = submitted(dialog)
    assert form.text == "Two switches run on spare power."


def test_a_moment_stays_what_it_was(window):
    """Opening and leaving the form changes no time by a rounding."""
    dialog = override_dialog(window, starts_at=ex.at(4, 18) + timedelta(seconds=1))
    assert dialog.fields.when("starts_at") == ex.at(4, 18) + timedelta(seconds=1)
