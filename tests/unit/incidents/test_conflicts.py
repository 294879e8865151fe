"""What a person is told of an act that was not saved for all, and giving it again."""

from dataclasses import replace

import pytest
from builders import (
    ACCESS,
    DANA,
    LAPTOP,
    MAIL,
    MAYA,
    NETWORKING,
    TARA,
    THEO,
    VPN,
    WIRELESS,
    Desk,
    Office,
    escalate_command,
    log_command,
    note_command,
    notes_of,
    resolve_command,
)

from services.core.database import reading_engine
from services.core.ids import new_id
from services.incidents import acts
from services.incidents.conflicts import given_again, typed_in
from services.incidents.detail import incident_detail
from services.incidents.errors import ChangedMeanwhile, NewerNote
from services.incidents.incident import CancelReason, NoteKind
from services.incidents.priority import Impact, Priority, Urgency
from services.incidents.read_models import ConflictItem, Viewer, WayOut
from services.incidents.reference import directory
from services.paging.acts import EscalatePage, PagePeople
from services.people.commands import GrantRole
from services.people.person import Role
from services.sync.envelope import unseal


@pytest.fixture
def pair(office: Office) -> tuple[Desk, Desk]:
    return office.desk(), office.desk()


def told(desk: Desk, id_, viewer=MAYA) -> tuple[ConflictItem, ...]:
    """The conflicts of an incident as the record shows them."""
    engine = reading_engine(desk.folder / "cache.db")
    with engine.connect() as connection:
        names = directory(connection)
        detail = incident_detail(connection, names, Viewer(viewer, names.teams_of(viewer)), id_)
    engine.dispose()
    assert detail is not None
    return detail.conflicts


def clash(pair, first: object, second: object, id_) -> ConflictItem:
    """Both acts given at once on two desks; what the slower one is told."""
    one, two = pair
    one.do(first, DANA)
    two.give(second, MAYA)
    two.sync()
    [item] = told(two, id_)
    return item


def a_logged(pair, **given) -> tuple:
    one, two = pair
    id_ = one.log(**given)
    two.sync()
    return id_, two.incident(id_)


def prioritised(seen, impact, urgency, override=None):
    return acts.PrioritiseIncident(
        incident_id=seen.id, impact=impact, urgency=urgency, override=override,
        override_reason="VIP" if override else "", seen_impact=seen.impact,
        seen_urgency=seen.urgency, seen_priority=seen.priority,
    )  # fmt: skip


def described(seen, summary="", description=""):
    return acts.DescribeIncident(
        incident_id=seen.id, summary=summary or seen.summary,
        description=description or seen.description, seen_summary=seen.summary,
        seen_description=seen.description,
    )  # fmt: skip


def categorised(seen, category, subcategory=None):
    return acts.CategoriseIncident(
        incident_id=seen.id, category_id=category, subcategory_id=subcategory,
        seen_category_id=seen.category_id, seen_subcategory_id=seen.subcategory_id,
    )  # fmt: skip


def shown(item: ConflictItem) -> list[tuple[str, str, str]]:
    return [(c.field, c.mine, c.theirs) for c in item.clashes]


def test_impact_and_urgency_are_chosen_each_by_itself(pair):
    id_, seen = a_logged(pair)
    first = prioritised(seen, Impact.ONE_PERSON, Urgency.LOW)
    second = prioritised(seen, Impact.ORGANISATION, Urgency.HIGH)
    item = clash(pair, first, second, id_)
    assert shown(item) == [
        ("Impact", "Organisation", "One person"),
        ("Urgency", "High", "Low"),
    ]
    assert (item.field, item.mine, item.theirs) == ("Priority", "P1", "P5")
    assert item.way_out is WayOut.CHOOSE
    other = item.meanwhile
    assert (other.by, other.did) == ("Dana", "set impact and urgency")
    assert other.at < item.happened_at


