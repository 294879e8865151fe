"""What a response knows of itself, on the real program: how far it is, who reviews it, and what
is written in its document or counted in."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton
from running_desk import CATEGORY, MAYA, PRIYA, VPN, RunningDesk, running_desk

from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.major.channels_panel import ChannelEntry
from desktop.views.major.dialogs.listing import ListingDialog
from desktop.views.major.values import StepStanding
from services.core.ids import derived_id
from services.core.text import Limit
from services.incidents.incident import ResolutionCode
from services.major_incidents.acts import (
    AcceptMajorIncident,
    AddChannel,
    ProposeMajorIncident,
    ResolveMajorIncident,
    SetImpactTimes,
    TakeCommand,
)
from services.major_incidents.entries import DocumentSection
from services.major_incidents.entry_acts import AddChangeEvent, AddSupportCase
from services.major_incidents.major import ChannelKind
from services.major_incidents.read_models import Console
from services.people.commands import GrantRole
from services.people.person import Role

# The offscreen platform says this of menus that come up.
pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support raise", "This plugin does not support grabbing the keyboard"
)


@pytest.fixture
def desk(qtbot, tmp_path) -> Iterator[RunningDesk]:
    with running_desk(tmp_path, incidents=0) as running:
        running.give_elsewhere(GrantRole(person_id=MAYA, role=Role.INCIDENT_MANAGER))
        yield running


def on_fire(desk: RunningDesk) -> UUID:
    """A response that Maya leads, and its console."""
    fire = desk.log_elsewhere("Checkout fails")
    for command in (
        ProposeMajorIncident(incident_id=fire, reason="Nobody can pay"),
        AcceptMajorIncident(incident_id=fire),
        TakeCommand(incident_id=fire, holding_id=derived_id(fire, "command")),
    ):
        desk.give_elsewhere(command)
    desk.until(lambda: desk.place.majors.open_rows)
    desk.place.majors.open(fire)
    desk.until(lambda: desk.place.console.view is not None)
    desk.settle()
    return fire


def facts(desk: RunningDesk) -> tuple[str, ...]:
    view = desk.place.console.view
    return view.head.facts if view is not None else ()


def choose(desk: RunningDesk, word: str) -> None:
    """Choose from the menu that is open, by keys alone."""
    (menu,) = (m for m in desk.place.console.findChildren(QMenu) if m.isVisible())
    while menu.activeAction() is None or word not in menu.activeAction().text():
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    desk.settle()


def is_done(desk: RunningDesk, step: str) -> bool:
    view = desk.place.console.view
    return view is not None and any(
        s.key == step and s.standing is StepStanding.DONE for s in view.steps
    )


def test_it_says_how_far_it_is_and_then_who_reviews_it(desk):
    fire = on_fire(desk)
    assert "Investigating" in facts(desk)
    desk.program.window.hub.trigger("major.phase")
    choose(desk, "Identified")
    desk.until(lambda: "Identified" in facts(desk))
    assert not is_done(desk, "fix_and_update")
    desk.place.console.asked.emit("step", "fix_and_update")
    choose(desk, "Monitoring")
    desk.until(lambda: is_done(desk, "fix_and_update"))
    desk.program.window.hub.trigger("edit.undo")
    desk.until(lambda: "Identified" in facts(desk))

    now = desk.clock.now()
    resolve = ResolveMajorIncident(
        incident_id=fire, code=ResolutionCode.FIXED, resolution="Rolled back",
        category_id=CATEGORY, subcategory_id=None, service_id=VPN, impact_ended_at=now,
        recovery="Cards pass", review_owner_id=PRIYA, review_due_at=now + timedelta(days=5),
    )  # fmt: skip
    desk.place.desk.give(resolve, said="Resolved")
    desk.until(lambda: any(fact.startswith("Review by Priya") for fact in facts(desk)))
    assert desk.place.console.view is not None
    assert "phase" in (desk.place.console.view.refusals or {})


def test_an_answer_that_is_refused_stands_in_its_field_again(desk):
    on_fire(desk)
    entry = desk.place.console.impact.entries[DocumentSection.IMPACT]
    too_long = "x" * (Limit.REMARK.value + 1)
    refused: list[object] = []
    desk.place.desk.refused.connect(refused.append)
    entry.edit(too_long)
    QTest.keyClick(entry.field, Qt.Key.Key_Return)
    desk.until(lambda: refused)
    assert entry.is_edited
    assert entry.field.text() == too_long
    assert desk.found("SELECT count(*) FROM document_entry") == 0


def shown(desk: RunningDesk) -> FormDialog:
    """The dialog that is open."""

    def found() -> list[FormDialog]:
        every = desk.program.window.findChildren(FormDialog)
        return [dialog for dialog in every if dialog.isVisible()]

    desk.until(found)
    desk.settle()
    return found()[0]


def listing(desk: RunningDesk, id_: str) -> ListingDialog:
    desk.program.window.hub.trigger(id_)
    dialog = shown(desk)
    assert isinstance(dialog, ListingDialog)
    return dialog


def press(desk: RunningDesk, name: str) -> None:
    buttons = shown(desk).findChildren(QPushButton)
    QTest.mouseClick(
        next(b for b in buttons if b.accessibleName() == name and b.isVisible()),
        Qt.MouseButton.LeftButton,
    )
    desk.settle()


def console(desk: RunningDesk) -> Console:
    return desk.place.majors.asking.seen.console


def paragraphs(desk: RunningDesk) -> list[str]:
    return [item.entry.text for item in console(desk).document]


def write(desk: RunningDesk, **values: object) -> None:
    dialog = shown(desk)
    dialog.restore(values)
    dialog.submit()
    every = desk.program.window.findChildren
    desk.until(lambda: not any(d.isVisible() for d in every(FormDialog)))
    desk.settle()


def test_its_document_is_written_by_hand_and_what_was_a_mistake_is_taken_out(desk):
    fire = on_fire(desk)
    dialog = listing(desk, "major.document")
    assert dialog.texts == []
    dialog.submit()
    write(desk, section="links", text="https://wiki.example/checkout")
    desk.until(lambda: paragraphs(desk) == ["https://wiki.example/checkout"])
    assert listing(desk, "major.document").texts == ["https://wiki.example/checkout"]
    press(desk, "Change… https://wiki.example/checkout")
    write(desk, text="https://wiki.example/payments")
    desk.until(lambda: paragraphs(desk) == ["https://wiki.example/payments"])
    assert listing(desk, "major.document").texts == ["https://wiki.example/payments"]
    press(desk, "Strike through https://wiki.example/payments")
    assert listing_is_empty(desk)
    struck = f"SELECT is_removed, section FROM document_entry WHERE incident_id = '{fire}'"
    assert desk.found(struck) == 1, "it stays readable"

    case, change = derived_id(fire, "case"), derived_id(fire, "change")
    now = desk.clock.now()
    desk.give_elsewhere(AddChangeEvent(change_event_id=change, title="DNS moved", happened_at=now))
    began = SetImpactTimes(
        incident_id=fire, started_at=now, detected_at=None, ended_at=None,
        seen_started_at=None, seen_detected_at=None, seen_ended_at=None,
    )  # fmt: skip
    desk.give_elsewhere(began)
    desk.give_elsewhere(AddSupportCase(incident_id=fire, case_id=case, reference="C-7"))
    desk.until(lambda: console(desk).cases)
    assert listing(desk, "major.cases").texts == ["C-7"]
    press(desk, "Take out C-7")
    assert listing_is_empty(desk)
    assert desk.found("SELECT is_active FROM support_case") == 0
    assert listing(desk, "major.suspects").texts == ["DNS moved"]
    press(desk, "Take out DNS moved")
    assert listing_is_empty(desk)
    assert desk.found("SELECT is_active FROM change_event") == 0


def test_a_bridge_that_was_mistyped_is_put_right_from_its_menu(desk):
    fire = on_fire(desk)
    bridge = derived_id(fire, "bridge")
    wrong = AddChannel(
        incident_id=fire, channel_id=bridge, kind=ChannelKind.BRIDGE,
        name="Bridge", address="+44 113 496 0240", access="PIN 44 71",
    )  # fmt: skip
    desk.give_elsewhere(wrong)
    desk.until(lambda: console(desk).channels)
    desk.settle()
    (entry,) = desk.place.console.channels.findChildren(ChannelEntry)
    entry.menu_requested.emit(entry.row, QPoint())
    choose(desk, "Change")
    write(desk, address="+44 113 496 0204")
    desk.until(lambda: console(desk).channels[0].channel.address == "+44 113 496 0204")
    kept = "SELECT name || ', ' || access FROM response_channel WHERE is_active"
    assert desk.found(kept) == "Bridge, PIN 44 71"
    desk.program.window.hub.trigger("edit.undo")
    desk.until(lambda: console(desk).channels[0].channel.address == "+44 113 496 0240")


def listing_is_empty(desk: RunningDesk) -> bool:
    dialog = shown(desk)
    assert isinstance(dialog, ListingDialog)
    is_empty = not dialog.texts
    dialog.close_dialog()
    desk.settle()
    return is_empty
