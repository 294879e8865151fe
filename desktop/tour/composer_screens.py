"""The composer of status updates in its states, and status pages, for the pictures."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from desktop.presenters.composer_reading import Composing
from desktop.presenters.workplace import Workplace
from desktop.tour.major_screens import MAJOR_SCREENS
from desktop.tour.major_story import COMMS, INCIDENT_ID, MANAGER, PAGES, SUMMARY
from desktop.tour.stage import Show, Stage
from desktop.tour.sync_screens import give, take_in
from desktop.views.composer.update_composer import Part, UpdateComposer
from desktop.views.status_pages.screen import StatusPageScreen
from services.admin.schema import founder_id
from services.communications import acts
from services.communications import settings_acts as settings
from services.communications.status_page import Audience
from services.communications.status_update import UpdateMoment, UpdateState
from services.core.ids import derived_id
from services.dispatcher.engine_sqlite import PagingSqlite
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination
from services.paging.page import Outcome

INTERNAL, EXTERNAL = Audience.INTERNAL, Audience.EXTERNAL
ROOM, MAIL = (derived_id("tour words", name) for name in ("room", "mail"))
_REFUSAL: Final = "550 5.1.1 all-staff@alderfinch.example: no such mailbox"
_LINES: Final = {
    "summary": "Web card payments fail for all customers since 08:52, 40 staff cannot refund."
    " We test taking back CHG-911.",
    "current_status": "Rollback running on one of six nodes\n"
    "Connection pool is full, cause not proven\nPhone orders still work",
    "next_steps": "11:30 expected back if the pool stays low\nCheck refunds for double charges",
}
_OUTSIDE: Final = {
    "subject": "Card payments in the web shop",
    "summary": "Card payments fail because of db-pay-2. Ruben Meijer restarts the node.",
    "phase": "identified",
}


def _id(*parts: object) -> UUID:
    return derived_id("tour words", *parts)


def _set_up() -> Sequence[object]:
    """Where both pages go, and what customers know of the shop."""
    outlets = (
        (INTERNAL, ROOM, "all-staff", "Staff room", False),
        (INTERNAL, MAIL, "all-staff@alderfinch.example", "E-mail to all staff", False),
        (EXTERNAL, ROOM, "public", "Public page", False),
        *(
            (EXTERNAL, MAIL, f"customer{n}@example.org", f"Customer {n}", True)
            for n in range(11, 23)
        ),
    )
    components = ("Web shop", "Mobile app", "Phone orders")
    return (
        AddDestination(destination_id=ROOM, kind=ProviderKind.MATTERMOST,
                       name="Chat", base_url="https://chat.alderfinch.example"),
        AddDestination(destination_id=MAIL, kind=ProviderKind.EMAIL, name="Company mail",
                       options='{"host": "smtp.example.com", "sender": "it@alderfinch.example"}'),
        *(settings.AddOutlet(outlet_id=_id("outlet", n), page_id=PAGES[audience], name=name,
                             destination_id=through, address=address, is_subscriber=is_subscriber)
          for n, (audience, through, address, name, is_subscriber) in enumerate(outlets)),
        *(settings.AddComponent(component_id=_id("component", name), name=name, position=n,
                                page_id=PAGES[EXTERNAL])
          for n, name in enumerate(components)),
    )  # fmt: skip


def _person(place: Workplace, name: str) -> UUID:
    return next(p.id for p in place.desk.directory.people.values() if p.name == name)


def _console(stage: Stage) -> UpdateComposer:
    """The console under way, with outlets; what an earlier picture left is put away."""
    MAJOR_SCREENS["major"](stage)
    place = stage.place
    mark = stage.home.cache / "words"
    if not mark.exists():
        mark.touch()
        give(stage, founder_id("tour"), *_set_up())
    for item in _known(stage).items:
        if item.update.state in (UpdateState.IN_REVIEW, UpdateState.HELD, UpdateState.DRAFT):
            away = acts.WithdrawUpdate(update_id=item.update.id, incident_id=INCIDENT_ID)
            give(stage, _person(place, MANAGER), away)
    take_in(stage)
    composer = stage.driver.window.findChild(UpdateComposer)
    assert composer is not None
    composer.show_part(Part.WRITING)
    return composer


def _known(stage: Stage) -> Composing:
    stage.driver.until(lambda: stage.place.composer.known is not None, "what was told before")
    known = stage.place.composer.known
    assert known is not None
    return known


def _subject(stage: Stage) -> str:
    return f"{_known(stage).key} - SEV 1 - {SUMMARY}"


def _internal(stage: Stage) -> None:
    """All five points are said."""
    composer = _console(stage)
    composer.put(INTERNAL, {"subject": _subject(stage), **_LINES})
    composer.changed.emit()
    stage.driver.settle()


def _external(stage: Stage) -> None:
    """Names, machines and a cause that customers should not read of."""
    composer = _console(stage)
    states = [f"{_id('component', 'Web shop')} major_outage",
              f"{_id('component', 'Mobile app')} partial_outage"]  # fmt: skip
    composer.put(EXTERNAL, {**_OUTSIDE, "components": states})
    composer.changed.emit()
    stage.driver.settle()


def _draft(stage: Stage, name: str, audience: Audience) -> acts.DraftUpdate:
    words = {k: v for k, v in _LINES.items() if audience is INTERNAL or k == "summary"}
    summary = words["summary"] if audience is INTERNAL else "Card payments still fail."
    return acts.DraftUpdate(
        update_id=_id(name), incident_id=INCIDENT_ID, page_id=PAGES[audience],
        moment=UpdateMoment.FOLLOW_UP, summary=summary,
        subject=_subject(stage) if audience is INTERNAL else "Card payments in the web shop",
        current_status=words.get("current_status", ""), next_steps=words.get("next_steps", ""),
        next_update_at=stage.clock.now() + timedelta(minutes=30),
        next_update_where="Staff status page",
    )  # fmt: skip


def _asked(stage: Stage) -> None:
    """The communications manager asks the incident manager to read it."""
    composer = _console(stage)
    draft, writer = _draft(stage, "asked", INTERNAL), _person(stage.place, COMMS)
    ask = acts.AskForReview(
        update_id=draft.update_id, incident_id=INCIDENT_ID, seen_written_at=stage.clock.now(),
        reviewer_id=_person(stage.place, MANAGER),
    )  # fmt: skip
    give(stage, writer, draft, ask)
    composer.choose(INTERNAL)
    take_in(stage)


def _sent(stage: Stage, name: str, audience: Audience) -> acts.SendUpdate:
    return acts.SendUpdate(
        update_id=_id(name), incident_id=INCIDENT_ID, is_notifying=False, hold_s=0,
        seen_written_at=stage.clock.now(),
    )  # fmt: skip


def _held(stage: Stage) -> None:
    """An update for customers that waited for longer than it was true."""
    composer = _console(stage)
    now, writer = stage.clock.now(), _person(stage.place, COMMS)
    stage.clock.moment = now - timedelta(minutes=24)
    draft = replace(_draft(stage, "held", EXTERNAL), next_update_at=None)
    give(stage, writer, draft, _sent(stage, "held", EXTERNAL))
    stage.clock.moment = now
    with closing(PagingSqlite(stage.home.shared_database, stage.clock)) as engine:
        engine.beat("tour")
        engine.fire_due()
    composer.choose(EXTERNAL)
    take_in(stage)


def _receipts(stage: Stage) -> None:
    """The last word for staff arrived in the room, and was refused by the mail server."""
    composer = _console(stage)
    writer = _person(stage.place, COMMS)
    if _known(stage).item(_id("sent")) is None:
        draft = _draft(stage, "sent", INTERNAL)
        give(stage, writer, draft, _sent(stage, "sent", INTERNAL))
        with closing(PagingSqlite(stage.home.shared_database, stage.clock)) as engine:
            engine.beat("tour")
            engine.fire_due()
            while claimed := engine.claim("tour", ""):
                is_mail = claimed.destination_id == MAIL
                outcome = Outcome.REFUSED if is_mail else Outcome.DELIVERED
                engine.finish(claimed, outcome, reason=_REFUSAL if is_mail else "")
    composer.choose(INTERNAL)
    take_in(stage)
    composer.show_part(Part.TOLD)
    stage.driver.settle()


def _alarm(stage: Stage) -> None:
    """The communications manager owes the word for customers, and it is late."""
    _console(stage)
    place = stage.place
    stage.clock.advance(timedelta(minutes=8))
    place.desk.work_as(_person(place, COMMS))
    stage.trigger("go.team_queue")
    place.words.look()
    stage.driver.settle()


def _preview(stage: Stage) -> None:
    _internal(stage)
    composer = stage.driver.window.findChild(UpdateComposer)
    assert composer is not None
    composer.show_part(Part.AS_IT_ARRIVES)
    stage.driver.settle()


def _status_pages(kind: str) -> Show:
    def show(stage: Stage) -> None:
        _console(stage)
        stage.place.desk.work_as(founder_id("tour"))
        stage.trigger("tools.status_pages")
        screen = stage.driver.window.findChild(StatusPageScreen)
        assert screen is not None
        screen.show_kind(kind)
        stage.driver.settle()

    return show


def _new_outlet(stage: Stage) -> None:
    _status_pages("outlets")(stage)
    screen = stage.driver.window.findChild(StatusPageScreen)
    assert screen is not None
    screen.add()
    pasted = "Ana Costa <ana@example.org>\nops@example.net; billing@example.net"
    screen.current_form.fields.restore(
        {"page": str(PAGES[EXTERNAL]), "channel": str(MAIL), "list": pasted,
         "is_subscriber": True}
    )  # fmt: skip
    stage.driver.settle()


COMPOSER_SCREENS: dict[str, Show] = {
    "composer_internal": _internal,
    "composer_preview": _preview,
    "composer_external": _external,
    "composer_review": _asked,
    "composer_held": _held,
    "composer_alarm": _alarm,
    "composer_receipts": _receipts,
    **{f"status_pages_{kind}": _status_pages(kind)
       for kind in ("pages", "components", "outlets", "plans", "templates")},
    "status_pages_paste": _new_outlet,
}  # fmt: skip
