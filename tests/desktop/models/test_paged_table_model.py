"""Numbers first, rows when painted: how often rows are asked for, and that none goes wrong."""

from array import array
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTableView

from desktop.models.columns import Column
from desktop.models.id_changes import changed_span
from desktop.models.paged_table_model import PAGE_SIZE, PAGES_KEPT, PagedTableModel


@dataclass(frozen=True)
class Line:
    text: str


COLUMNS = (
    Column[Line]("a", "A", lambda line: line.text, lambda line: f"A {line.text}"),
    Column[Line]("b", "B", lambda line: line.text, lambda line: f"B {line.text}"),
)


class Feeder:
    """Answers what the model asks for, when told to."""

    def __init__(self, model: PagedTableModel[Line]) -> None:
        self.model = model
        self.asked: list[list[int]] = []
        model.page_needed.connect(self.asked.append)

    def answer(self, commit: int, word: str = "row") -> None:
        asked, self.asked[:] = list(self.asked), []
        for numbers in asked:
            self.model.show_rows({n: Line(f"{word} {n}") for n in numbers}, commit)

    @property
    def count(self) -> int:
        return sum(len(numbers) for numbers in self.asked)


@pytest.fixture
def model() -> PagedTableModel[Line]:
    model = PagedTableModel[Line](COLUMNS)
    model.tester = QAbstractItemModelTester(  # type: ignore[attr-defined]
        model, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    return model


@pytest.fixture
def feeder(model: PagedTableModel[Line]) -> Feeder:
    return Feeder(model)


def ids(*numbers: int) -> "array[int]":
    return array("q", numbers)


def shown(model: PagedTableModel[Line], line: int) -> object:
    return model.index(line, 0).data()


def test_a_page_is_asked_for_once_and_only_when_a_row_of_it_is_read():
    model = PagedTableModel[Line](COLUMNS)
    feeder = Feeder(model)
    model.show_ids(array("q", range(1, 100_001)))
    assert feeder.asked == []
    assert shown(model, 50_000) is None
    assert shown(model, 50_001) is None
    assert len(feeder.asked) == 1
    assert len(feeder.asked[0]) == PAGE_SIZE
    assert 50_001 in feeder.asked[0]
    feeder.answer(1)
    assert shown(model, 50_000) == "row 50001"
    assert feeder.count == 0


def test_a_view_on_a_hundred_thousand_asks_for_the_page_on_screen(qtbot):
    model = PagedTableModel[Line](COLUMNS)
    feeder = Feeder(model)
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    with qtbot.waitExposed(view):
        view.show()
    with qtbot.waitSignal(model.page_needed):
        model.show_ids(array("q", range(1, 100_001)))
    assert feeder.asked == [list(range(1, PAGE_SIZE + 1))]


def test_accessible_text_and_row_come_with_the_page(model, feeder):
    model.show_ids(ids(7))
    feeder.answer(1)
    index = model.index(0, 1)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "B row 7"
    assert index.data(Qt.ItemDataRole.UserRole) == Line("row 7")
    assert model.headerData(1, Qt.Orientation.Horizontal) == "B"


def test_a_stale_row_stays_visible_and_is_read_again(model, feeder):
    model.show_ids(ids(1, 2, 3))
    shown(model, 0)
    feeder.answer(1, "old")
    model.mark_stale({2}, 2)
    assert shown(model, 1) == "old 2"
    assert feeder.asked == [[2]]
    feeder.answer(2, "new")
    assert [shown(model, line) for line in range(3)] == ["old 1", "new 2", "old 3"]
    assert feeder.count == 0


def test_a_page_read_before_a_commit_does_not_count_as_fresh(model, feeder):
    model.show_ids(ids(1, 2))
    shown(model, 0)
    in_flight = feeder.asked.pop()
    model.mark_stale({2}, 6)
    feeder.asked.clear()
    model.show_rows({n: Line(f"old {n}") for n in in_flight}, 5)
    assert shown(model, 1) == "old 2"
    assert feeder.asked[-1] == [2]
    feeder.answer(6, "new")
    assert shown(model, 1) == "new 2"
    assert feeder.count == 0


def test_a_commit_between_two_lists_is_not_forgotten(model, feeder):
    model.show_ids(ids(1, 2))
    shown(model, 0)
    in_flight = feeder.asked.pop()
    model.show_ids(ids(2, 1))
    model.mark_stale({2}, 6)
    feeder.asked.clear()
    model.show_rows({n: Line(f"old {n}") for n in in_flight}, 5)
    shown(model, 0)
    assert feeder.asked == [[2]]


def test_everything_may_be_stale(model, feeder):
    model.show_ids(ids(1, 2))
    shown(model, 0)
    feeder.answer(3, "old")
    model.mark_stale(None, 4)
    assert shown(model, 0) == "old 1"
    feeder.answer(4, "new")
    assert [shown(model, 0), shown(model, 1)] == ["new 1", "new 2"]


def test_a_read_that_failed_is_asked_for_again(model, feeder):
    model.show_ids(ids(1, 2))
    shown(model, 0)
    numbers = feeder.asked.pop()
    shown(model, 0)
    assert feeder.asked == []
    model.release(numbers)
    shown(model, 0)
    assert feeder.asked == [[1, 2]]


@pytest.mark.parametrize(
    "after",
    [
        (1, 2, 3, 4, 5),
        (5, 4, 3, 2, 1),
        (2, 3, 4, 5),
        (1, 9, 2, 3, 4, 5),
        (9, 3, 1, 8),
        (3,),
        (),
        (5, 1, 2, 3, 4, 6, 7),
    ],
)
def test_any_list_follows_any_other(model, feeder, after):
    model.show_ids(ids(1, 2, 3, 4, 5))
    shown(model, 0)
    feeder.answer(1)
    held = QPersistentModelIndex(model.index(2, 1))
    model.show_ids(ids(*after))
    assert list(model.numbers) == list(after)
    for line in range(len(after)):
        shown(model, line)
    feeder.answer(1)
    assert [shown(model, line) for line in range(len(after))] == [f"row {n}" for n in after]
    assert (held.isValid() and held.row()) == (after.index(3) if 3 in after else False)


def test_a_moved_list_keeps_its_rows_without_asking_again(model, feeder):
    model.show_ids(ids(1, 2, 3))
    shown(model, 0)
    feeder.answer(1)
    model.show_ids(ids(3, 1, 2))
    assert [shown(model, line) for line in range(3)] == ["row 3", "row 1", "row 2"]
    assert feeder.count == 0


def test_one_new_row_is_one_insertion(model, qtbot):
    model.show_ids(array("q", range(1, 1_001)))
    counts = {"insert": 0, "layout": 0, "reset": 0}
    model.rowsInserted.connect(lambda: counts.update(insert=counts["insert"] + 1))
    model.layoutChanged.connect(lambda: counts.update(layout=counts["layout"] + 1))
    model.modelReset.connect(lambda: counts.update(reset=counts["reset"] + 1))
    model.show_ids(array("q", [*range(1, 501), 5_000, *range(501, 1_001)]))
    assert counts == {"insert": 1, "layout": 0, "reset": 0}


def test_index_of_a_number_without_its_page():
    model = PagedTableModel[Line](COLUMNS)
    model.show_ids(array("q", range(10, 100_010)))
    assert model.index_of(90_010).row() == 90_000
    assert not model.index_of(5).isValid()
    assert model.number_at(3) == 13
    assert model.number_at(100_000) is None


def test_old_pages_are_forgotten():
    model = PagedTableModel[Line](COLUMNS)
    feeder = Feeder(model)
    pages = PAGES_KEPT + 20
    model.show_ids(array("q", range(pages * PAGE_SIZE)))
    for page in range(pages):
        shown(model, page * PAGE_SIZE)
        feeder.answer(1)
    assert model.row_of(0) is None
    assert model.row_of(pages * PAGE_SIZE - 1) is not None
    shown(model, 0)
    assert feeder.count == PAGE_SIZE


def test_the_changed_span_is_the_smallest():
    span = changed_span(ids(1, 2, 3, 4), ids(1, 9, 3, 4))
    assert (span.start, list(span.before), list(span.after)) == (1, [2], [9])
    span = changed_span(ids(1, 1, 1), ids(1, 1))
    assert (list(span.before), list(span.after)) == ([1], [])