def test_a_mixture_of_both_sides_is_saved(pair):
    one, two = pair
    id_, seen = a_logged(pair)
    mine = prioritised(seen, Impact.ORGANISATION, Urgency.HIGH)
    clash(pair, prioritised(seen, Impact.ONE_PERSON, Urgency.LOW), mine, id_)
    two.give(given_again(mine, two.incident(id_), frozenset({"impact"})), MAYA)
    two.sync()
    one.sync()
    for desk in pair:
        found = desk.incident(id_)
        assert (found.impact, found.urgency) == (Impact.ONE_PERSON, Urgency.HIGH)


def test_who_stands_by_what_was_there_has_a_choice_too(pair):
    _, two = pair
    id_, _ = a_logged(pair, impact=Impact.ORGANISATION, urgency=Urgency.HIGH)
    seen = two.incident(id_)
    mine = prioritised(seen, seen.impact, seen.urgency)
    item = clash(pair, prioritised(seen, Impact.ONE_PERSON, Urgency.HIGH), mine, id_)
    assert shown(item) == [("Impact", "Organisation", "One person")]
    assert (item.mine, item.theirs) == ("P1", "P3")
    two.give(given_again(mine, two.incident(id_)), MAYA)
    assert two.incident(id_).impact is Impact.ORGANISATION


def test_what_is_kept_is_the_priority_that_is_offered(pair):
    """Urgency stayed in one's own act; it is part of the choice all the same."""
    _, two = pair
    id_, _ = a_logged(pair, impact=Impact.TEAM, urgency=Urgency.HIGH)
    seen = two.incident(id_)
    mine = prioritised(seen, Impact.ORGANISATION, Urgency.HIGH)
    item = clash(pair, prioritised(seen, Impact.ONE_PERSON, Urgency.MEDIUM), mine, id_)
    assert [c.field for c in item.clashes] == ["Impact", "Urgency"]
    assert item.mine == "P1"
    two.give(given_again(mine, two.incident(id_)), MAYA)
    assert two.incident(id_).priority is Priority.P1


def test_an_override_is_a_choice_of_its_own(pair):
    _, two = pair
    id_, seen = a_logged(pair)
    mine = prioritised(seen, Impact.TEAM, Urgency.LOW, Priority.P2)
    item = clash(pair, prioritised(seen, Impact.TEAM, Urgency.MEDIUM), mine, id_)
    assert [c.field for c in item.clashes] == ["Urgency", "Priority"]
    assert item.mine == "P2"
    kept = given_again(mine, two.incident(id_), frozenset({"urgency"}))
    assert (kept.override, kept.override_reason) == (Priority.P2, "VIP")
    left = given_again(mine, two.incident(id_), frozenset({"priority"}))
    assert (left.override, left.override_reason) == (None, "")


def test_a_subcategory_goes_with_its_category(pair):
    _, two = pair
    id_, seen = a_logged(pair)
    mine = categorised(seen, NETWORKING, WIRELESS)
    item = clash(pair, categorised(seen, ACCESS), mine, id_)
    assert shown(item) == [("Category", "Networking › Wireless", "Access")]
    theirs = given_again(mine, two.incident(id_), frozenset({"category_id"}))
    assert (theirs.category_id, theirs.subcategory_id) == (ACCESS, None)


def test_summary_and_description_are_chosen_each_by_itself(pair):
    _, two = pair
    id_, seen = a_logged(pair)
    mine = described(seen, "VPN drops in the hall", "Since the new access point")
    item = clash(pair, described(seen, "VPN drops at noon", "Since Monday"), mine, id_)
    assert shown(item) == [
        ("Summary", "VPN drops in the hall", "VPN drops at noon"),
        ("Description", "Since the new access point", "Since Monday"),
    ]
    assert item.typed == "VPN drops in the hall\n\nSince the new access point"
    two.give(given_again(mine, two.incident(id_), frozenset({"summary"})), MAYA)
    found = two.incident(id_)
    assert (found.summary, found.description) == ("VPN drops at noon", "Since the new access point")


