"""The models of the queue and of the timeline."""

from array import array
from datetime import timedelta

import believable_incidents as b
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop.models.timeline_model import SHOWN_CHARACTERS, TimelineModel
from desktop.models.worklist_model import KEYS, WorklistModel
from services.incidents.read_models import TimelineKind

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def spoken(model: WorklistModel, line: int, key: str) -> object:
    index = model.index(line, KEYS.index(key))
    return index.data(Qt.ItemDataRole.AccessibleTextRole)


def worklist() -> WorklistModel:
    model = WorklistModel()
    model.set_now(b.NOW)
    rows = {row.number: row for row in b.items()}
    model.show_ids(array("q", rows))
    model.show_rows(rows, 1)
    return model


def test_every_cell_says_what_it_shows(qapp):
    model = worklist()
    assert spoken(model, 1, "priority") == "Priority 2 high"
    assert spoken(model, 5, "priority") == "Not triaged, priority not set"
    assert spoken(model, 0, "summary").endswith("unread, 38 linked")
    assert spoken(model, 2, "assignee") == "Nobody assigned"
    assert spoken(model, 3, "age") == "Age 3 h 32 m"
    for line in range(model.rowCount()):
        assert all(spoken(model, line, key) for key in KEYS)


def test_ages_count_up_without_reading_rows_again(qapp):
    model = worklist()
    asked: list[object] = []
    model.page_needed.connect(asked.append)
    model.set_now(b.NOW + timedelta(hours=1))
    assert model.index(3, KEYS.index("age")).data() == "4 h 32 m"
    assert asked == []


def test_new_entries_are_inserted_at_the_top(qapp):
    model = TimelineModel()
    tester = QAbstractItemModelTester(model, FATAL)
    entries = b.timeline()
    model.show_entries(entries[1:], now=b.NOW, viewer_id=b.MAYA)
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _, first, last: inserted.append((first, last)))
    model.show_entries(entries, now=b.NOW, viewer_id=b.MAYA)
    assert inserted == [(0, 0)]
    assert model.index(0, 0).data() == "You added an internal note"
    assert tester.model() is model


def test_a_pending_entry_and_a_late_recording_say_so(qapp):
    model = TimelineModel()
    late = b.entry(TimelineKind.NOTE, "Jonas", "wrote", "09:00", recorded_at=b.NOW)
    model.show_entries((*b.timeline(pending=True)[:1], late), now=b.NOW)
    tips = [model.index(line, 0).data(Qt.ItemDataRole.ToolTipRole) for line in range(2)]
    assert "not yet sent" in tips[0]
    assert tips[1] == "today 09:00\nrecorded today 10:42"


def test_a_screen_reader_gets_no_megabytes(qapp):
    model = TimelineModel()
    long = b.entry(TimelineKind.NOTE, "Jonas", "wrote", "09:00", text="x" * 5_000_000)
    model.show_entries((long,), now=b.NOW)
    words = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert len(words) < SHOWN_CHARACTERS + 100
