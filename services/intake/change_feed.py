"""A file of changes, read row by row: what was deployed or changed, and when."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from services.core.errors import AppError
from services.core.ids import derived_id, new_id
from services.major_incidents.entry_acts import AddChangeEvent

NEEDED = ("title", "at")
MORE = ("reference", "service", "products", "key")
"""Columns that may be left out. ``key`` is unique in its source."""


class ChangeColumnsMissing(AppError):
    """The first line does not name the columns that are needed."""

    code = "change-columns-missing"


class ChangeFieldWrong(AppError):
    """A field of a change is not as it has to be."""

    code = "change-field-wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What a file may name: services and products with their ids, by names in small letters."""

    services: Mapping[str, UUID]
    products: Mapping[str, UUID]


def rows_of(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a file with the lines they stand in; the first line names the columns.

    Raises:
        ChangeColumnsMissing: title or at is not among them, or the file is no table.
    """
    reader = csv.DictReader(text.splitlines(), restkey="", restval="", strict=True)
    try:
        names = [name.strip().lower() for name in reader.fieldnames or ()]
        missing = [name for name in NEEDED if name not in names]
        if missing:
            raise ChangeColumnsMissing(problem=f"there is no column {missing[0]}")
        reader.fieldnames = names
        for row in reader:
            yield (
                reader.line_num,
                {name: str(row.get(name) or "").strip() for name in (*NEEDED, *MORE)},
            )
    except csv.Error as error:
        raise ChangeColumnsMissing(problem=f"line {reader.line_num}: {error}") from error


def change_from(
    row: Mapping[str, str], source: str, catalogue: Catalogue, now: datetime
) -> AddChangeEvent:
    """The command that enters a row; products are parted by semicolons.

    Raises:
        ChangeFieldWrong: a service, a product or the moment is not known.
    """
    key = row["key"]
    return AddChangeEvent(
        change_event_id=derived_id("change", source, key) if key else new_id(now),
        title=row["title"],
        happened_at=moment_of(row["at"]),
        reference=row["reference"],
        service_id=_named(row["service"], catalogue.services, "service"),
        product_ids=tuple(
            id_
            for name in row["products"].split(";")
            if (id_ := _named(name.strip(), catalogue.products, "product"))
        ),
        source=source,
        external_key=key,
    )


def moment_of(text: str) -> datetime:
    """A moment as ISO 8601; without an offset it is in UTC.

    Raises:
        ChangeFieldWrong: it is none.
    """
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ChangeFieldWrong(field="at", value=text) from error


def _named(name: str, known: Mapping[str, UUID], field: str) -> UUID | None:
    if name and name.lower() not in known:
        raise ChangeFieldWrong(field=field, value=name)
    return known.get(name.lower())
