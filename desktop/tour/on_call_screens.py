"""The on-call screen in its states, for the pictures: the days shown, and what is asked then."""

from typing import Final

from desktop.main_window import MainWindow
from desktop.views.on_call.screen import OnCallScreen
from desktop.views.on_call.screen_head import MONTH, TWO_WEEKS, WEEK
from desktop.views.on_call.setup_screen import SetupScreen

SETUP_SCREENS: Final = ("rosters", "rotations", "policies")
"""Kinds of entries of the screen of rosters and policies, as ``on_call_KIND``."""

ON_CALL_SCREENS: Final[dict[str, tuple[str, str]]] = {
    "on_call": (WEEK, ""),
    "on_call_two_weeks": (TWO_WEEKS, ""),
    "on_call_month": (MONTH, ""),
    "on_call_override": (WEEK, "on_call.override"),
    "on_call_swap": (WEEK, "on_call.swap"),
    "on_call_time_off": (WEEK, "on_call.time_off"),
    "on_call_note": (WEEK, "on_call.note"),
    "on_call_findings": (WEEK, "on_call.findings"),
    "on_call_fairness": (WEEK, "on_call.fairness"),
}


def show_days(window: MainWindow, span: str) -> None:
    """The rota over some days, with the keyboard on the person's own shift."""
    window.hub.trigger("go.on_call")
    screen = window.findChild(OnCallScreen)
    assert isinstance(screen, OnCallScreen)
    screen.head.span.set_current(span)
    screen.head.span_chosen.emit(span)


def show_setup(window: MainWindow, kind: str) -> None:
    """A kind of entries of rosters and policies."""
    screen = window.findChild(SetupScreen)
    assert isinstance(screen, SetupScreen)
    screen.show_kind(kind)


def choose_own(window: MainWindow) -> None:
    """The last shift of the person that is on the page."""
    screen = window.findChild(OnCallScreen)
    assert isinstance(screen, OnCallScreen)
    own = [placed for placed in screen.grid.layout_now.bars() if placed.bar.is_you]
    screen.grid.choose(own[-1] if own else None)
