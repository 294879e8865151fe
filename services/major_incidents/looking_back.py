"""A response as it stood at an earlier moment: the console of then is made from it. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from services.major_incidents.console_reading import Response
from services.major_incidents.knowledge import known_at
from services.major_incidents.major import HoldingState, RoleHolding, WorkStream


def response_at(of: Response, moment: datetime) -> Response:
    """The rows of a response as they could be read at a moment, from its proposal on.

    Who had which role follows from the moments of the holdings, the words from the history.
    Support cases and linked incidents count from when they were reported. Nobody is suggested
    as relief: that is asked of the rota of today.
    """
    history = of.history
    (incident,) = known_at((of.incident,), history, moment, lambda _: moment)
    (major,) = known_at((of.major,), history, moment, lambda _: moment)
    return replace(
        of,
        incident=incident,
        major=major,
        holdings=tuple(holdings_at(of.holdings, moment)),
        all_holdings=tuple(holdings_at(of.all_holdings, moment)),
        streams=tuple(
            _stream_at(stream, moment)
            for stream in known_at(of.streams, history, moment, lambda s: s.started_at)
        ),
        channels=tuple(c for c in of.channels if c.added_at <= moment),
        entries=known_at(of.entries, history, moment),
        document=known_at(of.document, history, moment),
        cases=tuple(c for c in of.cases if c.opened_at <= moment),
        children=tuple(c for c in of.children if c.reported_at <= moment),
        change_events=tuple(e for e in of.change_events if e.recorded_at <= moment),
        shifts=(),
    )


def holdings_at(holdings: Iterable[RoleHolding], moment: datetime) -> Iterator[RoleHolding]:
    """Roles as they stood at a moment; what was offered later is left out."""
    for holding in holdings:
        if holding.offered_at > moment:
            continue
        if holding.ended_at is not None and holding.ended_at <= moment:
            yield holding
            continue
        is_held = holding.accepted_at is not None and holding.accepted_at <= moment
        yield replace(
            holding,
            state=HoldingState.HELD if is_held else HoldingState.OFFERED,
            accepted_at=holding.accepted_at if is_held else None,
            ended_at=None,
            end_remark="",
        )


def _stream_at(stream: WorkStream, moment: datetime) -> WorkStream:
    """A stream that was ended before histories were kept was still under way until then."""
    is_ended = stream.ended_at is not None and stream.ended_at <= moment
    return stream if is_ended else replace(stream, ended_at=None)
