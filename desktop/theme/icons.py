"""Icons by what they mean. This table is the only place that knows a glyph of the Lucide set."""

from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final
from zipfile import ZipFile

GLYPHS: Final[dict[str, str]] = {
    # verbs
    "add": "plus",
    "apply": "check",
    "assign": "user-plus",
    "back": "arrow-left",
    "bulk": "square-check",
    "call": "phone",
    "clear": "x",
    "close": "x",
    "columns": "columns-3",
    "copy": "copy",
    "delete": "trash-2",
    "download": "download",
    "edit": "pencil",
    "escalate": "arrow-up-right",
    "escalate.management": "arrow-up",
    "escalate.team": "users",
    "export": "file-down",
    "filter": "funnel",
    "hold": "pause",
    "import": "upload",
    "leave": "log-out",
    "link": "link",
    "merge": "merge",
    "more": "ellipsis",
    "next": "chevron-right",
    "open.window": "external-link",
    "park": "pause",
    "pin": "pin",
    "previous": "chevron-left",
    "print": "printer",
    "redo": "redo-2",
    "refresh": "refresh-cw",
    "remove": "minus",
    "reopen": "rotate-cw",
    "reply": "mail",
    "resolve": "check",
    "row.height": "rows-3",
    "save": "save",
    "search": "search",
    "send": "send",
    "settings": "settings-2",
    "sort": "arrow-up-down",
    "split": "split",
    "switch": "arrow-left-right",
    "start": "play",
    "templates": "file-text",
    "undo": "undo-2",
    # places and views
    "bell": "bell",
    "board": "layers",
    "calendar": "calendar",
    "changes": "git-merge",
    "confirm.close": "check-check",
    "knowledge": "book-open",
    "list": "list",
    "major": "siren",
    "my.work": "inbox",
    "nav.collapse": "panel-left",
    "on.call": "calendar-clock",
    "palette": "command",
    "problems": "search-x",
    "reports": "chart-column",
    "reviews": "clipboard-check",
    "saved.view": "funnel",
    "sla.risk": "clock-alert",
    "status.page": "megaphone",
    "team.queue": "users",
    "unassigned": "user-x",
    # things
    "asset": "laptop",
    "attachment": "paperclip",
    "automation": "bot",
    "building": "building-2",
    "category": "tag",
    "checklist": "clipboard-list",
    "database": "database",
    "duplicates": "copy",
    "file": "file",
    "hidden": "eye-off",
    "history": "history",
    "key": "key-round",
    "monitoring": "activity",
    "note": "message-square",
    "person": "user",
    "people": "users",
    "phone": "phone",
    "place": "map-pin",
    "server": "server",
    "service": "radio-tower",
    "suggestion": "lightbulb",
    "tag": "tag",
    "team": "users",
    "timer": "timer",
    "vip": "star",
    # the response to a major incident
    "bridge": "video",
    "chat.room": "hash",
    "decision": "git-branch",
    "experiment": "flask-conical",
    "role.offered": "hand",
    "step.done": "circle-check",
    # channels an incident arrives by
    "channel.chat": "message-square",
    "channel.email": "mail",
    "channel.monitor": "activity",
    "channel.phone": "phone",
    "channel.portal": "globe",
    "channel.walkup": "footprints",
    "call.incoming": "phone-incoming",
    "call.running": "phone-call",
    # states of things
    "clock": "clock",
    "clock.warn": "clock-alert",
    "danger": "triangle-alert",
    "error": "triangle-alert",
    "info": "circle-question-mark",
    "lock": "lock",
    "unlock": "lock-open",
    "ok": "check",
    "over": "flame",
    "paused": "pause",
    "read": "eye",
    "route": "route",
    "warn": "triangle-alert",
    "watched": "eye",
    # the copy on this machine and the shared one
    "sync.ok": "cloud-check",
    "sync.offline": "cloud-off",
    "sync.pending": "cloud-upload",
    "sync.attention": "cloud-alert",
    "sync.draft": "cloud-check",
    # parts of controls
    "check": "check",
    "check.met": "circle-check",
    "down": "chevron-down",
    "up": "chevron-up",
    "right": "chevron-right",
    "left": "chevron-left",
    "select": "chevrons-up-down",
    "arrow.right": "arrow-right",
    "arrow.down": "arrow-down",
    "arrow.up": "arrow-up",
    "dark": "moon",
    "light": "sun",
}


class IconUnknown(KeyError):
    """No glyph is agreed for this meaning."""


@cache
def _archive() -> ZipFile:
    return ZipFile(BytesIO((files("lucide") / "lucide.zip").read_bytes()))


@cache
def svg_of(meaning: str) -> str:
    """The drawing for a meaning, its lines in ``currentColor``.

    Raises:
        IconUnknown: the meaning is not in ``GLYPHS``.
    """
    if meaning not in GLYPHS:
        raise IconUnknown(meaning)
    return _archive().read(f"{GLYPHS[meaning]}.svg").decode()
