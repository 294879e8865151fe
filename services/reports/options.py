"""What the person who prints decides."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import Enum


class Paper(Enum):
    """Sheet sizes in logical pixels, 96 to the inch: ISO 216 and ANSI."""

    A4 = (793.7008, 1122.5197)
    LETTER = (816.0, 1056.0)

    @property
    def width(self) -> float:
        """Width in logical pixels."""
        return self.value[0]

    @property
    def height(self) -> float:
        """Height in logical pixels."""
        return self.value[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """The same options and the same detail give the same bytes."""

    paper: Paper = Paper.A4
    with_internal_notes: bool = False
    printed_by: str
    printed_at: datetime
    data_as_of: datetime
    zone: tzinfo
