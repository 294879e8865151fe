"""The guards of what a response writes down."""

from collections.abc import Iterator

from services.core.records import Record
from services.major_incidents.entries import (
    VERDICTS,
    ChangeEvent,
    DocumentEntry,
    ResponseEntry,
    SupportCase,
    Verdict,
)
from services.sync.guards import Guard

AUTHORS: dict[type[Record], str] = {
    ResponseEntry: "author_id",
    DocumentEntry: "written_by_id",
    SupportCase: "recorded_by_id",
    ChangeEvent: "recorded_by_id",
}
"""The column of each record that names who wrote it down."""

FIXED: dict[type[Record], tuple[str, ...]] = {
    ResponseEntry: ("major_id", "incident_id", "kind", "author_id", "written_at", "happened_at"),
    DocumentEntry: ("major_id", "incident_id", "section"),
    SupportCase: ("incident_id", "recorded_by_id"),
    ChangeEvent: ("external_key", "source", "recorded_by_id", "recorded_at", "happened_at"),
}
"""What writing decides once and for all."""

_RESPONSE_MISSING = (
    "NOT EXISTS (SELECT 1 FROM major_incident m WHERE m.id = NEW.major_id"
    " AND m.incident_id = NEW.incident_id)"
)
_INCIDENT_MISSING = "NOT EXISTS (SELECT 1 FROM incident i WHERE i.id = NEW.incident_id)"

_KNOWN = (
    "NEW.external_key <> '' AND EXISTS (SELECT 1 FROM change_event c"
    " WHERE c.source = NEW.source AND c.external_key = NEW.external_key AND c.id <> NEW.id)"
)

_EMPTY: dict[type[Record], str] = {
    ResponseEntry: "NEW.text = ''",
    DocumentEntry: "NEW.text = '' AND NOT NEW.is_unknown",
    SupportCase: "NEW.reference = '' AND NEW.caller = ''",
    ChangeEvent: "NEW.title = ''",
}


def entry_guards() -> tuple[Guard, ...]:
    """Every guard of entries, paragraphs, cases and changes."""
    return tuple(_guards())


def _guards() -> Iterator[Guard]:
    for record, author in AUTHORS.items():
        table = record.TABLE
        yield Guard(
            f"{table}_author",
            table,
            "INSERT",
            f"NEW.{author} <> submitting.actor_id",
            "not-your-name",
        )
        yield Guard(f"{table}_says", table, "INSERT", _EMPTY[record], "field-missing")
        for column in FIXED[record]:
            yield Guard(
                f"{table}_fixed_{column}",
                table,
                f"UPDATE OF {column}",
                f"NEW.{column} IS DISTINCT FROM OLD.{column}",
                "column-is-fixed",
            )
    for record in (ResponseEntry, DocumentEntry):
        table = record.TABLE
        yield Guard(f"{table}_of_response", table, "INSERT", _RESPONSE_MISSING, "record-missing")
    for event in ("INSERT", "UPDATE OF verdict"):
        name = f"response_entry_verdict_{event.split()[0].lower()}"
        yield Guard(name, ResponseEntry.TABLE, event, _misjudged(), "verdict-not-of-kind")
    yield Guard(
        "document_entry_writer",
        DocumentEntry.TABLE,
        "UPDATE",
        "NEW.written_by_id <> submitting.actor_id",
        "not-your-name",
        when="NEW.text <> OLD.text OR NEW.written_by_id <> OLD.written_by_id",
    )
    yield Guard(
        "support_case_of_incident", SupportCase.TABLE, "INSERT", _INCIDENT_MISSING, "record-missing"
    )
    yield Guard("change_event_known", ChangeEvent.TABLE, "INSERT", _KNOWN, "change-event-known")


def _misjudged() -> str:
    """True of a verdict that a card of its kind cannot have; other entries stay open."""
    allowed = " OR ".join(
        f"(NEW.kind = '{kind.value}' AND NEW.verdict IN"
        f" ({', '.join(repr(verdict.value) for verdict in verdicts)}))"
        for kind, verdicts in VERDICTS.items()
    )
    return f"NOT (NEW.verdict = '{Verdict.OPEN.value}' OR {allowed})"
