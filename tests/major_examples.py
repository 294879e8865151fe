"""A major incident as the console shows it; ids are fixed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.main_window import MainWindow
from desktop.views.major.board import Board
from desktop.views.major.board_card import BoardCard
from desktop.views.major.console import MajorConsole
from desktop.views.major.values import (
    AnswerRow,
    CardView,
    ChannelRow,
    ConsoleView,
    HeadView,
    LineView,
    MajorRow,
    RoleRow,
    StepStanding,
    StepView,
    StreamRow,
)
from services.major_incidents.entries import DocumentSection, EntryKind, Verdict
from services.major_incidents.major import ChannelKind, ResponseRole

NOW = datetime(2026, 10, 14, 10, 42, 7, tzinfo=UTC)
DUE = NOW + timedelta(minutes=5, seconds=53)


def an_id(name: str) -> UUID:
    """The id of whatever is called so."""
    return uuid5(NAMESPACE_URL, name)


def a_head(**changes: object) -> HeadView:
    """The head, with a word due in six minutes."""
    values: dict[str, object] = {
        "severity": 1,
        "key": "INC-204",
        "state": "fixing",
        "title": "Checkout payments failing for all web customers",
        "facts": ("Service: Online shop", "Products: Checkout gateway", "38 linked incidents"),
        "suspect": "change CHG-911 deployed 08:49, 3 min before impact",
        "impact_started_at": NOW - timedelta(minutes=110, seconds=7),
        "detected_in": "4 min",
        "last_word_at": NOW - timedelta(minutes=14),
        "update_due_at": DUE,
    }
    return HeadView(**{**values, **changes})  # type: ignore[arg-type]


def cards() -> list[CardView]:
    """Two theories and an observation."""
    rows = (
        ("leak", EntryKind.THEORY, "CHG-911 leaks connections on retry", Verdict.TESTING),
        ("provider", EntryKind.THEORY, "Card provider is degraded", Verdict.RULED_OUT),
        ("errors", EntryKind.OBSERVATION, "Error rate 38 % since 08:52", Verdict.CONFIRMED),
    )
    return [
        CardView(entry_id=an_id(name), kind=kind, text=text, verdict=verdict, stamp="09:24 PR")
        for name, kind, text, verdict in rows
    ]


def lines() -> list[LineView]:
    """Newest first: an action, a decision that is pinned, an update, a change struck through."""
    rows = (
        (6, "action", "Ruben Meijer", "Rollback started on pay-api-3"),
        (11, "decision", "Callum Byrne", "Roll back one node first"),
        (24, "update", "Sofia Conti", "Internal update 4"),
        (61, "change", "Ruben Meijer", "Pool size 50 to 120"),
    )
    return [
        LineView(
            key=f"line {kind}",
            kind=kind,
            time=(NOW - timedelta(minutes=ago)).strftime("%H:%M"),
            who=who,
            text=text,
            happened_at=NOW - timedelta(minutes=ago),
            written_at=NOW - timedelta(minutes=ago),
            entry_id=None if kind == "update" else an_id(kind),
            is_pinned=kind == "decision",
            is_removed=kind == "change",
        )
        for ago, kind, who, text in rows
    ]


def roles() -> tuple[RoleRow, ...]:
    """One who is fresh, one who is tired, one who is asked, and a role nobody has."""
    return (
        RoleRow(key="im", role=ResponseRole.INCIDENT_MANAGER, title="Incident manager",
                duties=("Decides.",), holding_id=an_id("im"), person_id=an_id("Callum Byrne"),
                person="Callum Byrne", on_duty="1 h 41 min", is_you=True),
        RoleRow(key="db", role=ResponseRole.OWN, title="Database expert",
                holding_id=an_id("db"), person_id=an_id("Ruben Meijer"), person="Ruben Meijer",
                on_duty="9 h today", is_tired=True, relief="Could take over: Renata Moreno"),
        RoleRow(key="sc", role=ResponseRole.DEPUTY, title="Deputy", holding_id=an_id("sc"),
                person_id=an_id("Callum Byrne"), person="Callum Byrne", is_offered=True,
                may_answer=True, pack="All is told."),
        RoleRow(key="social", role=ResponseRole.SOCIAL_MEDIA_LEAD, title="Social media lead"),
    )  # fmt: skip


def answers() -> tuple[AnswerRow, ...]:
    """One known, one said to be unknown, one never asked."""
    return (
        AnswerRow(section=DocumentSection.IMPACT, question="What is the impact?",
                  text="No web payments", typed="No web payments", is_unknown=False),
        AnswerRow(section=DocumentSection.HOW_MANY, question="How many are affected?",
                  text="Unknown, counting", typed="counting", is_unknown=True),
        AnswerRow(section=DocumentSection.OTHER_FACTORS, question="Are there other factors?",
                  text="", is_unknown=True),
    )  # fmt: skip


def streams() -> tuple[StreamRow, ...]:
    """One under way, one that has ended."""
    return (
        StreamRow(stream_id=an_id("db"), name="Database", remark="Ruben Meijer · 2 entries"),
        StreamRow(stream_id=an_id("fe"), name="Web front", remark="nobody leads it yet",
                  stands="ended 10:20", is_under_way=False),
    )  # fmt: skip


def a_view(**changes: object) -> ConsoleView:
    """A whole console."""
    steps = tuple(
        StepView(word.lower(), word,
                 StepStanding.DONE if at < 6 else StepStanding.NOW if at == 6
                 else StepStanding.AHEAD, "What it takes.")
        for at, word in enumerate(("Detect", "Open comms", "Assess", "First comms", "Escalate",
                                   "Delegate", "Fix and update", "Resolve", "Review"))
    )  # fmt: skip
    channels = (
        ChannelRow(channel_id=an_id("chat"), kind=ChannelKind.CHAT, name="Chat room",
                   address="#inc-204", shown="#inc-204"),
        ChannelRow(channel_id=an_id("doc"), kind=ChannelKind.DOCUMENT, name="Document",
                   address="https://wiki.example/204", shown="State document",
                   link="https://wiki.example/204"),
    )  # fmt: skip
    values: dict[str, object] = {
        "major_id": an_id("major"),
        "incident_id": an_id("incident"),
        "head": a_head(),
        "steps": steps,
        "roles": roles(),
        "streams": streams(),
        "channels": channels,
        "answers": answers(),
        "refusals": {},
    }
    return ConsoleView(**{**values, **changes})  # type: ignore[arg-type]


def a_row(name: str, **changes: object) -> MajorRow:
    """A line of the list."""
    values: dict[str, object] = {
        "key": str(an_id(name)),
        "major_id": an_id(name),
        "incident_id": an_id(f"incident {name}"),
        "severity": 1,
        "number": "INC-204",
        "state": "fixing",
        "summary": name,
        "update_due_at": DUE,
        "is_accepted": True,
    }
    return MajorRow(**{**values, **changes})  # type: ignore[arg-type]


@contextmanager
def open_window() -> Iterator[tuple[MainWindow, MajorConsole]]:
    """A window with the console in front, for as many tests as want it."""
    window = MainWindow()
    console = MajorConsole(window.hub)
    window.add_screen("major_console", console)
    window.resize(1440, 900)
    window.show()
    assert QTest.qWaitForWindowExposed(window)
    window.activateWindow()
    yield window, console
    window.close_now()
    window.deleteLater()
    QApplication.processEvents()


def show_anew(window: MainWindow, console: MajorConsole) -> None:
    """The console as every test finds it."""
    window.resize(1440, 900)
    window.show_screen("major_console")
    window.major_pill.show_row(None, 0, NOW)
    console.moment.leave()
    console.timeline.filter.set_current("all")
    console.timeline.entry.restore({})
    console.impact.restore({})
    console.show_view(a_view(), NOW)
    console.moment.show_span(NOW - timedelta(hours=2), NOW, [line.written_at for line in lines()])
    console.show_known(cards(), lines())
    QApplication.processEvents()


def button(root: QWidget, name: str) -> QPushButton:
    """The one button of this name."""
    found = [b for b in root.findChildren(QPushButton) if b.accessibleName() == name]
    assert len(found) == 1, [b.accessibleName() for b in root.findChildren(QPushButton)]
    return found[0]


def card_of(board: Board, entry_id: UUID) -> BoardCard:
    """The card of an entry."""
    (found,) = [
        card
        for column in board.columns.values()
        for card in column.cards
        if card.card.entry_id == entry_id
    ]
    return found
