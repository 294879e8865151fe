"""The load of being on call as a table, person by person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QT_TRANSLATE_NOOP,
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class FairnessRow:
    """What one person carries as primary, and how many hours they stand behind others."""

    person: str
    is_you: bool
    hours: float = 0
    nights: int = 0
    weekend_hours: float = 0
    holiday_hours: float = 0
    backup_hours: float = 0


COLUMNS: Final[tuple[tuple[str, Callable[[FairnessRow], float | str]], ...]] = (
    (str(QT_TRANSLATE_NOOP("fairness", "Person")), lambda row: row.person.casefold()),
    (str(QT_TRANSLATE_NOOP("fairness", "Hours")), lambda row: row.hours),
    (str(QT_TRANSLATE_NOOP("fairness", "Nights")), lambda row: row.nights),
    (str(QT_TRANSLATE_NOOP("fairness", "Weekend hours")), lambda row: row.weekend_hours),
    (str(QT_TRANSLATE_NOOP("fairness", "Holiday hours")), lambda row: row.holiday_hours),
    (str(QT_TRANSLATE_NOOP("fairness", "As backup")), lambda row: row.backup_hours),
)


class FairnessModel(QAbstractTableModel):
    """People by hours; a click on a head sorts by it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[FairnessRow] = []

    def show_rows(self, rows: Sequence[FairnessRow]) -> None:
        """Show other rows, the most hours first."""
        self.beginResetModel()
        self._rows = sorted(rows, key=lambda row: (-row.hours, row.person.casefold()))
        self.endResetModel()

    @property
    def rows(self) -> tuple[FairnessRow, ...]:
        """The rows in the order shown."""
        return tuple(self._rows)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, index.column())
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._head(index.column())} {self._text(row, index.column())}"
        return None

    def _text(self, row: FairnessRow, column: int) -> str:
        value = COLUMNS[column][1](row)
        return row.person if column == 0 else f"{value:,.0f}"

    def _head(self, column: int) -> str:
        return QCoreApplication.translate("fairness", COLUMNS[column][0])

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._head(section)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        self._rows.sort(key=COLUMNS[column][1], reverse=order is Qt.SortOrder.DescendingOrder)
        self.layoutChanged.emit()
