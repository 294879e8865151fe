"""A status page as files that any web server can hand out; pure, from its content alone.

Every file is complete by itself. They are written in the order in which they are given: what a
page leads to is there before it, and ``api/v2/summary.json`` comes last, so that its sequence
says that all of it is there.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC
from itertools import groupby
from typing import Final

from services.communications.page_content import Indicator, PageContent, PageIncident
from services.communications.static_feeds import (
    atom_feed,
    digests_json,
    history_json,
    summary_json,
    widget_json,
)
from services.communications.static_parts import (
    INDICATOR_TONES,
    PHASES,
    RELOADED_EVERY_S,
    STATUSES,
    TONES,
    day,
    document,
    headline,
    icon,
    iso,
    lasted,
    moment,
    paragraphs,
    shown_status,
    update_item,
)
from services.communications.status_page import Audience
from services.core.markup import Markup, element, joined
from services.major_incidents.major import ResponsePhase

INDEX: Final = "index.html"
STILL: Final = "still.html"
SUMMARY: Final = "api/v2/summary.json"
WIDGET: Final = "widget.html"
DIGESTS: Final = "files.json"
"""What the pages of incidents were like when they were written, so that none is written twice."""


def incident_file(incident: PageIncident) -> str:
    """Where the page of an incident is."""
    return f"incidents/{incident.reference}.html"


def files_of(content: PageContent) -> Mapping[str, bytes]:
    """Every file by its path below the page's folder, in the order in which they are written."""
    incidents = {incident_file(i): _incident_page(content, i) for i in content.incidents}
    return {
        **incidents,
        "history.atom": atom_feed(content),
        "history.json": history_json(content),
        "widget.json": widget_json(content),
        WIDGET: _widget(content),
        STILL: _index(content, reloads=False),
        INDEX: _index(content, reloads=True),
        DIGESTS: digests_json(incidents),
        SUMMARY: summary_json(content),
    }


# -- the page ---------------------------------------------------------------------------------


def _index(content: PageContent, *, reloads: bool) -> bytes:
    main = [_overall(content)]
    if content.open_incidents:
        main.append(
            _section("now", "Happening now", [_burning(content, i) for i in content.open_incidents])
        )
    if content.components:
        main.append(_components(content))
    main.append(_past(content.past_incidents))
    body = _body(
        element("header", element("h1", content.name, dir="auto"), *_about(content), class_="head"),
        joined(*main),
        _foot(content, reloads=reloads),
    )
    title = f"{headline(content)} · {content.name}"
    return document(content, title, body, home="", style="page", reloads=reloads)


def _body(header: Markup, main: Markup, footer: Markup) -> Markup:
    return element(
        "body",
        element("a", "Skip to the status", href="#status", class_="skip"),
        element(
            "div", header, element("main", main, id="status", tabindex="-1"), footer, class_="page"
        ),
    )


def _about(content: PageContent) -> list[Markup]:
    told = []
    if content.audience is Audience.INTERNAL:
        told.append(element("span", "Internal: for staff", class_="staff"))
    if content.description.strip():
        told.append(element("p", content.description, dir="auto"))
    return told


def _overall(content: PageContent) -> Markup:
    status = shown_status(content)
    return element(
        "div",
        icon(status),
        element(
            "div",
            element("h2", headline(content)),
            element("p", "As published ", moment(content.generated_at)),
        ),
        class_=f"all {TONES[status]}",
    )


def _section(id_: str, title: str, children: Sequence[Markup]) -> Markup:
    name = f"{id_}-title"
    return element("section", element("h2", title, id=name), *children, aria_labelledby=name)


def _burning(content: PageContent, incident: PageIncident) -> Markup:
    """An incident that is not over, with every word about it."""
    return element(
        "article",
        element(
            "header",
            element("h3", element("a", incident.name, href=incident_file(incident), dir="auto")),
            _facts(incident),
        ),
        element("ol", *(update_item(update, "h4") for update in incident.updates), class_="told"),
        class_=f"card burning {_tone(content, incident)}",
    )


