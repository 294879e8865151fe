"""The rota: days of one width, bars by hand and by key, and no more painting than needed."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import on_call_examples as ex
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.theme.theme import apply_theme
from desktop.views.on_call import rota_rows
from desktop.views.on_call.geometry import LABELS, Scale
from desktop.views.on_call.rota_access import speak_rotas
from desktop.views.on_call.rota_grid import RotaGrid
from desktop.views.on_call.rota_layout import Placed
from desktop.views.on_call.values import Lane, RotaPage
from desktop.views.on_call.wishes import OverrideWish, ResizeWish, SwapWish
from desktop.widgets.text_audit import watch_shortened

LISBON = ZoneInfo("Europe/Lisbon")
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def grid(qtbot) -> RotaGrid:
    speak_rotas()
    grid = RotaGrid(ex.a_page())
    qtbot.addWidget(grid)
    grid.resize(LABELS + 840, 620)
    with qtbot.waitExposed(grid):
        grid.show()
    grid.show_page(ex.a_page())
    grid.activateWindow()
    grid.setFocus()
    QApplication.processEvents()
    return grid


@pytest.fixture
def wishes(grid) -> list[object]:
    found: list[object] = []
    grid.wished.connect(found.append)
    return found


@pytest.fixture
def painted(monkeypatch) -> list[str]:
    """Keys of the bars that are painted, in order."""
    found: list[str] = []
    paint = rota_rows.paint_bar

    def count(painter, box, bar, **known):
        found.append(bar.key)
        paint(painter, box, bar, **known)

    monkeypatch.setattr(rota_rows, "paint_bar", count)
    return found


def bar_of(grid: RotaGrid, roster: str, person: str, nth: int = 0) -> Placed:
    own = [p for p in grid.layout_now.bars() if p.roster_id == ex.an_id(roster)]
    return [p for p in own if p.bar.person == person][nth]


def drag(grid: RotaGrid, start: QPoint, end: QPoint) -> None:
    view = grid.viewport()
    QTest.mousePress(view, LEFT, Qt.KeyboardModifier.NoModifier, start)
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(view, start + (end - start) * part)
        QApplication.processEvents()
    QTest.mouseRelease(view, LEFT, Qt.KeyboardModifier.NoModifier, end)


def middle(placed: Placed) -> QPoint:
    return placed.box.center().toPoint()


# -- where things lie -----------------------------------------------------------------------


def test_every_day_is_equally_wide_even_one_of_23_hours():
    scale = Scale(date(2026, 3, 23), 7, LISBON, 100, 700)
    lefts = [scale.day_left(day) for day in range(8)]
    assert lefts == [100, 200, 300, 400, 500, 600, 700, 800]
    sunday = datetime(2026, 3, 29, 12, tzinfo=LISBON)
    assert scale.x(sunday) == pytest.approx(750)
    assert scale.moment(750) == sunday.astimezone(UTC)


@pytest.mark.parametrize(("days", "minutes"), [(7, 30), (14, 60), (31, 180)])
def test_a_place_is_a_whole_step(days, minutes):
    scale = Scale(date(2026, 10, 1), days, UTC, 0, 1000)
    for x in range(0, 1000, 37):
        at = scale.moment(x)
        assert (at - datetime(2026, 10, 1, tzinfo=UTC)) % timedelta(minutes=minutes) == timedelta()
        assert abs(scale.x(at) - x) <= 1000 / days / 24 / 60 * minutes / 2 + 0.01


# -- painting -------------------------------------------------------------------------------


def test_a_page_that_is_the_same_paints_nothing(grid, painted):
    grid.show_page(ex.a_page())
    QApplication.processEvents()
    assert painted == []


def test_one_other_bar_is_painted_alone(grid, painted):
    page = ex.a_page()
    rows = list(page.rows)
    first = rows[0].lanes[0].bars
    other = dataclasses.replace(first[0], person="Chiara Bellini")
    rows[0] = dataclasses.replace(rows[0], lanes=(Lane((other, *first[1:])),))
    grid.show_page(dataclasses.replace(page, rows=tuple(rows)))
    QApplication.processEvents()
    # Its neighbour is touched by the line around it.
    assert set(painted) <= {bar.key for bar in first[:2]}
    assert first[0].key in painted


def test_time_goes_on_without_painting_a_bar_away_from_the_line(grid, painted):
    page = ex.a_page()
    grid.show_page(dataclasses.replace(page, now=page.now + timedelta(minutes=20)))
    QApplication.processEvents()
    crossed = {p.bar.key for p in grid.layout_now.bars()
               if p.bar.starts_at <= page.now + timedelta(hours=1)
               and p.bar.ends_at >= page.now - timedelta(hours=1)}  # fmt: skip
    assert painted
    assert set(painted) <= crossed


def test_of_forty_rosters_only_those_in_view_are_painted(qtbot, painted):
    rows = tuple(
        dataclasses.replace(row, roster_id=ex.an_id(f"{row.name} {n}"), name=f"{row.name} {n}")
        for n in range(5)
        for row in ex.rows()
    )
    grid = RotaGrid(RotaPage(first_day=ex.MONDAY, days=30, zone=UTC, now=ex.NOW, rows=rows))
    qtbot.addWidget(grid)
    grid.resize(LABELS + 840, 620)
    painted.clear()
    with qtbot.waitExposed(grid):
        grid.show()
    QApplication.processEvents()
    assert len(rows) == 40
    in_view = [p for p in grid.layout_now.bars() if p.box.top() < 620]
    assert len(painted) <= 2 * len(in_view)
    painted.clear()
    last = list(grid.layout_now.bars())[-1]
    grid.choose(last)
    QApplication.processEvents()
    assert last.bar.key in painted
    assert grid.verticalScrollBar().value() > 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("days", [7, 14, 30])
def test_no_text_is_cut(grid, theme, days):
    apply_theme(QApplication.instance(), theme)
    with watch_shortened() as found:
        grid.show_page(ex.a_page(days))
        grid.grab()
        grid.head.resize(LABELS + 840, 60)
        grid.head.grab()
    assert found == []


# -- by hand --------------------------------------------------------------------------------


def test_dragging_over_free_days_asks_for_an_override(grid, wishes):
    weekend = QPoint(round(grid.layout_now.scale.x(ex.at(5))) + 1, middle(
        bar_of(grid, "Endpoint", "Haruto Nakamura")).y())  # fmt: skip
    drag(grid, weekend, weekend + QPoint(120, 0))
    assert wishes == [
        OverrideWish(roster_id=ex.an_id("Endpoint"), starts_at=ex.at(5), ends_at=ex.at(6))
    ]


def test_dragging_the_end_of_a_bar_asks_for_another_end(grid, wishes):
    placed = bar_of(grid, "Platform", "Haruto Nakamura")
    end = QPoint(round(placed.box.right()) - 2, middle(placed).y())
    drag(grid, end, end + QPoint(60, 0))
    (wish,) = wishes
    assert isinstance(wish, ResizeWish)
    assert (wish.bar, wish.starts_at) == (placed.bar, placed.bar.starts_at)
    assert wish.ends_at - placed.bar.ends_at == timedelta(hours=12)


def test_an_end_beyond_the_page_cannot_be_taken(grid, wishes):
    placed = bar_of(grid, "Platform", "Ruben Meijer")
    assert placed.goes_left
    start = QPoint(round(placed.box.left()) + 2, middle(placed).y())
    drag(grid, start, start + QPoint(60, 0))
    assert wishes == []


def test_dragging_a_bar_onto_another_person_asks_for_a_swap(grid, wishes):
    mine = bar_of(grid, "Service Desk", "Maya Lindqvist")
    theirs = bar_of(grid, "Service Desk", "Tariq Khoury")
    drag(grid, middle(mine), middle(theirs))
    assert wishes == [SwapWish(roster_id=ex.an_id("Service Desk"), bar=mine.bar, other=theirs.bar)]


@pytest.mark.parametrize(
    ("roster", "person"), [("Apps", "Sofia Conti"), ("Network", "Priya Raman")]
)
def test_a_bar_of_another_roster_or_of_the_same_person_is_no_place_to_drop(
    grid, wishes, roster, person
):
    held = bar_of(grid, "Network", "Priya Raman", 1)
    drag(grid, middle(held), middle(bar_of(grid, roster, person)))
    assert wishes == []


def test_a_shaky_click_moves_nothing_but_chooses(grid, wishes):
    placed = bar_of(grid, "Identity", "Elin Wikström")
    drag(grid, middle(placed), middle(placed) + QPoint(3, 1))
    assert wishes == []
    assert grid.current == placed


def test_escape_forgets_what_is_being_dragged(grid, wishes):
    placed = bar_of(grid, "Platform", "Haruto Nakamura")
    end = QPoint(round(placed.box.right()) - 2, middle(placed).y())
    hints: list[str] = []
    grid.hinted.connect(hints.append)
    QTest.mousePress(grid.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, end)
    QTest.mouseMove(grid.viewport(), end + QPoint(60, 0))
    QApplication.processEvents()
    assert hints[-1] == "Haruto Nakamura: Thu 09:00 to Fri 21:00"
    QTest.keyClick(grid, Qt.Key.Key_Escape)
    QTest.mouseRelease(grid.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, end)
    assert wishes == []
    assert hints[-1] == ""


# -- by keys --------------------------------------------------------------------------------


def test_arrows_walk_through_every_bar_and_over_the_edge(grid):
    crossed: list[int] = []
    grid.edge_crossed.connect(crossed.append)
    grid.choose(next(grid.layout_now.bars()))
    seen = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        QTest.keyClick(grid, key)
        seen.append(grid.current.bar.person)
    assert seen == ["Maya Lindqvist", "Tariq Khoury", "Jonas Dietrich", "Priya Raman"]
    assert crossed == []
    grid.choose(bar_of(grid, "Network", "Priya Raman", 1))
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert crossed == [1]


def test_the_keyboard_begins_at_ones_own_shift(grid):
    grid.clearFocus()
    grid.setFocus(Qt.FocusReason.TabFocusReason)
    assert grid.current.bar.person == "Maya Lindqvist"
    page = ex.a_page()
    grid.show_page(dataclasses.replace(page, rows=page.rows[1:]))
    grid.choose_usual()
    assert grid.current.bar.person == "Jonas Dietrich"


def test_down_reaches_every_lane(grid):
    grid.choose(next(grid.layout_now.bars()))
    rows = [0]
    lanes = [(0, 0)]
    for _ in range(20):
        QTest.keyClick(grid, Qt.Key.Key_Down)
        place = grid.current.place
        rows.append(place.row)
        lanes.append((place.row, place.lane))
    wanted = [(n, m) for n, row in enumerate(ex.rows()) for m in range(len(row.lanes))]
    assert list(dict.fromkeys(lanes)) == wanted


def test_alt_and_arrows_move_an_end_and_enter_asks(grid, wishes):
    placed = bar_of(grid, "Platform", "Haruto Nakamura")
    grid.choose(placed)
    for _ in range(2):
        QTest.keyClick(grid, Qt.Key.Key_Right, ALT)
    assert wishes == []
    QTest.keyClick(grid, Qt.Key.Key_Return)
    QTest.keyClick(grid, Qt.Key.Key_Left, ALT | SHIFT)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    later, earlier = wishes
    assert later.ends_at - placed.bar.ends_at == timedelta(hours=1)
    assert placed.bar.starts_at - earlier.starts_at == timedelta(minutes=30)


def test_alt_and_up_and_down_look_for_the_shift_to_swap_with(grid, wishes):
    mine = bar_of(grid, "Service Desk", "Maya Lindqvist")
    grid.choose(mine)
    QTest.keyClick(grid, Qt.Key.Key_Down, ALT)
    QTest.keyClick(grid, Qt.Key.Key_Down, ALT)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    (wish,) = wishes
    assert (wish.bar.person, wish.other.person) == ("Maya Lindqvist", "Tariq Khoury")


def test_enter_opens_what_can_be_done(qtbot, grid):
    placed = bar_of(grid, "Apps", "Sofia Conti")
    grid.choose(placed)
    with qtbot.waitSignal(grid.bar_opened) as opened:
        QTest.keyClick(grid, Qt.Key.Key_Return)
    row, bar = opened.args
    assert (row.name, bar) == ("Apps", placed.bar)


# -- spoken ---------------------------------------------------------------------------------


def test_every_bar_is_spoken_and_has_its_place(grid):
    spoken = QAccessible.queryAccessibleInterface(grid)
    names = [spoken.child(n).text(QAccessible.Text.Name) for n in range(spoken.childCount())]
    assert names == [p.bar.spoken for p in grid.layout_now.bars()]
    assert all(names)
    grid.choose(bar_of(grid, "Apps", "Sofia Conti"))
    focused = spoken.focusChild()
    assert focused.text(QAccessible.Text.Name) == grid.current.bar.spoken
    assert focused.rect() == grid.screen_box(grid.current)


def test_a_bar_that_is_gone_is_no_longer_spoken(grid):
    spoken = QAccessible.queryAccessibleInterface(grid)
    last = spoken.child(spoken.childCount() - 1)
    assert last.isValid()
    page = ex.a_page()
    grid.show_page(dataclasses.replace(page, rows=page.rows[:1]))
    assert spoken.childCount() == 3
    assert not last.isValid()
    assert last.text(QAccessible.Text.Name) == ""
