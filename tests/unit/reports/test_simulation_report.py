"""The page for the wall: always one, whatever is found and whatever people are called."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from simulation_examples import (
    ANN,
    END,
    IMRAN,
    MAJOR,
    NETWORK,
    NOW,
    PEOPLE,
    POLICY,
    book,
    rotation,
    shifts,
    step,
)
from unit.reports.pdf_reading import fonts_of, packed, packed_text, page_texts
from unit.reports.simulated_examples import simulated, weak

from services.on_call.roster import RotationUnit
from services.on_call.simulation import outlook
from services.reports.simulation_report import simulation_report
from services.reports.simulation_weeks import MOST_WEEKS
from services.reports.simulation_words import call_line, weak_lines


def test_one_a4_page_says_who_is_called_when_and_how():
    pdf = simulation_report(simulated())
    (page,) = PdfReader(BytesIO(pdf)).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    told = packed_text(pdf)
    for words in (
        "Network, day and night",
        "Called first now Cem Çelik",
        "A page that starts on Mon 2 Mar 2026 09:30, and that nobody answers",
        "5 Lea Lead push message Step 2 named by the step",
        "30 Imran Iqbal push message Catch-all on call, Major incident manager on call",
        "Cem Çelik from 09:30",
        "Ann Archer from 09:00",
        "+1 h",
        "Sun 29 Mar 2026: clocks are put forward from 01:00 to 02:00 in Europe/London.",
        "None: every page that starts in this time reaches somebody",
        "Cem Çelik 816 h, 38%",
        "2,173 starts of a page looked at",
    ):
        assert packed(words) in told, words


def test_weak_spots_are_on_the_page():
    found = weak()
    told = packed_text(simulation_report(found))
    for words in (
        "No step reaches anybody, only the catch-all does",
        "Step 1 reaches nobody",
        "No verified contact method: Dov Dorn",
        "Imran Iqbal as the catch-all",
        "cannot be reached",
    ):
        assert packed(words) in told, words
    assert weak_lines(found)[0].fact.startswith("No step")


def test_nobody_at_all_is_on_the_page():
    own = book(contact_methods=())
    found = simulated(own)
    told = packed_text(simulation_report(found))
    assert packed("Nobody is reached at all") in told
    assert packed("Called first now Nobody") in told
    assert call_line(found, found.calls[0]).is_lost


sound = cache(simulated)


@cache
def crowded():
    """More of everything than fits: people, calls, weak spots, days, changes of hands."""
    many = tuple(f"{n}{'x' * 200}" for n in range(30))
    turns = rotation(NETWORK, *PEOPLE, unit=RotationUnit.HOUR)
    steps = tuple(step(n, roster_ids=(NETWORK.id,), person_ids=tuple(PEOPLE)) for n in range(4))
    own = book(
        shifts=shifts(NETWORK, turns), steps=steps, contact_methods=book().contact_methods[:1]
    )
    return simulated(
        own,
        replace(POLICY, name="y" * 120, repeat_count=5),
        people={id_: many[n] for n, id_ in enumerate(PEOPLE)},
        by="z" * 300,
    )


def lowest(pdf: bytes) -> float:
    """The baseline of the last line above the footer, in points from the foot of the page."""
    found: list[float] = []

    def note(text, _, matrix, *__):
        if text.strip():
            found.append(matrix[5])

    PdfReader(BytesIO(pdf)).pages[0].extract_text(visitor_text=note)
    footer = min(found)
    return min(y for y in found if y > footer + 1) - footer


@pytest.mark.parametrize("found", [simulated, weak, crowded])
def test_nothing_runs_into_the_footer(found):
    pdf = simulation_report(found())
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert lowest(pdf) > 14


def test_what_does_not_fit_is_counted():
    told = packed_text(simulation_report(crowded()))
    assert "morecalls" in told
    assert packed("and 1 more") in told


def test_a_longer_outlook_says_how_much_of_it_is_shown():
    own = book()
    far = outlook(own, POLICY, NOW, END + timedelta(days=1))
    long = replace(far, ends_at=NOW + timedelta(days=200))
    told = packed_text(simulation_report(simulated(own, outlook=long)))
    assert packed(f"Called first, 200 days; {MOST_WEEKS} weeks are shown") in told


def test_the_same_findings_make_the_same_bytes():
    assert simulation_report(simulated()) == simulation_report(simulated())


def test_every_font_is_inside():
    assert all(fonts_of(simulation_report(simulated())).values())


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=150), st.text(max_size=150), st.text(max_size=150))
def test_any_name_is_printed_on_one_page(person, roster, policy):
    found = replace(
        sound(),
        people={**PEOPLE, ANN: person, IMRAN: person},
        rosters={NETWORK.id: roster, MAJOR.id: roster},
        policy=replace(POLICY, name=policy),
        by=person,
    )
    assert len(page_texts(simulation_report(found))) == 1


def test_markup_in_a_name_stays_text():
    found = simulated(policy=replace(POLICY, name="<b>Bold</b> & <a href='x'>link</a>"))
    assert packed("<b>Bold</b> & <a href='x'>link</a>") in packed_text(simulation_report(found))
