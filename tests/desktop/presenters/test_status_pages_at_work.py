"""Status pages set up on their screen, and the alarm of whoever owes the next word."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from running_desk import MAYA, PRIYA, RunningDesk, running_desk

from desktop.presenters.status_pages_presenter import StatusPagesPresenter
from desktop.presenters.word_notices import WordNotices
from desktop.views.status_pages.screen import StatusPageScreen
from desktop.widgets.banner import Banner
from desktop.widgets.form import FormField
from services.communications.acts import DraftUpdate, SendUpdate
from services.communications.settings_acts import AddComponent
from services.communications.status_update import UpdateMoment
from services.core.ids import derived_id
from services.dispatcher.engine_sqlite import PagingSqlite
from services.incidents.acts import ChangeSeverity
from services.incidents.priority import Severity
from services.major_incidents.acts import (
    AcceptMajorIncident,
    DemoteMajorIncident,
    OfferRole,
    TakeCommand,
)
from services.major_incidents.major import ResponseRole
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination
from services.people.commands import GrantRole
from services.people.person import Role

INCIDENT, PUSH = derived_id("test incident", 0), derived_id("test", "push")


@dataclass
class Keeper:
    """Somebody who keeps status pages."""

    desk: RunningDesk
    screen: StatusPageScreen
    opened: list[Path]
    presenter: StatusPagesPresenter

    def add(self, kind: str, **values: object) -> None:
        self.screen.show_kind(kind)
        self.screen.add()
        self.change(**values)

    def change(self, **values: object) -> None:
        self.screen.current_form.fields.restore(values)
        self.screen.save()
        self.desk.settle()

    def errors(self) -> str:
        fields = self.screen.current_form.findChildren(FormField)
        return " | ".join(field.error for field in fields if field.error)

    def listed(self) -> list[str]:
        model = self.screen.list.entries
        return [str(model.index(row).data()) for row in range(model.rowCount())]

    def until_listed(self, *titles: str) -> None:
        self.desk.until(lambda: self.listed() == list(titles))
        self.desk.settle()

    def until_rows(self, table: str, count: int) -> None:
        self.desk.until(lambda: self.desk.found(f"SELECT count(*) FROM {table}") == count)


@pytest.fixture
def desk(qtbot, tmp_path) -> Iterator[RunningDesk]:
    with running_desk(tmp_path, incidents=1) as desk:
        dispatcher = desk.place.desk.profile.dispatcher
        assert dispatcher is not None
        dispatcher.stop()
        desk.give_elsewhere(
            AddDestination(destination_id=PUSH, kind=ProviderKind.MATTERMOST, name="Push",
                           base_url="https://chat.example.com")
        )  # fmt: skip
        desk.place.desk.profile.replica.pull()
        desk.settle()
        yield desk


@pytest.fixture
def keeper(desk, tmp_path) -> Keeper:
    opened: list[Path] = []
    window = desk.program.window
    presenter = StatusPagesPresenter(desk.place.desk, window, tmp_path / "previews", opened.append)
    presenter.open()
    desk.settle()
    screen = window.findChild(StatusPageScreen)
    assert screen is not None
    return Keeper(desk, screen, opened, presenter)


def test_pages_are_set_up_and_the_one_who_owes_a_word_is_alarmed(desk, keeper):
    pages_are_set_up(keeper)
    whoever_owes_a_word_is_alarmed(desk)


def pages_are_set_up(keeper: Keeper) -> None:
    assert keeper.listed() == []
    keeper.add("pages", name="Staff status", audience="internal", is_review_required=False)
    keeper.until_listed("Staff status")
    keeper.until_rows("status_page", 1)
    page = str(keeper.desk.found("SELECT id FROM status_page"))
    component = AddComponent(component_id=derived_id("c", 1), page_id=UUID(page), name="VPN <b>")
    keeper.desk.colleague.pull()
    keeper.desk.give_elsewhere(component)
    keeper.desk.place.desk.profile.replica.pull()
    keeper.desk.settle()
    keeper.screen.show_kind("pages")
    keeper.screen.page_form.preview_requested.emit(UUID(page))
    keeper.desk.until(lambda: keeper.opened)
    shown = keeper.opened[0].read_text(encoding="utf-8")
    assert "Staff status" in shown
    assert "VPN &lt;b&gt;" in shown
    what_belongs_to_it_is_set_up(keeper, page)
    keeper.screen.show_kind("pages")
    keeper.until_listed("Staff status")
    keeper.change(is_active=False)
    keeper.until_rows("status_page WHERE NOT is_active", 1)
    keeper.change(is_active=True)
    keeper.until_rows("status_page WHERE is_active", 1)


def what_belongs_to_it_is_set_up(keeper: Keeper, page: str) -> None:
    pasted = "Ana <ana@example.com>\nops@example.org; ANA@example.com,\n"
    keeper.add("outlets", page=page, channel=str(PUSH), list=pasted, is_subscriber=True)
    keeper.until_rows("outlet", 2)
    keeper.until_listed("Ana", "ops@example.org")
    keeper.add("outlets", page=page, channel=str(PUSH), address="ops@example.org")
    keeper.desk.until(keeper.errors)
    sev3 = Severity.SEV3.value
    keeper.add("plans", severity=sev3, audience="internal", every_s="90", relaxed_every_s="120")
    keeper.until_rows("communication_plan WHERE every_s = 5400", 1)
    keeper.change(every_s="0")
    keeper.desk.until(keeper.errors)
    keeper.add("templates", name="Ours", moment="first", audience="external", summary="{service}")
    keeper.until_rows("update_template WHERE summary = '{service}'", 1)
    keeper.desk.until(lambda: "Ours" in keeper.listed())


def whoever_owes_a_word_is_alarmed(desk: RunningDesk) -> None:
    place, told = desk.place, list[str]()
    notices = WordNotices(place.desk, desk.program.window)
    notices.told.connect(lambda title, _: told.append(title))
    for command in (
        GrantRole(person_id=MAYA, role=Role.INCIDENT_MANAGER),
        ChangeSeverity(incident_id=INCIDENT, severity=Severity.SEV1, seen_severity=None,
                       reason="Everybody"),
        AcceptMajorIncident(incident_id=INCIDENT),
        TakeCommand(incident_id=INCIDENT, holding_id=derived_id("holding", 1)),
    ):  # fmt: skip
        desk.give_elsewhere(command)
    place.desk.profile.replica.pull()
    desk.until(lambda: told)
    assert told == ["INC-1001: the internal update is due at 09:05."]
    assert banners(desk) == [f"{told[0]} You owe the next word."]
    desk.clock.advance(timedelta(minutes=6))
    notices.look()
    notices.look()
    assert told[1:] == ["INC-1001: the internal update was due at 09:05."], "said once"
    offer = OfferRole(incident_id=INCIDENT, holding_id=derived_id("holding", 2), person_id=PRIYA,
                      role=ResponseRole.COMMUNICATIONS_MANAGER)  # fmt: skip
    desk.give_elsewhere(offer)
    place.desk.profile.replica.pull()
    desk.settle()
    assert banners(desk), "offered is not yet taken"
    a_word_ends_it(desk)


def a_word_ends_it(desk: RunningDesk) -> None:
    page_id, update_id = UUID(str(desk.found("SELECT id FROM status_page"))), derived_id("word", 1)
    draft = DraftUpdate(
        update_id=update_id, incident_id=INCIDENT, page_id=page_id, moment=UpdateMoment.FIRST,
        subject="INC-1001 - SEV 1 - Incident 0", summary="We are looking into it.",
    )  # fmt: skip
    send = SendUpdate(
        update_id=update_id, incident_id=INCIDENT, is_notifying=False, hold_s=0,
        seen_written_at=desk.clock.now(),
    )  # fmt: skip
    for command in (draft, send):
        desk.give_elsewhere(command)
    with closing(PagingSqlite(desk.home.shared_database, desk.clock)) as engine:
        engine.beat("test")
        engine.fire_due()
    desk.place.desk.profile.replica.pull()
    desk.until(lambda: not banners(desk))
    its_end_asks_for_the_last_one(desk)


def its_end_asks_for_the_last_one(desk: RunningDesk) -> None:
    """Who had communications, or was in charge, until then owes it, though no role is left."""
    demote = DemoteMajorIncident(incident_id=INCIDENT, decision="One office alone")
    desk.give_elsewhere(demote)
    desk.place.desk.profile.replica.pull()
    desk.until(lambda: banners(desk))
    lead = "INC-1001: the last internal update is due at 09:11."
    assert banners(desk) == [f"{lead} You owe the last word."]


def banners(desk: RunningDesk) -> list[str]:
    found = desk.program.window.findChildren(Banner)
    return [b.accessibleName() for b in found if b.isVisible() and "update" in b.accessibleName()]
