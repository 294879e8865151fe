"""Status updates written, read by another, stopped, sent and corrected on a real desk."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtWidgets import QAbstractButton
from running_desk import MAYA, PRIYA, RunningDesk, running_desk

from desktop.presenters.composer_presenter import ComposerPresenter
from desktop.presenters.dialog_flow import DialogFlow
from desktop.views.composer.check_card import CheckCard
from desktop.views.composer.strips import Strips
from desktop.views.composer.update_composer import Part, UpdateComposer
from desktop.widgets.banner import Banner, Notice
from desktop.widgets.form import FormField
from desktop.widgets.labels import LinkLabel
from desktop.widgets.snackbar import Snackbar
from services.communications import acts
from services.communications import settings_acts as settings
from services.communications.status_page import Audience
from services.communications.status_update import UpdateMoment
from services.core.clock import from_microseconds
from services.core.ids import derived_id
from services.dispatcher.engine_sqlite import PagingSqlite
from services.incidents.acts import ChangeSeverity
from services.incidents.priority import Severity
from services.major_incidents.acts import AcceptMajorIncident
from services.major_incidents.major import ResponsePhase
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination
from services.paging.page import Outcome
from services.people.commands import GrantRole
from services.people.person import Role
from services.sync.worker import SyncState

INCIDENT = derived_id("test incident", 0)
PUSH, STAFF, PUBLIC, SHOP = (derived_id("test", n) for n in ("push", "staff", "public", "shop"))
INTERNAL, EXTERNAL = Audience.INTERNAL, Audience.EXTERNAL


def communication() -> list[object]:
    """A page for staff, one for customers that is read twice, and where both go."""
    return [
        GrantRole(person_id=MAYA, role=Role.INCIDENT_MANAGER),
        GrantRole(person_id=PRIYA, role=Role.COMMUNICATIONS_MANAGER),
        AddDestination(destination_id=PUSH, kind=ProviderKind.MATTERMOST, name="Push",
                       base_url="https://chat.example.com"),
        settings.AddStatusPage(page_id=STAFF, name="Staff status", audience=INTERNAL),
        settings.AddStatusPage(page_id=PUBLIC, name="Customers", audience=EXTERNAL),
        settings.AddComponent(component_id=SHOP, page_id=PUBLIC, name="Shop"),
        settings.AddOutlet(outlet_id=derived_id("o", 1), page_id=STAFF, destination_id=PUSH,
                           address="staff", name="Staff room"),
        settings.AddOutlet(outlet_id=derived_id("o", 2), page_id=PUBLIC, destination_id=PUSH,
                           address="ana", is_subscriber=True),
        ChangeSeverity(incident_id=INCIDENT, severity=Severity.SEV1, seen_severity=None,
                       reason="Everybody"),
        AcceptMajorIncident(incident_id=INCIDENT),
    ]  # fmt: skip


@dataclass
class Writer:
    """Somebody at the composer."""

    desk: RunningDesk
    composer: UpdateComposer
    presenter: ComposerPresenter

    def write(self, audience: Audience = INTERNAL, **values: object) -> None:
        self.composer.put(audience, values)
        self.composer.changed.emit()
        self.desk.settle()

    def send(self) -> None:
        self.desk.clock.advance(timedelta(seconds=1))  # of two updates one is the newer
        self.composer.send()
        self.desk.settle()

    def typed(self, name: str, audience: Audience = INTERNAL) -> str:
        return self.composer.words[audience].fields.text(name)

    def error(self, name: str, audience: Audience = INTERNAL) -> str:
        field = self.composer.words[audience].fields.control(name).parentWidget()
        assert isinstance(field, FormField)
        return field.error

    def state(self) -> object:
        """How far the newest update is, for all."""
        return self.desk.found("SELECT state FROM status_update ORDER BY written_at DESC, id DESC")

    def until_state(self, state: str) -> None:
        self.desk.until(lambda: self.state() == state)
        self.desk.settle()

    def strips(self) -> str:
        notices = self.composer.findChild(Strips).findChildren(Notice)
        return " | ".join(n.accessibleName() for n in notices if n.isVisible())

    def banners(self) -> str:
        """What is asked above whatever screen is open."""
        found = self.desk.program.window.findChildren(Banner)
        return " | ".join(b.accessibleName() for b in found if not b.isHidden())

    def until_says(self, words: str) -> None:
        self.desk.until(lambda: words in self.strips())
        self.desk.settle()

    def until_typed(self, words: str) -> None:
        self.desk.until(lambda: self.typed("summary") == words)

    def press(self, name: str) -> None:
        buttons = [b for b in self.composer.findChildren(QAbstractButton) if b.isVisible()]
        next(b for b in buttons if b.text() == name).click()
        self.desk.settle()

    def problem(self) -> str:
        return self.composer.footer.problem

    def check(self) -> str:
        return self.composer.findChild(CheckCard).accessibleDescription()

    @property
    def snackbar(self) -> Snackbar:
        found = self.desk.program.window.findChild(Snackbar)
        assert found is not None
        return found

    def fire(self, outcome: Outcome = Outcome.DELIVERED, reason: str = "") -> None:
        """The dispatcher's part: what is due leaves, and the provider answers."""
        with closing(PagingSqlite(self.desk.home.shared_database, self.desk.clock)) as engine:
            engine.beat("test")
            engine.fire_due()
            while claimed := engine.claim("test", ""):
                engine.finish(claimed, outcome, reason=reason)
        self.desk.place.desk.profile.replica.pull()
        self.desk.settle()

    def unfinished(self) -> UUID:
        sql = "SELECT id FROM status_update WHERE state IN ('draft', 'in_review')"
        return UUID(str(self.desk.found(sql)))

    def elsewhere(self, kind: Any, person: UUID = PRIYA, **given: Any) -> None:
        """A colleague acts on the update that is being written."""
        id_ = self.unfinished()
        at = self.desk.found("SELECT written_at FROM status_update WHERE id = ?", str(id_))
        self.desk.clock.advance(timedelta(seconds=1))
        self.desk.colleague.pull()
        seen = from_microseconds(int(str(at)))
        command = kind(update_id=id_, incident_id=INCIDENT, seen_written_at=seen, **given)
        self.desk.give_elsewhere(command, person)
        self.desk.place.desk.profile.replica.pull()
        self.desk.settle()


