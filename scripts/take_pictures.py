"""Takes the pictures of README.md and of docs anew: ``.venv/bin/python scripts/take_pictures.py``.

With names of pictures, as in docs/images, only those. They come from the screens with sample data
and from a story, so one of them needs the server that the stories start.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image

ROOT: Final = Path(__file__).resolve().parent.parent
IMAGES: Final = ROOT / "docs" / "images"
COLOURS: Final = 256
SCREENS: Final = {
    "queue_light": "queue",
    "log_incident_light": "log_incident",
    "team_conflict_light": "state_conflict",
    "major_light": "major",
    "major_resolve_light": "major_resolve",
    "major_drill_light": "major_drill",
    "composer_light": "composer_external",
    "on_call_light": "on_call",
}
"""The screen that a picture shows."""

STORIES: Final = {
    "paging_light": ("paging", "audit"),
}
"""The story that a picture is from, and what it is called there."""


def main(names: list[str]) -> int:
    """Take the pictures of these names, or all; 2 when there is none of a name."""
    known = [*SCREENS, *STORIES]
    if unknown := set(names) - set(known):
        missing = ", ".join(sorted(unknown))
        sys.stderr.write(f"No picture is called {missing}. There are: {', '.join(known)}.\n")
        return 2
    wanted = names or known
    with tempfile.TemporaryDirectory(prefix="firstline-pictures-") as temporary:
        folder = Path(temporary)
        _take_screens([name for name in wanted if name in SCREENS], folder)
        for name in (name for name in wanted if name in STORIES):
            _take_story(name, folder / name)
    return 0


def _take_screens(names: list[str], folder: Path) -> None:
    if not names:
        return
    screens = [part for name in names for part in ("--screen", SCREENS[name])]
    _render("--screens", str(folder), "--theme", "light", *screens)
    for name in names:
        _keep(folder / f"{SCREENS[name]}_light.png", name)


def _take_story(name: str, folder: Path) -> None:
    story, picture = STORIES[name]
    _render("--tour", str(folder), "--story", story)
    _keep(next(folder.glob(f"[0-9][0-9]_{picture}.png")), name)


def _render(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "desktop", *arguments], cwd=ROOT, check=True)


def _keep(taken: Path, name: str) -> None:
    """In 256 colours, a third of the size: so chosen that none of the picture's is far from all of
    them, then moved to where most are, so that large grounds stay what they were."""
    path = IMAGES / f"{name}.png"
    with Image.open(taken) as picture:
        few = picture.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE
        )
        few.save(path, optimize=True)
    sys.stdout.write(f"{path.relative_to(ROOT)} {path.stat().st_size // 1024} kB\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
