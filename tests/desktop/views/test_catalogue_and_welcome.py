"""The catalogue keeps what administrators type; the welcome offers two ways to begin."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from view_examples import a_directory, an_id

from desktop.theme.theme import apply_theme
from desktop.views.catalogue import forms
from desktop.views.catalogue.entries import entries_of
from desktop.views.catalogue.entry_list import EntryModel
from desktop.views.catalogue.screen import CatalogueScreen
from desktop.views.welcome.screen import WelcomeScreen
from desktop.widgets.text_audit import clipped_labels, watch_shortened
from services.catalogue.service import Criticality
from services.incidents.directory import Directory
from services.on_call.policy import EscalationPolicy
from services.people.person import Role, Tier


@pytest.fixture
def catalogue(qtbot):
    apply_theme(QApplication.instance(), "light")
    screen = CatalogueScreen()
    screen.resize(1236, 830)
    qtbot.addWidget(screen)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    return screen


def saved(screen):
    found = []
    screen.saved.connect(found.append)
    screen.save()
    return found[0] if found else None


def test_the_first_team_of_an_empty_desk(catalogue):
    catalogue.show_directory(Directory())
    catalogue.show_kind("teams")
    catalogue.add()
    QTest.keyClicks(QApplication.focusWidget(), "Service Desk")
    assert saved(catalogue) == forms.TeamForm(
        team_id=None, name="Service Desk", tier=Tier.SERVICE_DESK, lead_id=None, phone="",
        is_active=True,
    )  # fmt: skip


def test_an_entry_without_a_name_is_not_saved(catalogue):
    catalogue.show_directory(Directory())
    for kind in ("people", "teams", "services", "products", "categories"):
        catalogue.show_kind(kind)
        catalogue.add()
        assert saved(catalogue) is None


def test_a_known_person_comes_back_unchanged(catalogue):
    catalogue.show_directory(a_directory())
    catalogue.list.choose(an_id("Oyelaran Bankole"))
    form = saved(catalogue)
    assert form.person_id == an_id("Oyelaran Bankole")
    assert form.roles == {Role.SERVICE_DESK, Role.ADMINISTRATOR}
    assert form.team_ids == {an_id("Service Desk")}
    assert form.manager_id == an_id("Laila Guerrero")
    assert form.login == "oyelaran"


def test_a_service_is_retired_not_deleted(catalogue):
    catalogue.show_directory(a_directory())
    catalogue.show_kind("services")
    catalogue.list.choose(an_id("s Payroll"))
    catalogue.current_form.fields.restore({"is_active": False})
    assert saved(catalogue) == forms.ServiceEntryForm(
        service_id=an_id("s Payroll"), name="Payroll", description="",
        owner_team_id=an_id("Platform"), criticality=Criticality.VITAL, major_policy_id=None,
        is_active=False,
    )  # fmt: skip


def test_a_service_says_who_is_paged_when_it_burns(catalogue):
    names = a_directory()
    policy = EscalationPolicy(id=an_id("policy"), name="Platform managers")
    catalogue.show_directory(replace(names, policies=(policy,)))
    catalogue.show_kind("services")
    catalogue.list.choose(an_id("s Payroll"))
    fields = catalogue.current_form.fields
    assert fields.control("policy").current.title == "The major incident manager on call"
    fields.restore({"policy": str(policy.id)})
    assert saved(catalogue).major_policy_id == policy.id


def test_a_subcategory_keeps_its_parent(catalogue):
    catalogue.show_directory(a_directory())
    catalogue.show_kind("categories")
    catalogue.list.choose(an_id("c Network VPN"))
    form = saved(catalogue)
    assert (form.name, form.parent_id) == ("VPN", an_id("c Network"))


def test_typing_survives_news_from_others(catalogue):
    catalogue.show_directory(a_directory())
    catalogue.list.choose(an_id("Karl Osei"))
    phone = catalogue.current_form.fields.control("phone")
    phone.setFocus()
    QTest.keyClicks(phone, "9")
    catalogue.show_directory(a_directory())
    assert catalogue.current_form.fields.text("phone").count("9") > 1
    assert saved(catalogue).person_id == an_id("Karl Osei")


def test_what_was_typed_and_not_saved_is_there_again_with_its_entry(catalogue):
    catalogue.show_directory(a_directory())
    first, other = an_id("Oyelaran Bankole"), an_id("Laila Guerrero")
    catalogue.list.choose(first)
    catalogue.current_form.fields.restore({"phone": "+351 21 555 0199"})
    catalogue.list.choose(other)
    assert catalogue.current_form.fields.text("phone") != "+351 21 555 0199"
    catalogue.show_kind("teams")
    catalogue.show_kind("people")
    catalogue.list.choose(first)
    assert catalogue.current_form.fields.text("phone") == "+351 21 555 0199"
    assert saved(catalogue).phone == "+351 21 555 0199"
    catalogue.show_saved(first)
    catalogue.list.choose(other)
    catalogue.list.choose(first)
    assert catalogue.current_form.fields.text("phone") != "+351 21 555 0199", "it was saved"


def test_who_may_not_change_reads_why(catalogue):
    catalogue.show_directory(a_directory())
    catalogue.show_permission(False, "Ask Oyelaran Bankole.")
    assert saved(catalogue) is None
    assert not catalogue.save_button.isVisible()
    names = [w.accessibleName() for w in catalogue.findChildren(QWidget) if w.isVisible()]
    assert any("Ask Oyelaran Bankole." in name for name in names)


def test_the_list_is_a_sound_model(qtbot):
    model = EntryModel()
    QAbstractItemModelTester(model)
    model.show_entries(entries_of("people", a_directory()))
    model.narrow("lisbon")
    assert 0 < model.rowCount() < 15


def test_everything_that_takes_the_keyboard_has_a_name(catalogue):
    catalogue.show_directory(a_directory())
    for kind in ("people", "teams", "services", "products", "categories"):
        catalogue.show_kind(kind)
        found = [
            w for w in catalogue.findChildren(QWidget)
            if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible()
            and not w.accessibleName()
        ]  # fmt: skip
        assert found == []


def test_the_welcome_offers_two_ways(qtbot):
    apply_theme(QApplication.instance(), "light")
    screen = WelcomeScreen()
    qtbot.addWidget(screen)
    screen.show()
    with qtbot.waitSignal(screen.start_empty_requested):
        QTest.keyClick(screen.empty_choice, Qt.Key.Key_Return)
    with qtbot.waitSignal(screen.sample_requested):
        qtbot.mouseClick(screen.sample_choice, Qt.MouseButton.LeftButton)
    screen.show_progress(0.5, "100 of 200")
    assert not screen.sample_choice.isVisible()
    screen.show_error("The disk is full.")
    assert screen.sample_choice.isVisible()


@pytest.mark.parametrize("width", [1120, 1440])
def test_the_welcome_has_room_for_all_its_words(qtbot, width):
    screen = WelcomeScreen()
    qtbot.addWidget(screen)
    screen.resize(width, 700)
    screen.show()
    with watch_shortened() as shortened:
        screen.grab()
    assert shortened == []
    assert clipped_labels(screen) == []


def test_the_welcome_offers_to_join_a_team(qtbot):
    screen = WelcomeScreen()
    qtbot.addWidget(screen)
    screen.show()
    with qtbot.waitSignal(screen.join_requested, timeout=1_000):
        QTest.keyClick(screen.join_choice, Qt.Key.Key_Return)