@pytest.fixture
def writer(qtbot, tmp_path) -> Iterator[Writer]:
    with running_desk(tmp_path, incidents=1) as desk:
        dispatcher = desk.place.desk.profile.dispatcher
        assert dispatcher is not None
        dispatcher.stop()  # what leaves, the test decides
        for command in communication():
            desk.give_elsewhere(command)
        desk.place.desk.profile.replica.pull()
        desk.settle()
        composer = UpdateComposer(desk.program.window)
        composer.resize(392, 720)
        place = desk.place
        presenter = ComposerPresenter(place.desk, composer, DialogFlow(place.desk))
        composer.show()
        presenter.show_sync(SyncState(is_online=True))
        presenter.show(INCIDENT)
        desk.settle()
        yield Writer(desk, composer, presenter)


WORDS = {
    "summary": "Web card payments fail for all customers and 40 staff since 08:52.",
    "current_status": "Rollback is running\nThe cause is not yet known",
    "next_steps": "Decide on full rollback\nExpected back at 11:30",
}


def test_what_staff_are_told_is_kept_checked_stopped_sent_and_corrected(writer):
    draft_is_kept(writer)
    internal_update_leaves(writer)
    sent_is_corrected_and_held_is_asked_about(writer)
    offline_nothing_is_said_to_be_sent(writer)


def test_a_second_pair_of_eyes_reads_and_nobody_loses_their_words(writer):
    customers_are_told_after_a_review(writer)
    reviewer_keeps_their_own_words(writer)
    words_of_others_are_not_overwritten(writer)


def draft_is_kept(writer):
    writer.write(summary="Half a sent")
    writer.write(EXTERNAL, subject="Payments", summary="We are looking")
    writer.presenter.show(None)
    writer.until_typed("")
    writer.presenter.show(INCIDENT)
    writer.desk.settle()
    writer.until_typed("Half a sent")
    assert writer.typed("summary", EXTERNAL) == "We are looking"
    assert writer.composer.audience is EXTERNAL
    writer.presenter.show(derived_id("test incident", 1))
    writer.desk.settle()
    writer.until_typed("")
    writer.presenter.show(INCIDENT)
    writer.desk.settle()
    writer.write(summary="")


def internal_update_leaves(writer):
    assert writer.typed("subject").endswith("- SEV 1 - Incident 0")
    writer.desk.until(lambda: writer.check() == "1 of 5")  # when and where the next one comes
    writer.write(**WORDS)
    writer.desk.until(lambda: writer.check() == "5 of 5")
    writer.send()
    writer.until_state("queued")
    assert writer.snackbar.text.startswith("Update 1 leaves in 8 s")
    writer.until_typed("")
    writer.snackbar.act()
    writer.until_state("withdrawn")
    writer.until_typed(WORDS["summary"])
    writer.send()
    writer.until_state("queued")
    writer.fire()
    assert writer.state() == "queued", "the hold has not passed"
    writer.desk.clock.advance(timedelta(seconds=9))
    writer.fire(Outcome.REFUSED, "no such topic")
    writer.until_state("sent")
    writer.until_says("Update 1 did not reach Staff room. “no such topic”")
    writer.desk.until(lambda: writer.composer.side.number == 2)
    assert writer.composer.side.copies == "update 1"
    writer.composer.copy_requested.emit(INTERNAL)
    writer.until_typed(WORDS["summary"])


