"""The drafts that are open at the same time, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4


@dataclass(slots=True)
class OpenDraft:
    """One report being written; ``values`` is what its fields held when it was left."""

    id: str
    began_at: str
    follow_up_of: str = ""
    follow_up_key: str = ""
    values: dict[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """What JSON can keep."""
        return {
            "id": self.id,
            "began_at": self.began_at,
            "follow_up_of": self.follow_up_of,
            "follow_up_key": self.follow_up_key,
            "values": dict(self.values),
        }


def draft_from(kept: Mapping[str, object]) -> OpenDraft:
    """The draft that ``as_json`` was made from."""
    values = kept.get("values")
    return OpenDraft(
        str(kept["id"]),
        str(kept["began_at"]),
        str(kept.get("follow_up_of", "")),
        str(kept.get("follow_up_key", "")),
        dict(values) if isinstance(values, Mapping) else {},
    )


def new_draft_id() -> str:
    """An id for a draft; it never leaves this desk."""
    return uuid4().hex


def is_blank(values: Mapping[str, object]) -> bool:
    """Whether nobody has typed or chosen anything yet."""
    ignored = {"channel", "reported_at", "severity"}
    return not any(value for name, value in values.items() if name not in ignored)
