"""What the paper says, and the form it has."""

import re
import shutil
import subprocess
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from unit.reports.bad_text import nasty
from unit.reports.pdf_reading import fonts_of, packed, packed_text, page_texts
from unit.reports.report_examples import IMPORTED, NEW, VPN, options, with_incident
from unit.reports.vpn_timeline import at

from services.incidents.incident import IncidentState, OnHoldReason
from services.reports.figures import time_to_resolve, time_to_respond
from services.reports.options import Paper

ALL = {"closed": VPN, "new": NEW, "imported": IMPORTED, "nasty": nasty()}
INTERNAL = "Four more calls from Finance on the queue"


@pytest.mark.parametrize("name", ALL)
def test_pages_are_counted(printed, name):
    pages = page_texts(printed(ALL[name]))
    counted = [re.search(r"Page (\d+) of (\d+)", page).groups() for page in pages]
    assert counted == [(str(n), str(len(pages))) for n in range(1, len(pages) + 1)]


def test_every_page_names_incident_data_time_and_printer(printed):
    for page in page_texts(printed(VPN)):
        assert "INC-1042" in page
        assert "Data as of 4 Mar 2026 15:50, printed 4 Mar 2026 15:52 by Maya Lindqvist" in page


def test_every_page_of_a_confidential_incident_says_so(printed):
    pages = page_texts(printed(with_incident(VPN, is_confidential=True)))
    assert len(pages) > 1
    assert all("Confidential" in page for page in pages)
    assert not any("Confidential" in page for page in page_texts(printed(VPN)))


def test_every_page_of_a_drill_says_so(printed):
    pages = page_texts(printed(with_incident(VPN, is_drill=True, is_confidential=True)))
    assert len(pages) > 1
    assert all("Drill" in page and "Confidential" in page for page in pages)
    assert "counts in no figure" in pages[0]
    assert not any("Drill" in page for page in page_texts(printed(VPN)))


@pytest.mark.parametrize(
    ("paper", "points"), [(Paper.A4, (595.28, 841.89)), (Paper.LETTER, (612, 792))]
)
def test_paper_sizes(printed, paper, points):
    for page in PdfReader(BytesIO(printed(VPN, paper=paper))).pages:
        assert (page.mediabox.width, page.mediabox.height) == pytest.approx(points, abs=0.01)


@pytest.mark.parametrize("name", ALL)
def test_fonts_are_inside_and_none_is_helvetica(printed, name):
    fonts = fonts_of(printed(ALL[name]))
    assert fonts
    assert all(fonts.values())
    assert {font.split("+")[1] for font in fonts} <= {
        "Inter-Regular",
        "Inter-SemiBold",
        "JetBrainsMono-Regular",
    }


def test_internal_notes_only_when_asked_for(printed):
    assert packed(INTERNAL) in packed_text(printed(VPN, with_internal_notes=True))
    without = packed_text(printed(VPN, with_internal_notes=False))
    assert packed(INTERNAL) not in without
    assert packed("3 internal notes are left out of this copy.") in without


def test_no_word_about_internal_notes_where_there_are_none(printed):
    assert "internal" not in packed_text(printed(NEW, with_internal_notes=False))


def test_the_same_arguments_give_the_same_bytes(printed):
    assert printed(VPN) == printed(VPN)
    assert printed(VPN) != printed(VPN, printed_by="Tomasz Łuczak")


def test_properties_of_the_document(printed):
    found = PdfReader(BytesIO(printed(VPN))).metadata
    assert found.title == f"INC-1042 {VPN.incident.summary}"
    assert found.author == "Maya Lindqvist"
    assert found.subject == f"Incident report, data as of {options().data_as_of.isoformat()}"


@pytest.mark.parametrize("name", ALL)
def test_qpdf_finds_no_fault(printed, tmp_path, name):
    if not shutil.which("qpdf"):
        pytest.skip("qpdf is not installed here")
    (tmp_path / "report.pdf").write_bytes(printed(ALL[name]))
    command = ["qpdf", "--check", str(tmp_path / "report.pdf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_history_is_oldest_first_with_both_times(printed):
    text = packed("".join(page_texts(printed(VPN))))
    marks = ["loggedtheincident", "changedcategory", "resolveditandhandeditback", "closedit,"]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    assert packed("3 Mar 2026 10:03 3 Mar 2026 10:29") in text


def test_escalations_say_what_was_handed_over(printed):
    text = packed_text(printed(VPN))
    for item in VPN.escalations:
        escalation = item.escalation
        for typed in (escalation.reason, escalation.found, escalation.need, escalation.end_remark):
            assert packed(typed) in text
    for time in ("40 min", "1 h 51 min", "3 h 51 min", "22 h 09 min"):
        assert packed(time) in text


def test_closure_names_who_confirmed(printed):
    assert packed("Priya Raman, by phone, 4 Mar 2026 12:44") in packed_text(printed(VPN))


def test_an_imported_record_invents_nothing(printed):
    text = packed_text(printed(IMPORTED))
    assert "Importedrecord" in text
    assert "INC0000045" in text
    assert packed("Confirmation not recorded") in text
    assert packed("Time to respond not recorded") in text
    assert "Openedby8" in text


@pytest.mark.parametrize(
    ("detail", "respond", "resolve"),
    [
        (VPN, "9 min", "6 h 26 min"),
        (NEW, "open for 1 d 6 h", "open for 1 d 6 h"),
        (IMPORTED, "not recorded", "6 h 26 min"),
        (with_incident(VPN, first_response_at=None), "not recorded", "6 h 26 min"),
        (with_incident(VPN, resolved_at=None), "9 min", "not recorded"),
        (with_incident(VPN, first_response_at=at(0)), "under 1 min", "6 h 26 min"),
        (with_incident(NEW, is_imported=True), "not recorded", "open for 1 d 6 h"),
    ],
)
def test_times_to_respond_and_to_resolve(detail, respond, resolve):
    now = options().data_as_of
    assert time_to_respond(detail.incident, now).value == respond
    assert time_to_resolve(detail.incident, now).value == resolve


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        (IncidentState.ON_HOLD, {"on_hold_reason": OnHoldReason.SUPPLIER}),
        (IncidentState.IN_PROGRESS, {}),
        (IncidentState.RESOLVED, {}),
        (IncidentState.CANCELLED, {"cancelled_at": at(5)}),
    ],
)
def test_every_state_prints(printed, state, fields):
    detail = with_incident(VPN, state=state, closed_at=None, **fields)
    assert packed(detail.label.value) in packed_text(printed(detail))


def test_a_headline_never_stands_alone_at_the_foot(printed):
    """Push the sections down line by line; no page may end with a section's title."""
    titles = {"Who and when", "What is affected", "Description", "Resolution and closure"}
    titles |= {"Escalation path", "Hand-overs", "Calls to management", "History"}
    for lines in range(0, 60, 4):
        detail = with_incident(VPN, description="\n".join(["line"] * lines))
        for page in page_texts(printed(detail)):
            body = [line.strip() for line in page.splitlines() if line.strip()]
            footer = next(n for n, line in enumerate(body) if line.startswith("INC-1042 Data"))
            assert body[footer - 1] not in titles


def test_unsaved_changes_are_told(printed):
    told = packed_text(printed(replace(VPN, pending_count=2)))
    assert packed("2 changes are saved on this desk only, not yet for all.") in told
