"""Takes the pictures of README.md and of docs anew: ``.venv/bin/python scripts/take_pictures.py``.

With names of pictures, as in docs/images, only those. They come from the screens with sample data
and from the stories, so two of them need the server that the stories start.
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
    "major_light": "major",
    "major_resolve_light": "major_resolve",
    "major_drill_light": "major_drill",
}
"""The screen that a picture shows."""

STORIES: Final = {
    "paging_light": ("paging", "audit"),
    "team_conflict_light": ("team", "conflict"),
}
"""The story that a picture is from, and what it is called there."""


def main(names: list[str]) -> int:
    """Take the pictures of these names, or all; 2 when there is none of a name."""
    known = [*SCREENS, *STORIES]
    if unknown := set(names) - set(known):
        missing = ", ".join(sorted(unknown))
        sys.stderr.write(f"No picture is called {missing}. There are: {', '.join(known)}.\n")
        return 2
    for name in names or known:
        with tempfile.TemporaryDirectory(prefix="firstline-pictures-") as folder:
            _keep(_taken(name, Path(folder)), IMAGES / f"{name}.png")
    return 0


def _taken(name: str, folder: Path) -> Path:
    """The picture as the program left it."""
    if name in SCREENS:
        screen = SCREENS[name]
        _render("--screens", str(folder), "--screen", screen, "--theme", "light")
        return folder / f"{screen}_light.png"
    story, picture = STORIES[name]
    _render("--tour", str(folder), "--story", story)
    return next(folder.glob(f"[0-9][0-9]_{picture}.png"))


def _render(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "desktop", *arguments], cwd=ROOT, check=True)


def _keep(taken: Path, path: Path) -> None:
    """In 256 colours, which is a third of the size and looks the same."""
    with Image.open(taken) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
    sys.stdout.write(f"{path.relative_to(ROOT)} {path.stat().st_size // 1024} kB\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
