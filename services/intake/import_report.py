"""What an import did, in numbers and in lists."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from services.core.errors import AppError
from services.core.messages import message


@dataclass(frozen=True, slots=True)
class Refusal:
    """An act of one event that was not accepted, and why. ``row`` is the line in the file."""

    row: int
    number: str
    act: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is not the one of the log's last row."""

    number: str
    field: str
    log: str | int | None
    here: str | int | None


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """The outcome of one run.

    ``imported`` and ``refused`` count events and add up to ``events``; ``already_imported`` of
    the imported ones were there from an earlier run. A refused event may be imported in part:
    its refusals name the acts that were not.
    """

    file: str
    events: int
    incidents: int
    refused_rows: set[int] = field(default_factory=set)
    already_imported: int = 0
    commands: int = 0
    seconds: float = 0.0
    refusals: list[Refusal] = field(default_factory=list)
    imported_states: list[int] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    reassignment_differences: list[Difference] = field(default_factory=list)

    def refuse(self, refusal: Refusal) -> None:
        """Note an act that was not accepted."""
        self.refusals.append(refusal)
        self.refused_rows.add(refusal.row)

    @property
    def refused(self) -> int:
        """Events of which at least one act was not accepted."""
        return len(self.refused_rows)

    @property
    def imported(self) -> int:
        """Events that are here completely."""
        return self.events - self.refused

    def as_json(self, columns: Mapping[str, str]) -> dict[str, object]:
        """Everything as plain values; ``columns`` says where each column of the file went."""
        return {
            "file": self.file,
            "events": self.events,
            "incidents": self.incidents,
            "imported": self.imported,
            "already_imported": self.already_imported,
            "refused": self.refused,
            "commands": self.commands,
            "seconds": round(self.seconds, 3),
            "refusals": [asdict(refusal) for refusal in self.refusals],
            "imported_states": {
                "count": len(self.imported_states),
                "rows": sorted(self.imported_states),
            },
            "differences": [asdict(found) for found in self.differences],
            "reassignment_differences": {
                "count": len(self.reassignment_differences),
                "incidents": [asdict(found) for found in self.reassignment_differences],
            },
            "columns": dict(columns),
        }


def refusal(row: int, number: str, act: str, error: AppError) -> Refusal:
    """A refusal in the words of the fact behind it."""
    words = message(error.code, error.context).happened
    return Refusal(row, number, act, error.code, words)