def test_words_that_were_left_as_they_were_stand_in_nobodys_way(pair):
    one, two = pair
    id_, seen = a_logged(pair)
    one.do(described(seen, summary="VPN drops at noon"), DANA)
    two.give(described(seen, description="Since Monday"), MAYA)
    two.sync()
    assert not two.conflicts()
    found = two.incident(id_)
    assert (found.summary, found.description) == ("VPN drops at noon", "Since Monday")


def test_service_and_products_stand_for_themselves(pair):
    one, two = pair
    id_, _ = a_logged(pair)
    base = acts.ChangeService(
        incident_id=id_, service_id=None, affected_product_ids=(), seen_service_id=None,
        seen_affected_product_ids=(),
    )  # fmt: skip
    one.do(replace(base, service_id=VPN), DANA)
    two.give(replace(base, affected_product_ids=(LAPTOP,)), MAYA)
    two.sync()
    assert not two.conflicts()
    one.sync()
    stale = replace(base, service_id=MAIL)
    with pytest.raises(ChangedMeanwhile):
        one.give(stale, DANA)
    assert given_again(stale, one.incident(id_)).affected_product_ids == (LAPTOP,)


def test_an_assignment_names_the_move_to_another_team(pair):
    id_, seen = a_logged(pair)
    one, _ = pair
    one.start(id_)
    mine = acts.AssignIncident(
        incident_id=id_, assignee_id=MAYA, seen_team_id=seen.team_id, seen_assignee_id=None
    )
    item = clash(pair, escalate_command(one, id_), mine, id_)
    assert shown(item) == [("Assignee", "Maya", "")]
    assert (item.meanwhile.by, item.meanwhile.did) == ("Dana", "escalated")


def test_an_escalation_somebody_took_is_only_told(pair):
    one, two = pair
    id_, _ = a_logged(pair)
    one.start(id_)
    one.escalate(id_)
    two.sync()
    one.do(acts.AcceptEscalation(incident_id=id_), THEO)
    two.give(acts.AcceptEscalation(incident_id=id_), TARA)
    two.sync()
    [item] = told(two, id_, TARA)
    assert item.way_out is WayOut.NOTHING
    assert (item.meanwhile.by, item.meanwhile.did) == ("Theo", "accepted the escalation")


def test_a_second_resolution_leaves_its_text_to_keep(pair):
    one, two = pair
    id_, _ = a_logged(pair)
    one.start(id_)
    two.sync()
    item = clash(pair, resolve_command(id_), resolve_command(id_, resolution="New cable"), id_)
    assert item.way_out is WayOut.KEEP_TEXT
    assert item.typed == "New cable"
    assert (item.meanwhile.by, item.meanwhile.did) == ("Dana", "resolved the incident")


def test_a_role_taken_away_meanwhile_is_told_as_such(pair):
    one, two = pair
    one.do(GrantRole(person_id=TARA, role=Role.SERVICE_DESK), MAYA)
    id_, seen = a_logged(pair)
    two.give(described(seen, "VPN drops at noon"), TARA)
    for role in (Role.SERVICE_DESK, Role.TIER_MEMBER):
        one.do(GrantRole(person_id=TARA, role=role, is_active=False), MAYA)
    two.sync()
    [item] = told(two, id_, TARA)
    assert item.code == "role-missing"
    assert item.told == "Your role for this was taken away before it was saved for all."
    assert item.typed == "VPN drops at noon"
    assert item.way_out is WayOut.NOTHING


def test_a_dismissed_conflict_comes_back_with_its_words(pair):
    _, two = pair
    id_, seen = a_logged(pair)
    item = clash(pair, described(seen, "VPN drops at noon"), described(seen, "VPN is down"), id_)
    bring_back = two.replica.dismiss(item.command_id)
    assert told(two, id_) == ()
    bring_back()
    assert told(two, id_) == (item,)
    entries, _ = two.replica._journal.entries(is_undecided_only=True)
    assert [entry.envelope.command_id for entry in entries] == [item.command_id]


