"""The topic of the chat room of a major incident. Pure."""

from collections.abc import Sequence

LONGEST = 250
"""Code points of the longest topic. Source: Slack's ``conversations.setTopic``."""

_BREAK = " | "


def topic(
    *,
    key: str,
    severity: str,
    summary: str,
    roles: Sequence[tuple[str, str]],
    links: Sequence[str],
    is_drill: bool = False,
) -> str:
    """What is at stake, who holds which role, and where to go on, in at most 250 characters.

    ``roles`` are role and name, the incident manager first. Where room is short, links go first,
    the last one before the others, then roles; then the summary is cut.
    """
    head = " ".join(part for part in ("DRILL" if is_drill else "", key, severity, summary) if part)
    head = " ".join(head.split())
    named = [" ".join(f"{role}: {name}".split()) for role, name in roles]
    to = list(links)
    while len(text := _joined(head, named, to)) > LONGEST:
        if to:
            to.pop()
        elif named:
            named.pop()
        else:
            return f"{head[: LONGEST - 1].rstrip()}…"
    return text


def _joined(head: str, roles: Sequence[str], links: Sequence[str]) -> str:
    return _BREAK.join(part for part in (head, ", ".join(roles), " ".join(links)) if part)
