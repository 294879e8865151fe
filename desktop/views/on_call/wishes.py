"""What hands and keys ask of the rota, before any rule has judged it."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from desktop.views.on_call.geometry import Place, Scale
from desktop.views.on_call.values import Bar, BarKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideWish:
    """Somebody else, or somebody at all, for a span of a roster."""

    roster_id: UUID
    starts_at: datetime
    ends_at: datetime
    is_backup: bool = False
    replaced_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResizeWish:
    """A bar that begins or ends at another time."""

    roster_id: UUID
    bar: Bar
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapWish:
    """A bar that changes places with another one; without one it is given away."""

    roster_id: UUID
    bar: Bar
    other: Bar | None = None


Wish = OverrideWish | ResizeWish | SwapWish


class Hold(Enum):
    """By what a bar is held."""

    EMPTY = "empty"
    START = "start"
    END = "end"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Something being drawn or moved. ``place.at`` is -1 where no bar is held."""

    hold: Hold
    roster_id: UUID
    place: Place
    starts_at: datetime
    ends_at: datetime
    anchor: datetime
    is_backup: bool = False
    bar: Bar | None = None
    target: Place | None = None
    target_bar: Bar | None = None

    @property
    def nobody(self) -> Bar:
        """A bar of nobody over the span of the draft."""
        return Bar(key="", kind=BarKind.GAP, starts_at=self.starts_at, ends_at=self.ends_at)

    def wish(self) -> Wish | None:
        """What is asked for by letting go now; None for nothing."""
        if self.hold is Hold.WHOLE:
            if self.bar is None or self.target_bar is None:
                return None
            return SwapWish(roster_id=self.roster_id, bar=self.bar, other=self.target_bar)
        if self.starts_at >= self.ends_at:
            return None
        if self.bar is None or self.bar.kind is BarKind.GAP:
            return OverrideWish(
                roster_id=self.roster_id,
                starts_at=self.starts_at,
                ends_at=self.ends_at,
                is_backup=self.is_backup,
            )
        if (self.starts_at, self.ends_at) == (self.bar.starts_at, self.bar.ends_at):
            return None
        return ResizeWish(
            roster_id=self.roster_id,
            bar=self.bar,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
        )


def span_to(draft: Draft, to: datetime, scale: Scale) -> tuple[datetime, datetime]:
    """The span of a draft whose end, start or free side is at a moment now."""
    if draft.hold is Hold.START:
        return min(to, draft.ends_at - scale.step), draft.ends_at
    if draft.hold is Hold.END:
        return draft.starts_at, max(to, draft.starts_at + scale.step)
    return min(draft.anchor, to), max(draft.anchor, to)
