"""Draws the queue workspace and its states: ``python tests/desktop/views/preview_queue.py DIR``."""

# ruff: noqa: E402 (the path comes before what is found by it)

import os
import sys
from array import array
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(Path(__file__).parents[3]), str(Path(__file__).parents[2])]

import believable_incidents as b
from PySide6.QtWidgets import QApplication

from desktop.main_window import MainWindow
from desktop.models.worklist_model import WorklistModel
from desktop.theme.theme import apply_theme
from desktop.views.queue.queue_screen import QueueScreen
from desktop.views.record.record_pane import RecordPane
from desktop.views.shell.presence import WorkAs
from desktop.views.shell.status_bar import SyncView
from desktop.widgets.banner import Banner
from services.incidents.read_models import IncidentDetail, Worklist

COUNTS = {
    Worklist.MY_WORK: 14, Worklist.TEAM_QUEUE: 63, Worklist.UNASSIGNED: 9,
    Worklist.NEEDS_TRIAGE: 6, Worklist.ESCALATED_TO_US: 2, Worklist.CONFIRM_AND_CLOSE: 5,
}  # fmt: skip


class Scene:
    """The window, filled."""

    def __init__(self) -> None:
        self.window = MainWindow()
        self.model = WorklistModel()
        self.model.set_now(b.NOW)
        self.record = RecordPane(self.window.hub)
        self.queue = QueueScreen(self.window.hub, self.model, self.record)
        self.window.add_screen("queue", self.queue)
        self.window.set_presence("Maya Lindqvist", "Available · Desk T1",
                                 [WorkAs(b.MAYA, "Maya Lindqvist", "Service desk")])  # fmt: skip
        self.window.set_counts(COUNTS)
        self.window.set_sync_state(SyncView("ok", "Synced 10:42:07", "all changes saved"))
        self.window.show_screen("queue", Worklist.TEAM_QUEUE)
        self.queue.show_worklist(Worklist.TEAM_QUEUE, "Team queue", "63 open")
        self.window.show()

    def rows(self) -> None:
        rows = {item.number: item for item in b.items()}
        self.model.show_ids(array("q", rows))
        self.model.show_rows(rows, 1)
        self.queue.show_list()
        self.queue.table.select_number(20431)

    def show(self, detail: IncidentDetail) -> None:
        self.record.show_incident(detail, now=b.NOW, viewer_id=b.MAYA)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(sys.argv)
    assert isinstance(app, QApplication)
    for theme in ("light", "dark"):
        apply_theme(app, theme)
        scene = Scene()

        def save(name: str, scene: Scene = scene, theme: str = theme) -> None:
            for _ in range(4):
                app.processEvents()
            scene.window.grab().save(str(folder / f"{name}_{theme}.png"))

        scene.rows()
        scene.show(b.detail())
        scene.queue.table.setFocus()
        save("queue")
        for tab in ("details", "escalations", "related"):
            scene.record.show_tab(tab)
            save(f"tab_{tab}")
        scene.record.show_tab("timeline")
        scene.queue.announce(3, 2)
        scene.show(b.untriaged())
        save("untriaged_news")
        scene.queue.announce(0, 0)
        scene.show(b.closed())
        save("closed")
        offline(scene)
        save("offline_conflict")
        scene.record.show_comparison()
        save("compare")
        scene.window.clear_banner()
        states(scene, save)
        scene.window.close_now()


def offline(scene: Scene) -> None:
    rows = [b.item(line, pending=at in (3, 7, 8), conflict=at == 3)
            for at, line in enumerate(b.ROWS.strip("\n").splitlines())]  # fmt: skip
    scene.model.show_rows({row.number: row for row in rows}, 2)
    scene.show(b.detail(timeline=b.timeline(pending=True), conflicts=(b.conflict(),)))
    banner = Banner("warn", "Working offline since 10:31.",
                    "Everything works. 7 changes wait here and go out when you are back.",
                    icon="sync.offline", dismissable=True, square=True)  # fmt: skip
    banner.add_button("Show 7 changes")
    scene.window.show_banner(banner)
    scene.window.set_sync_state(SyncView("offline", "Offline since 10:31", "7 changes saved here"))
    scene.window.snack("INC-20431 assigned to Oyelaran", undo=True)


def states(scene: Scene, save: object) -> None:
    assert callable(save)
    scene.model.show_ids(array("q"))
    scene.record.show_nothing()
    scene.queue.show_empty(Worklist.UNASSIGNED)
    save("empty")
    scene.queue.show_first_sync(12_400, 20_000, 8)
    save("first_sync")
    scene.queue.show_error("The copy on this machine could not be opened.", "cache-unreadable")
    save("error")
    scene.window.hub.trigger("help.keys")
    save("keys")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