def _tone(content: PageContent, incident: PageIncident) -> str:
    """The tone of an open incident: never worse than that of the page as it is now."""
    return INDICATOR_TONES[min(incident.impact, content.indicator, key=_WELL_TO_WORST.index)]


_WELL_TO_WORST: Final = tuple(Indicator)


def _facts(incident: PageIncident) -> Markup:
    """Phase, parts, number and times in one line."""
    facts: list[Markup | str] = [element("span", PHASES[incident.phase], class_="phase")]
    if incident.components:
        facts.append(joined("Affects ", ", ".join(incident.components)))
    resolved_at = incident.reached_at(ResponsePhase.RESOLVED)
    if resolved_at is None:
        facts.append(joined("since ", moment(incident.started_at)))
    elif resolved_at > incident.started_at:
        facts.append(f"lasted {lasted(resolved_at - incident.started_at)}")
    facts.append(element("bdi", incident.reference))
    return element("ul", *(element("li", fact) for fact in facts), class_="about")


def _components(content: PageContent) -> Markup:
    parts = [
        element(
            "li",
            element(
                "div",
                element("strong", part.name, dir="auto"),
                *([element("p", part.description, dir="auto")] if part.description.strip() else []),
            ),
            element(
                "span",
                icon(part.status),
                STATUSES[part.status],
                class_=f"does {TONES[part.status]}",
            ),
        )
        for part in content.components
    ]
    return _section("parts", "Services", [element("ul", *parts, class_="card parts")])


def _past(incidents: Sequence[PageIncident]) -> Markup:
    days = groupby(incidents, key=lambda incident: incident.started_at.astimezone(UTC).date())
    told = [_day(list(found)) for _, found in days]
    if not told:
        told = [element("p", "Nothing in the last 90 days.", class_="quiet")]
    return _section("past", "Past incidents, 90 days", told)


def _day(incidents: Sequence[PageIncident]) -> Markup:
    """The incidents of one day, each with the last word about it."""
    began = incidents[0].started_at
    return element(
        "div",
        element("h3", element("time", day(began), datetime=iso(began)[:10])),
        *(
            element(
                "article",
                element("h4", element("a", i.name, href=incident_file(i), dir="auto")),
                _facts(i),
                element("div", paragraphs(i.updates[0].text), class_="text"),
                class_="ok",
            )
            for i in incidents
        ),
        class_="day",
    )


def _foot(content: PageContent, *, reloads: bool) -> Markup:
    if reloads:
        told = f"All times are in UTC. This page reloads itself every {RELOADED_EVERY_S} seconds."
        other = ("Stop reloading", STILL)
    else:
        told = "All times are in UTC. This page does not reload itself."
        other = ("Reload every minute", INDEX)
    links = (other, ("Atom feed", "history.atom"), ("Summary as JSON", SUMMARY))
    items = [element("li", element("a", words, href=where)) for words, where in links]
    return element("footer", element("p", told), element("ul", *items), class_="foot")


# -- one incident, and the widget -------------------------------------------------------------


def _incident_page(content: PageContent, incident: PageIncident) -> bytes:
    tone = _tone(content, incident) if incident.is_open else "ok"
    header = element(
        "header",
        element(
            "p", element("a", "← ", content.name, href=f"../{INDEX}", dir="auto"), class_="back"
        ),
        element("h1", incident.name, dir="auto"),
        _facts(incident),
        class_=f"head one {tone}",
    )
    updates = element("ol", *(update_item(u, "h2") for u in incident.updates), class_="told")
    main = element("section", element("div", updates, class_="card"), aria_label="Updates")
    footer = element("footer", element("p", "All times are in UTC."), class_="foot")
    title = f"{incident.name} · {content.name}"
    return document(content, title, _body(header, main, footer), home="../", style="page")


def _widget(content: PageContent) -> bytes:
    """A badge for a frame in another site: how all is, and a link to the page."""
    status = shown_status(content)
    link = element(
        "a",
        icon(status),
        headline(content),
        href=INDEX,
        target="_blank",
        rel="noopener",
        title=f"{content.name}, opens in a new tab",
    )
    main = element("main", element("h1", link), class_=TONES[status])
    return document(content, content.name, element("body", main), home="", style="widget")
