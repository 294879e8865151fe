"""What a desk accepts as text the shared database accepts too, and what it keeps comes back."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from builders import (
    DANA,
    KIM,
    MAYA,
    Desk,
    hold_command,
    log_command,
    note_command,
    office_at,
    resolve_command,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.core.errors import AppError, FieldMissing, InvalidText
from services.core.ids import new_id
from services.core.text import Limit, clean_line, clean_text
from services.incidents import acts
from services.incidents.incident import CancelReason, Note, OnHoldReason
from services.people.commands import AddPerson

ANY = st.characters()  # half characters and NUL included
WORDS = st.text(ANY, max_size=40) | st.text(st.sampled_from("a\x00\ud800\udfff\r\n\u2028 é\u0301𝄞"))
LONG = st.tuples(WORDS, st.sampled_from([119, 120, 121, 159, 160, 161, 19_999, 20_000, 20_001]))
TEXTS = WORDS | LONG.map(lambda pair: pair[0] + "x" * pair[1])


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with office_at() as office:
        yield office.desk()


Give = Callable[[Desk, UUID, str], object]
FIELDS: dict[str, Give] = {
    "summary": lambda d, i, t: log_command(d, summary=t),
    "description": lambda d, i, t: log_command(d, description=t),
    "source": lambda d, i, t: log_command(d, caller_id=None, monitoring_source=t),
    "reference": lambda d, i, t: log_command(d, external_reference=t),
    "note": lambda d, i, t: note_command(i, text=t),
    "hold remark": lambda d, i, t: acts.HoldIncident(
        incident_id=i,
        reason=OnHoldReason.CALLER,
        follow_up_at=hold_command(i).follow_up_at,
        remark=t,
        reply="r",
    ),
    "hold reply": lambda d, i, t: acts.HoldIncident(
        incident_id=i,
        reason=OnHoldReason.CALLER,
        follow_up_at=hold_command(i).follow_up_at,
        reply=t,
    ),
    "cancel remark": lambda d, i, t: acts.CancelIncident(
        incident_id=d.log(), reason=CancelReason.RAISED_IN_ERROR, remark=t
    ),
    "resolution": lambda d, i, t: resolve_command(d.log(), resolution=t),
    "person": lambda d, i, t: AddPerson(
        person_id=new_id(d.clock.now()), name=t, email=t, phone=t, site=t
    ),
}


@pytest.mark.parametrize("field", FIELDS)
def test_nothing_is_accepted_here_and_refused_there(desk: Desk, field: str) -> None:
    id_ = desk.start(desk.log())

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(TEXTS)
    def judge(text: str) -> None:
        try:
            desk.give(FIELDS[field](desk, id_, text), MAYA)
        except (InvalidText, FieldMissing):
            pass
        except AppError as error:
            if error.code != "transition-not-allowed":
                raise
        desk.sync()
        assert not desk.replica.pending(), text

    judge()


def test_the_longest_description_travels_and_a_longer_one_does_not_start(desk: Desk) -> None:
    longest = "ẞ" * Limit.DESCRIPTION.value
    command = log_command(desk, description=longest)
    desk.do(command)
    assert desk.incident(command.incident_id).description == longest
    with pytest.raises(InvalidText):
        desk.give(log_command(desk, description=longest + "x"))
    with pytest.raises(InvalidText):
        desk.give(note_command(command.incident_id, text="x" * 5_000_000))
    assert not desk.replica.pending()


@given(TEXTS)
def test_clean_text_stays_clean(text: str) -> None:
    try:
        kept = clean_text(text, field="x")
    except InvalidText:
        has_half = any("\ud800" <= c <= "\udfff" for c in text)
        assert len(text) >= 20_000 or "\x00" in text or has_half
        return
    assert clean_text(kept, field="x") == kept
    assert kept.encode().decode() == kept
    assert "\r" not in kept


@given(WORDS)
def test_a_line_is_one_line(text: str) -> None:
    try:
        kept = clean_line(text, field="x")
    except InvalidText:
        return
    assert len(kept.splitlines()) <= 1 or not set(kept) & set("\r\n\v\f\x85\u2028\u2029")
    assert clean_line(kept, field="x") == kept


def test_words_come_back_as_they_were(desk: Desk) -> None:
    text = "<b>מבחן</b> & 'quotes' \"double\" ; DROP TABLE note; -- 😀\nsecond line"
    id_ = desk.log()
    sent = desk.do(note_command(id_, text=text), DANA)
    found = [n for n in desk.find(Note, incident_id=id_) if n.written_at == sent.happened_at]
    assert [n.text for n in found] == [text]
    assert desk.incident(id_).caller_id == KIM
