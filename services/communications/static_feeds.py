"""What programs read of a status page: JSON in the shape of Statuspage's, and an Atom feed."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from services.communications.page_content import (
    PageContent,
    PageIncident,
    PageUpdate,
)
from services.communications.static_parts import PHASES, headline, iso, paragraphs
from services.core.markup import element, holdable, joined, written
from services.major_incidents.major import ResponsePhase

_ATOM: Final = "http://www.w3.org/2005/Atom"
_ENTRIES: Final = 50
"""The feed holds so many words, the last ones first."""

Json = dict[str, object]


def summary_json(content: PageContent) -> bytes:
    """How all is, the components, and the open incidents. ``sequence`` is ours.

    Source: Statuspage's public ``api/v2/summary.json``.
    """
    return _written(
        {
            "page": _page(content),
            "status": _status(content),
            "components": _components(content),
            "incidents": [_incident(content, i) for i in content.open_incidents],
            "scheduled_maintenances": [],
            "sequence": content.sequence,
        }
    )


def history_json(content: PageContent) -> bytes:
    """Every incident of the last 90 days in the same shape."""
    return _written(
        {
            "page": _page(content),
            "incidents": [_incident(content, i) for i in content.incidents],
            "sequence": content.sequence,
        }
    )


def widget_json(content: PageContent) -> bytes:
    """The least that another site needs to show how all is."""
    base = _base(content)
    incidents = [
        {
            "name": holdable(incident.name),
            "status": incident.phase.value,
            "url": f"{base}incidents/{incident.reference}.html",
        }
        for incident in content.open_incidents
    ]
    return _written(
        {
            "page": {"name": holdable(content.name), "url": base or None},
            "status": _status(content),
            "incidents": incidents,
            "updated_at": iso(content.generated_at),
            "sequence": content.sequence,
        }
    )


def sequence_in(summary: bytes) -> int | None:
    """The sequence of a published ``summary.json``; None where it is none of ours."""
    try:
        found = json.loads(summary)
    except ValueError:
        return None
    sequence = found.get("sequence") if isinstance(found, dict) else None
    return sequence if isinstance(sequence, int) and not isinstance(sequence, bool) else None


def digests_json(files: Mapping[str, bytes]) -> bytes:
    """The digest of each file by its name."""
    return _written({name: digest_of(content) for name, content in files.items()})


def digests_in(written: bytes) -> Mapping[str, object]:
    """The digests that were written; none where they cannot be read."""
    try:
        found = json.loads(written)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def digest_of(content: bytes) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return sha256(content).hexdigest()


def _written(value: Mapping[str, object]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _page(content: PageContent) -> Json:
    return {
        "id": str(content.page_id),
        "name": holdable(content.name),
        "url": _base(content) or None,
        "time_zone": "Etc/UTC",
        "updated_at": iso(content.generated_at),
    }


def _status(content: PageContent) -> Json:
    return {"indicator": content.indicator.value, "description": headline(content)}


def _components(content: PageContent) -> list[Json]:
    return [
        {
            "id": str(part.id),
            "name": holdable(part.name),
            "description": holdable(part.description) or None,
            "status": part.status.value,
            "position": position,
            "page_id": str(content.page_id),
            "group": False,
            "group_id": None,
            "only_show_if_degraded": False,
            "updated_at": _moment(part.changed_at),
        }
        for position, part in enumerate(content.components, start=1)
    ]


def _incident(content: PageContent, incident: PageIncident) -> Json:
    return {
        "id": str(incident.id),
        "name": holdable(incident.name),
        "status": incident.phase.value,
        "impact": incident.impact.value,
        "page_id": str(content.page_id),
        "shortlink": f"{_base(content)}incidents/{incident.reference}.html",
        "created_at": iso(min(update.sent_at for update in incident.updates)),
        "started_at": iso(incident.started_at),
        "updated_at": iso(incident.touched_at),
        "monitoring_at": _moment(incident.reached_at(ResponsePhase.MONITORING)),
        "resolved_at": _moment(incident.reached_at(ResponsePhase.RESOLVED)),
        "incident_updates": [_update(incident, update) for update in incident.updates],
    }


def _update(incident: PageIncident, update: PageUpdate) -> Json:
    return {
        "id": str(update.id),
        "incident_id": str(incident.id),
        "status": update.phase.value,
        "body": holdable(update.text),
        "created_at": iso(update.sent_at),
        "display_at": iso(update.told_at),
        "updated_at": iso(update.touched_at),
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else iso(at)


def _base(content: PageContent) -> str:
    """The page's own address with a slash at its end; empty where it is no web address."""
    address = holdable(content.address.strip())
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.netloc or "@" in parts.netloc:
        return ""
    return address.split("?")[0].split("#")[0].rstrip("/") + "/"


# -- Atom -------------------------------------------------------------------------------------


def atom_feed(content: PageContent) -> bytes:
    """The last words, each an entry that keeps its id when it is corrected. Source: RFC 4287."""
    told = [(incident, update) for incident in content.incidents for update in incident.updates]
    told.sort(key=lambda pair: pair[1].touched_at, reverse=True)
    base = _base(content)
    updated_at = told[0][1].touched_at if told else content.generated_at
    feed = element(
        "feed",
        element("id", f"tag:firstline,2026:{content.page_id}"),
        element("title", content.name),
        element("updated", iso(updated_at)),
        element("author", element("name", content.name)),
        element("link", rel="self", href=f"{base}history.atom"),
        element("link", rel="alternate", type="text/html", href=f"{base}index.html"),
        *(_entry(content, *pair) for pair in told[:_ENTRIES]),
        xmlns=_ATOM,
    )
    prolog = written('<?xml version="1.0" encoding="utf-8"?>\n')
    return f"{joined(prolog, feed)}\n".encode()


def _entry(content: PageContent, incident: PageIncident, update: PageUpdate) -> str:
    file = f"incidents/{incident.reference}.html"
    # The address of the page may change: readers would see every entry as new.
    id_ = f"tag:firstline,2026:{content.page_id}/{incident.reference}/{update.ordinal}"
    return element(
        "entry",
        element("id", id_),
        element("title", f"{PHASES[update.phase]}: {incident.name}"),
        element("published", iso(update.told_at)),
        element("updated", iso(update.touched_at)),
        element("link", rel="alternate", type="text/html", href=f"{_base(content)}{file}"),
        element("content", str(paragraphs(update.text)), type="html"),
    )