def test_all_that_was_typed_is_told_once(pair):
    one, _ = pair
    envelope = one.give(log_command(one, summary="Mail is slow", description="Since noon"))
    assert typed_in(envelope) == "Mail is slow\n\nSince noon"
    again = one.give(described(one.incident(unseal(envelope, acts.LogIncident).incident_id),
                               description="Since one"))  # fmt: skip
    assert typed_in(again) == "Since one"


# -- a newer note holds a reply ---------------------------------------------------------------


def reply(id_, seen=None, text="We are on it."):
    return acts.AddNote(incident_id=id_, kind=NoteKind.REPLY, text=text, seen_note_id=seen)


def test_a_newer_note_on_this_desk_holds_a_reply(pair):
    one, _ = pair
    id_, _ = a_logged(pair)
    one.do(note_command(id_, text="Read me first"), THEO)
    [note] = notes_of(one, id_)
    with pytest.raises(NewerNote) as held:
        one.give(reply(id_, seen=id_), DANA)
    assert held.value.context["note_id"] == note.id
    one.do(reply(id_, seen=note.id), DANA)
    one.do(reply(id_), DANA)


def test_a_newer_note_found_after_a_pull_holds_a_reply(pair):
    one, two = pair
    id_, _ = a_logged(pair)
    two.give(reply(id_, seen=id_), MAYA)
    one.do(note_command(id_, text="Do not restart it!"), THEO)
    two.replica.pull()
    two.sync()
    [item] = told(two, id_)
    assert (item.code, item.typed, item.way_out) == ("newer-note", "We are on it.", WayOut.REPEAT)
    assert (item.meanwhile.by, item.meanwhile.text) == ("Theo", "Do not restart it!")
    held = unseal(two.conflicts()[0].envelope, acts.AddNote)
    two.give(given_again(held, two.incident(id_)), MAYA)
    two.sync()
    assert [n.text for n in notes_of(two, id_, NoteKind.REPLY)] == ["We are on it."]


@pytest.mark.parametrize("kind", [NoteKind.INTERNAL, NoteKind.CALL])
def test_only_replies_are_held(pair, kind):
    one, _ = pair
    id_, _ = a_logged(pair)
    one.do(note_command(id_, text="Read me first"), THEO)
    one.do(replace(reply(id_, seen=id_), kind=kind), DANA)


def test_ones_own_notes_and_older_ones_hold_nothing(pair):
    one, _ = pair
    id_, _ = a_logged(pair)
    one.do(note_command(id_, text="Theirs, read"), THEO)
    one.do(note_command(id_, text="Mine"), DANA)
    newest = max(notes_of(one, id_), key=lambda note: note.written_at)
    one.do(note_command(id_, text="Mine again"), DANA)
    one.do(reply(id_, seen=newest.id), DANA)


@pytest.mark.parametrize("is_named", [True, False])
def test_a_refused_act_on_a_page_is_told_with_its_incident(pair, is_named) -> None:
    """An act that does not name its incident is told nowhere in the record."""
    one, two = pair
    id_, _ = a_logged(pair)
    page_id = new_id(one.clock.now())
    one.do(PagePeople(page_id=page_id, incident_id=id_, person_ids=(MAYA,), reason="Help"), DANA)
    two.sync()
    one.do(acts.CancelIncident(incident_id=id_, reason=CancelReason.RAISED_IN_ERROR), DANA)
    two.give(EscalatePage(page_id=page_id, incident_id=id_ if is_named else None), MAYA)
    two.sync()
    assert [c.act for c in told(two, id_)] == ["EscalatePage"] * is_named
    assert [p.code for p in two.conflicts()] == ["page-over"]
