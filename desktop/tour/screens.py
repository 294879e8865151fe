"""Renders every screen and state at 1440 × 900 with sample data, light and dark."""

import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton

from desktop.presenters.shell_presenter import switch_theme
from desktop.tour.composer_screens import COMPOSER_SCREENS
from desktop.tour.driver import pause
from desktop.tour.major_screens import DRILL_SCREENS, MAJOR_SCREENS
from desktop.tour.offscreen import start_offscreen
from desktop.tour.on_call_screens import (
    ON_CALL_SCREENS,
    SETUP_SCREENS,
    choose_own,
    show_days,
    show_setup,
)
from desktop.tour.paging_screens import PAGING_SCREENS
from desktop.tour.reach_screens import REACH_SCREENS, show_reach
from desktop.tour.room_screens import ROOM_SCREENS
from desktop.tour.sign_in_screens import SIGN_IN_SCREENS
from desktop.tour.stage import Show, Stage, open_stage
from desktop.tour.sync_screens import SYNC_SCREENS
from services.core.paths import home_at
from services.incidents.acts import RestrictIncident
from services.incidents.incident import Incident, IncidentState
from services.incidents.read_models import Worklist
from services.sync.replica import Progress
from services.sync.worker import SyncState


def render_screens(folder: Path, *, theme: str | None = None, only: Sequence[str] = ()) -> int:
    """Leave ``NAME_THEME.png`` for each screen, or for those named; 2 when one is unknown."""
    if unknown := [name for name in only if name not in SCREENS]:
        missing, known = ", ".join(unknown), ", ".join(SCREENS)
        sys.stderr.write(f"No screen is called {missing}. There are: {known}.\n")
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    start_offscreen()
    themes = (theme,) if theme else ("light", "dark")
    for group in GROUPS:
        wanted = {name: show for name, show in group.items() if name in (only or SCREENS)}
        if wanted:
            _render_group(folder, wanted, themes)
    return 0


def _render_group(folder: Path, screens: Mapping[str, Show], themes: Sequence[str]) -> None:
    """On a stage of their own: what others leave behind is on none of these pictures."""
    with tempfile.TemporaryDirectory(prefix="firstline-screens-") as temporary:
        stage = open_stage(home_at(Path(temporary)), folder)
        for name, show in screens.items():
            _render(stage, name, show, themes)
        stage.program.quit()
        pause(0)


def _render(stage: Stage, name: str, show: Show, themes: Sequence[str]) -> None:
    shown = show(stage) or stage.driver.window
    for theme in themes:
        switch_theme(theme)
        pause(30)
        path = stage.driver.folder / f"{name}_{theme}.png"
        shown.grab().save(str(path))
        sys.stdout.write(f"{path}\n")
    stage.reset()


# -- screens --------------------------------------------------------------------------------


def _welcome(stage: Stage) -> None:
    stage.program.welcome.show_choices()
    stage.driver.window.show_screen("welcome")


def _sign_in(name: str) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        SIGN_IN_SCREENS[name](stage.program.entrance, stage.driver.window)

    return show


def _on_call(name: str) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        span, verb = ON_CALL_SCREENS[name]
        show_days(stage.driver.window, span)
        stage.driver.settle()
        if verb:
            choose_own(stage.driver.window)
            stage.dialog(verb)

    return show


def _on_call_setup(kind: str) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        stage.trigger("on_call.setup")
        show_setup(stage.driver.window, kind)

    return show


def _queue(stage: Stage) -> None:
    stage.queue()
    stage.choose(lambda i: i.summary.startswith("VPN drops"))


def _empty(stage: Stage) -> None:
    stage.queue(Worklist.ESCALATED_TO_US)


def _first_sync(stage: Stage) -> None:
    stage.queue()
    stage.place.shell.show_sync(SyncState(is_online=True, copying=Progress(12_400, 20_000)))


def _error(stage: Stage) -> None:
    stage.queue()
    stage.place.queue_screen.show_error(
        "The list could not be read. Your data is safe.", "database-unreadable cache.db"
    )


def _log_confidential(stage: Stage) -> None:
    _log(stage)
    box = stage.driver.named(QAbstractButton, "Confidential")
    stage.driver.click(box)
    stage.driver.settle()


def _own(stage: Stage) -> None:
    """An open incident that the person at the desk decides about."""
    me = stage.place.desk.viewer.person_id
    stage.queue()
    stage.choose(lambda i: _is_working(i) and i.priority is not None and i.assignee_id == me)


def _restrict(stage: Stage) -> None:
    _own(stage)
    stage.dialog("incident.restrict")


