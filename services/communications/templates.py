"""The templates that come with the product, and how placeholders are filled from the record."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from services.communications.status_page import Audience
from services.communications.status_update import UpdateMoment, UpdateTemplate
from services.core.ids import derived_id

UNKNOWN: Final = "currently unknown"
PLACEHOLDERS: Final = (
    *("key", "severity", "summary", "service", "products", "since"),
    *("impact", "duration", "cases"),
)
_SUBJECT = "{key} - SEV {severity} - {summary}"


def _template(
    name: str,
    audience: Audience,
    moment: UpdateMoment,
    subject: str,
    summary: str,
    *,
    status: str = "",
    steps: str = "",
) -> UpdateTemplate:
    return UpdateTemplate(
        id=derived_id("update_template", audience.value, moment.value),
        name=name,
        audience=audience,
        moment=moment,
        subject=subject,
        summary=summary,
        current_status=status,
        next_steps=steps,
    )


DEFAULTS: Final = (
    _template(
        "First internal",
        Audience.INTERNAL,
        UpdateMoment.FIRST,
        _SUBJECT,
        "We are looking into an incident that affects {service} ({products})."
        " Updates follow shortly by e-mail and on the status page.",
    ),
    _template(
        "Follow-up internal",
        Audience.INTERNAL,
        UpdateMoment.FOLLOW_UP,
        _SUBJECT,
        "{service} is affected since {since}. Impact: {impact}.",
        status="Customers affected, how many: \nStaff affected, how many: \n"
        "The root cause is currently unknown",
        steps="\nRestoration: no estimate yet",
    ),
    _template(
        "Final internal",
        Audience.INTERNAL,
        UpdateMoment.FINAL,
        _SUBJECT,
        "The incident is resolved and {service} is restored. There will be no further updates.",
        status="Impact: {impact}\nDuration: {duration}\nSupport cases: {cases}",
    ),
    _template(
        "First external",
        Audience.EXTERNAL,
        UpdateMoment.FIRST,
        "Investigating issues with {service}",
        "We are looking into problems with {service} and will tell you more here soon.",
    ),
    _template(
        "Follow-up external",
        Audience.EXTERNAL,
        UpdateMoment.FOLLOW_UP,
        "Issues with {service}",
        "We are still working on the problems with {service}."
        " We do not know yet when it will work again.",
    ),
    _template(
        "Final external",
        Audience.EXTERNAL,
        UpdateMoment.FINAL,
        "Issues with {service} are resolved",
        "{service} is restored. A review of what happened follows.",
    ),
)
"""First and final words, and one for between them, for each audience.

Source: the incident communication templates of Atlassian's incident handbook, told anew.
"""


def with_defaults(kept: Iterable[UpdateTemplate]) -> tuple[UpdateTemplate, ...]:
    """Every template: those that are kept, and the default ones that nobody has changed."""
    found = {template.id: template for template in (*DEFAULTS, *kept)}
    return tuple(sorted(found.values(), key=_place))


def _place(template: UpdateTemplate) -> tuple[bool, int, str]:
    order = tuple(UpdateMoment)
    is_external = template.audience is Audience.EXTERNAL
    return is_external, order.index(template.moment), template.name


def filled(template: UpdateTemplate, values: Mapping[str, str]) -> UpdateTemplate:
    """The template with every placeholder filled; what is not known says so."""
    return replace(
        template,
        subject=fill(template.subject, values),
        summary=fill(template.summary, values),
        current_status=fill(template.current_status, values),
        next_steps=fill(template.next_steps, values),
    )


def fill(text: str, values: Mapping[str, str]) -> str:
    """A text with its placeholders filled, each once: what a value holds is not filled again."""
    return re.sub(r"\{([a-z_]+)\}", lambda found: values.get(found[1], "").strip() or UNKNOWN, text)
