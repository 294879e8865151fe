"""Which records belong together, and which of them a desk may leave to the shared database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extent:
    """How records hang together, in words of SQL that every database understands.

    ``root`` is the table whose records are kept or left out as a whole; ``link`` is the column by
    which records of other tables name their root. ``ended_at`` is an expression over a row of the
    root: when it came to its end (microseconds), NULL while it has not. ``first`` orders a copy.
    ``hidden`` is true of a row of the root that not everybody may read.
    ``deciding`` are tables whose rows decide who may read the root they name.
    """

    root: str
    link: str
    ended_at: str
    first: str
    hidden: str
    deciding: tuple[str, ...] = ()