def _confidential(stage: Stage) -> None:
    """One incident that only those see who have to do with it."""
    _own(stage)
    incident = stage.incident
    act = RestrictIncident(
        incident_id=incident.id,
        is_confidential=True,
        reason="Names of the people in the payroll run",
        seen_is_confidential=False,
    )
    stage.place.desk.give(act, said="")
    stage.driver.until(lambda: stage.incident.is_confidential, "a confidential record")
    stage.driver.settle()


def _lift(stage: Stage) -> None:
    _confidential(stage)
    stage.dialog("incident.restrict")


def _read_only(stage: Stage) -> None:
    stage.queue(Worklist.ALL_INCIDENTS)
    stage.choose(lambda i: i.state is IncidentState.CLOSED)


def _tab(name: str) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        stage.queue()
        stage.choose(lambda i: i.escalation_id is not None)
        stage.trigger(f"tab.{name}")

    return show


def _log(stage: Stage) -> None:
    stage.driver.window.hub.trigger("incident.log")
    people = stage.place.desk.directory.people.values()
    caller = next(p for p in people if p.name.startswith("Tomás"))
    stage.place.log_screen.start_new(
        values={
            "caller": str(caller.id),
            "summary": "VPN drops every few minutes after client update",
            "description": "Tunnel disconnects about every 5 minutes since the 07:00 update.",
        }
    )
    stage.driver.settle()
    stage.driver.click(stage.driver.named(QAbstractButton, "Impact team, urgency high, priority 2"))
    stage.driver.settle()


def _dialog(
    id_: str, worklist: Worklist, wanted: Callable[[Incident], bool]
) -> Callable[[Stage], None]:
    def show(stage: Stage) -> None:
        stage.queue(worklist)
        stage.choose(wanted)
        stage.dialog(id_)

    return show


def _catalogue(stage: Stage) -> None:
    stage.trigger("tools.catalogue")


def _matrix(stage: Stage) -> None:
    stage.queue()
    stage.dialog("tools.matrix")


def _keys(stage: Stage) -> None:
    stage.queue()
    stage.dialog("help.keys")


def _is_working(incident: Incident) -> bool:
    return incident.state is IncidentState.IN_PROGRESS and incident.escalation_id is None


def _is_resolved(incident: Incident) -> bool:
    return incident.state is IncidentState.RESOLVED


def _any(_: Incident) -> bool:
    return True


TEAM = Worklist.TEAM_QUEUE
_WORK: dict[str, Show] = {
    "welcome": _welcome,
    **{name: _sign_in(name) for name in SIGN_IN_SCREENS},
    "queue": _queue,
    "record_details": _tab("details"),
    "record_escalations": _tab("escalations"),
    "record_related": _tab("related"),
    "log_incident": _log,
    "escalate_team": _dialog("incident.escalate", TEAM, _is_working),
    "escalate_management": _dialog("incident.escalate_up", TEAM, _is_working),
    "resolve": _dialog("incident.resolve", TEAM, _is_working),
    "hold": _dialog("incident.hold", TEAM, _is_working),
    "cancel": _dialog("incident.cancel", TEAM, _is_working),
    "link": _dialog("incident.link", TEAM, _is_working),
    "close": _dialog("incident.close", Worklist.CONFIRM_AND_CLOSE, _is_resolved),
    "reopen": _dialog("incident.reopen", Worklist.CONFIRM_AND_CLOSE, _is_resolved),
    "print": _dialog("incident.print", TEAM, _is_working),
    "priority": _dialog("edit.priority", TEAM, _is_working),
    "assign": _dialog("edit.assignee", TEAM, _is_working),
    "restrict": _restrict,
    "confidential": _confidential,
    "lift": _lift,
    "log_confidential": _log_confidential,
    "catalogue": _catalogue,
    "matrix": _matrix,
    "keys": _keys,
    "state_empty": _empty,
    "state_first_sync": _first_sync,
    "state_error": _error,
    "state_read_only": _read_only,
}
GROUPS: tuple[Mapping[str, Show], ...] = (
    _WORK,
    SYNC_SCREENS,
    {
        **{name: _on_call(name) for name in ON_CALL_SCREENS},
        **{f"on_call_{kind}": _on_call_setup(kind) for kind in SETUP_SCREENS},
        **{name: partial(show_reach, name=name) for name in REACH_SCREENS},
    },
    {**MAJOR_SCREENS, **ROOM_SCREENS, **COMPOSER_SCREENS, **DRILL_SCREENS},
    PAGING_SCREENS,
)
"""Pictures that are taken one after the other on the same stage."""

SCREENS: dict[str, Show] = {name: show for group in GROUPS for name, show in group.items()}
