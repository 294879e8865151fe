"""A status update as a simple web page, for readers of mail that show one."""

from html import escape

from services.providers.limits import MAIL_SUBJECT, MAIL_TEXT, fit, fit_line
from services.providers.provider import Item, UpdateMessage
from services.providers.wording import headline, links, phase

_STYLE = "font-family:sans-serif;font-size:15px;line-height:1.45;color:#1d2125;max-width:42em"


def update_html(item: Item) -> str:
    """What the text of the mail says, marked up; empty where the item is no status update."""
    update = item.update
    if update is None:
        return ""
    opened = [_link(name, address) for name, address in links(item)]
    parts = [
        f'<h2 style="font-size:18px">{_text(fit_line(headline(item), MAIL_SUBJECT))}</h2>',
        f"<p><strong>{_text(phase(update))}</strong></p>",
        *_said(update),
        *(f"<p>{link}</p>" for link in opened),
    ]
    body = "\n".join(parts)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"></head>\n'
        f'<body style="{_STYLE}">\n{body}\n</body></html>\n'
    )


def _said(update: UpdateMessage) -> list[str]:
    summary = update.summary.strip()
    next_update = update.next_update.strip()
    shown = [
        f"<p>{_text(summary)}</p>" if summary else "",
        _points("Current status", update.current_status),
        _points("Next steps", update.next_steps),
        f"<p>Next update: {_text(next_update)}</p>" if next_update else "",
    ]
    return [text for text in shown if text]


def _points(name: str, points: tuple[str, ...]) -> str:
    listed = [f"<li>{_text(point.strip())}</li>" for point in points if point.strip()]
    return f"<h3>{name}</h3>\n<ul>{''.join(listed)}</ul>" if listed else ""


def _text(text: str) -> str:
    """Text as text, its lines kept."""
    plain = fit(text, MAIL_TEXT).replace("\r\n", "\n").replace("\r", "\n")
    return escape(plain).replace("\n", "<br>\n")


def _link(name: str, address: str) -> str:
    return f'<a href="{escape(address)}">{escape(name)}</a>'
