"""``python -m desktop``: the desk, its tour, or pictures of its screens."""

import argparse
import gc
import linecache
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from services.core.release import VERSION, program_name


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog=program_name("firstline", "python -m desktop"),
        description="Firstline, the incident desk",
    )
    parser.add_argument("--version", action="version", version=f"Firstline {VERSION}")
    parser.add_argument(
        "--tour",
        nargs="?",
        const="tour-output",
        metavar="DIR",
        help="drive the real windows through one incident and leave pictures in DIR",
    )
    parser.add_argument(
        "--story", default="incident", choices=["incident", "team", "paging", "major"]
    )
    parser.add_argument("--screens", metavar="DIR", help="render every screen into DIR")
    parser.add_argument("--theme", choices=["light", "dark"], help="only this theme")
    parser.add_argument(
        "--screen", metavar="NAME", action="append", help="only this screen; may be said again"
    )
    return parser.parse_args(arguments)


def desk_program() -> Callable[..., int]:
    """The desk's own entry, imported without looking for garbage where there is none yet."""
    gc.disable()
    from desktop.bootstrap import run_desk

    # Qt's binding has read the source of every module imported after it, and Python keeps that.
    linecache.clearcache()
    gc.freeze()
    gc.enable()
    return run_desk


def main(arguments: Sequence[str]) -> int:
    """Run what the command line asks for and return the exit code."""
    wanted = parse(arguments)
    if wanted.tour is not None:
        from desktop.tour.run import run_tour

        return run_tour(Path(wanted.tour), wanted.story)
    if wanted.screens:
        from desktop.tour.screens import render_screens

        return render_screens(Path(wanted.screens), theme=wanted.theme, only=wanted.screen or ())
    return desk_program()()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