def sent_is_corrected_and_held_is_asked_about(writer):
    writer.composer.show_part(Part.TOLD)
    links = writer.composer.told.findChildren(LinkLabel)
    next(link for link in links if link.text() == "Correct this update").linkActivated.emit("")
    writer.desk.settle()
    writer.until_says("Corrects update 1.")
    writer.until_typed(WORDS["summary"])
    writer.composer.head.backdate.click()
    assert writer.composer.form().told_at is not None
    writer.press("Leave it")
    writer.until_state("withdrawn")
    writer.write(**WORDS)
    writer.send()
    writer.desk.clock.advance(timedelta(hours=3))
    writer.fire()
    writer.until_state("held")
    writer.until_says("The internal update waited 3 h and was not sent.")
    asked = "the internal update waited 3 h and was not sent. Is “INC-"
    writer.desk.until(lambda: asked in writer.banners())
    writer.press("Send now")
    writer.until_state("queued")
    writer.desk.until(lambda: asked not in writer.banners())
    writer.fire()
    writer.until_state("sent")


def offline_nothing_is_said_to_be_sent(writer):
    writer.presenter.show_sync(SyncState(is_online=False))
    writer.write(**WORDS)
    writer.desk.place.desk.profile.worker.stop()
    writer.composer.send()
    writer.desk.until(lambda: "is not sent yet" in writer.strips())
    writer.desk.until(lambda: "waits for the connection" in writer.snackbar.text)


def customers_are_told_after_a_review(writer):
    words = {"subject": "Payments", "summary": "Card payments fail. We are working on it."}
    writer.write(EXTERNAL, **words)
    assert not writer.composer.footer.may_send
    assert "Somebody else has to pass it first" in writer.problem()
    writer.composer.review_requested.emit(writer.composer.form(), PRIYA)
    writer.desk.settle()
    writer.until_state("in_review")
    writer.until_says("Priya Raman is asked to read it.")
    writer.elsewhere(acts.ReviewUpdate, is_passed=False, remark="Say since when")
    writer.until_says("Returned to be changed: “Say since when”")
    assert writer.typed("summary", EXTERNAL) == words["summary"]
    words["summary"] = "Card payments fail since 08:52. We are working on it."
    writer.write(EXTERNAL, **words)
    writer.composer.review_requested.emit(writer.composer.form(), None)
    writer.desk.settle()
    writer.until_state("in_review")
    writer.elsewhere(acts.ReviewUpdate, is_passed=True)
    writer.until_says("Priya Raman passed it")
    writer.send()
    assert "it is asked each time" in writer.problem()
    assert writer.state() == "in_review"
    writer.press("Yes")
    writer.send()
    writer.until_state("queued")
    assert writer.desk.found("SELECT is_notifying FROM status_update") == 1


def reviewer_keeps_their_own_words(writer):
    writer.write(summary="My own half sentence")
    id_ = derived_id("test update", 1)
    draft = acts.DraftUpdate(
        update_id=id_, incident_id=INCIDENT, page_id=STAFF, moment=UpdateMoment.FIRST,
        subject="INC-1 - SEV 1 - Incident 0", summary="Words of Priya",
    )  # fmt: skip
    writer.desk.give_elsewhere(draft, PRIYA)
    writer.elsewhere(acts.AskForReview, reviewer_id=MAYA)
    writer.until_says("Priya Raman asks for a second pair of eyes.")
    writer.until_typed("Words of Priya")
    writer.press("Pass")
    writer.until_says("Maya Lindqvist passed it")
    withdraw = acts.WithdrawUpdate(update_id=id_, incident_id=INCIDENT)
    writer.desk.place.desk.give(withdraw, said="")
    writer.until_state("withdrawn")
    writer.until_typed("My own half sentence")


def words_of_others_are_not_overwritten(writer):
    writer.write(**WORDS)
    writer.composer.review_requested.emit(writer.composer.form(), PRIYA)
    writer.desk.settle()
    writer.press("Take back")
    writer.write(summary="Mine, for all customers")
    at = dict.fromkeys(("current_status", "next_steps", "next_update_where"), "")
    writer.elsewhere(
        acts.ChangeDraft, moment=UpdateMoment.FIRST, phase=ResponsePhase.INVESTIGATING,
        subject="Theirs", summary="Theirs", next_update_at=None, component_states="{}",
        is_notifying=False, is_cause_released=False, told_at=None, **at,
    )  # fmt: skip
    writer.until_says("Priya Raman changed this update meanwhile: “Theirs” Yours stand below.")
    writer.until_typed("Mine, for all customers")
    writer.send()
    assert writer.state() == "draft"
    assert "summary" in writer.error("summary")
    writer.press("Keep mine")
    writer.send()
    writer.until_state("queued")
