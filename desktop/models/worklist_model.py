"""The queue's table: one line per incident."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject

from desktop.models.columns import Column
from desktop.models.paged_table_model import PagedTableModel
from desktop.text import age_text
from services.incidents.priority import Priority
from services.incidents.read_models import SortBy, WorklistItem

_CONTEXT: Final = "worklist"
PRIORITY_WORDS: Final[dict[Priority, str]] = {
    Priority.P1: str(QT_TRANSLATE_NOOP("worklist", "critical")),
    Priority.P2: str(QT_TRANSLATE_NOOP("worklist", "high")),
    Priority.P3: str(QT_TRANSLATE_NOOP("worklist", "medium")),
    Priority.P4: str(QT_TRANSLATE_NOOP("worklist", "low")),
    Priority.P5: str(QT_TRANSLATE_NOOP("worklist", "planning")),
}
MARK: Final = "mark"
FETCHED: Final = str(QT_TRANSLATE_NOOP("worklist", "Fetched on demand, kept here for 7 days"))
KEYS: Final = (MARK, *(by.value for by in (
    SortBy.PRIORITY, SortBy.NUMBER, SortBy.SUMMARY, SortBy.CATEGORY,
    SortBy.STATE, SortBy.TEAM, SortBy.ASSIGNEE, SortBy.AGE,
)))  # fmt: skip


def _words(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


def spoken_priority(priority: Priority | None) -> str:
    """``Priority 2 high``, or that nobody has set it."""
    if priority is None:
        return _words("Not triaged, priority not set")
    sentence = _words("Priority %1 %2").replace("%1", str(int(priority)))
    return sentence.replace("%2", _words(PRIORITY_WORDS.get(priority, ""))).strip()


def _spoken_summary(item: WorklistItem) -> str:
    marks = (
        (item.is_unread, _words("unread")),
        (item.is_drill, _words("drill")),
        (item.is_confidential, _words("confidential")),
        (item.is_vip, _words("VIP caller")),
        (item.child_count > 0, _words("%1 linked").replace("%1", str(item.child_count))),
        (item.has_conflict, _words("needs your decision")),
        (item.is_pending, _words("not yet sent")),
        (item.is_fetched, _words(FETCHED)),
    )
    return ", ".join([item.summary, *(word for is_so, word in marks if is_so)])


def _summary_tip(item: WorklistItem) -> str:
    marks = (
        (item.is_drill, _words("A drill: nothing of it leaves the building")),
        (item.has_conflict, _words("Needs your decision")),
        (item.is_pending, _words("Saved here, not yet saved for all")),
        (item.is_fetched, _words(FETCHED)),
    )
    return "\n".join([item.summary, *(word for is_so, word in marks if is_so)])


def _team(item: WorklistItem) -> str:
    return f"{item.team} T{int(item.tier)}"


class WorklistModel(PagedTableModel[WorklistItem]):
    """Incidents by number; ages count up to the time told last."""

    def __init__(self, parent: QObject | None = None) -> None:
        self._now: datetime = datetime.now(UTC)
        super().__init__(_columns(self.age_of), parent)

    @property
    def now(self) -> datetime:
        """The time ages are counted to."""
        return self._now

    def set_now(self, now: datetime) -> None:
        """Count ages up to this time; only their column is painted again."""
        self._now = now
        if self.rowCount():
            last = len(self.columns) - 1
            self.dataChanged.emit(self.index(0, last), self.index(self.rowCount() - 1, last))

    def age_of(self, item: WorklistItem) -> str:
        """How long ago the incident was reported."""
        return age_text(self._now - item.reported_at)


def _columns(age: Callable[[WorklistItem], str]) -> tuple[Column[WorklistItem], ...]:
    def spoken_age(item: WorklistItem) -> str:
        return _words("Age %1").replace("%1", age(item))

    def mark(item: WorklistItem) -> str:
        return _words("unread") if item.is_unread else _words("read")

    def assignee(item: WorklistItem) -> str:
        return item.assignee or _words("Nobody assigned")

    def state(item: WorklistItem) -> str:
        return _words("State %1").replace("%1", item.label.value)

    return (
        Column(MARK, "", lambda item: "", mark),
        Column(
            SortBy.PRIORITY.value, "Priority",
            lambda item: f"P{int(item.priority)}" if item.priority else _words("Triage"),
            lambda item: spoken_priority(item.priority),
            lambda item: spoken_priority(item.priority),
        ),
        Column(SortBy.NUMBER.value, "Number", lambda item: str(item.number),
               lambda item: f"INC-{item.number}"),
        Column(SortBy.SUMMARY.value, "Summary", lambda item: item.summary, _spoken_summary,
               _summary_tip),
        Column(SortBy.CATEGORY.value, "Category", lambda item: item.category,
               lambda item: item.category_path or _words("No category"),
               lambda item: item.category_path),
        Column(SortBy.STATE.value, "State", lambda item: item.label.value, state),
        Column(SortBy.TEAM.value, "Team", _team, _team, _team),
        Column(SortBy.ASSIGNEE.value, "Assignee", lambda item: item.assignee, assignee, assignee),
        Column(SortBy.AGE.value, "Age", age, spoken_age,
               lambda item: f"{item.reported_at.astimezone():%d.%m.%Y %H:%M}"),
    )  # fmt: skip
