"""The times of one incident, each with its definition printed beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.incidents.incident import OPEN_STATES, Incident, IncidentState
from services.incidents.read_models import IncidentDetail
from services.reports import colours, styles, words
from services.reports.layout import Block, Stack, Whole, text
from services.reports.sheet import Sheet

_GAP: Final = 16.0
_PAD: Final = 16.0
_SHARES: Final = (1.3, 1.3, 1.0, 1.0)
_LONG: Final = 13


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it measures and how it is defined."""

    label: str
    value: str
    definition: str


def time_to_respond(incident: Incident, now: datetime) -> Figure:
    """First response minus reported; never 0 for what is not known."""
    if incident.first_response_at is not None:
        value = words.duration(incident.first_response_at - incident.reported_at)
    elif incident.state in OPEN_STATES and not incident.is_imported:
        value = f"open for {words.duration(now - incident.reported_at)}"
    else:
        value = words.NOT_RECORDED
    return Figure("Time to respond", value, "First response minus reported.")


def time_to_resolve(incident: Incident, now: datetime) -> Figure:
    """Resolved minus reported, holds included."""
    if incident.resolved_at is not None:
        value = words.duration(incident.resolved_at - incident.reported_at)
    elif incident.state in OPEN_STATES:
        value = f"open for {words.duration(now - incident.reported_at)}"
    elif incident.state is IncidentState.CANCELLED:
        value = "cancelled"
    else:
        value = words.NOT_RECORDED
    return Figure("Time to resolve", value, "Resolved minus reported, time on hold included.")


def handed_over(detail: IncidentDetail) -> Figure:
    """How often another team was asked to take it."""
    count = sum(1 for item in detail.escalations if item.escalation.to_team_id is not None)
    return Figure("Handed over", _times(count), "Offers to another team, rejected ones included.")


def reopened(incident: Incident) -> Figure:
    """How often it came back after being resolved."""
    return Figure("Reopened", _times(incident.reopen_count), "Returns from resolved to work.")


def _times(count: int) -> str:
    return words.counted(count, "time", "times") if count else "never"


class Cards(Whole):
    """Figures side by side."""

    def __init__(self, figures: Sequence[Figure], *, before: float) -> None:
        self.before = before
        self._cards = [_card(figure) for figure in figures]

    def _widths(self, width: float) -> list[float]:
        """Times need more room than counts."""
        room = width - _GAP * (len(self._cards) - 1)
        return [room * share / sum(_SHARES) for share in _SHARES]

    def height(self, width: float) -> float:
        """The tallest card."""
        cards = zip(self._cards, self._widths(width), strict=True)
        return max(card.height(wide - 2 * _PAD) for card, wide in cards) + 24

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """Cards of one height."""
        high, left = self.height(width), x
        for card, wide in zip(self._cards, self._widths(width), strict=True):
            sheet.box(left, y, wide, high, fill=colours.CARD, line=colours.HAIRLINE, radius=6)
            card.draw(sheet, left + _PAD, y + 12, wide - 2 * _PAD)
            left += wide + _GAP


def _card(figure: Figure) -> Stack:
    return Stack(
        [
            text(figure.label, styles.META),
            text(figure.value, styles.FIGURE if len(figure.value) < _LONG else styles.FIGURE_LONG),
            text(figure.definition, styles.MICRO, before=4),
        ]
    )


def figure_blocks(detail: IncidentDetail, now: datetime) -> list[Block]:
    """Four figures: respond, resolve, handed over, reopened."""
    incident = detail.incident
    figures = (
        time_to_respond(incident, now),
        time_to_resolve(incident, now),
        handed_over(detail),
        reopened(incident),
    )
    return [Cards(figures, before=20)]
