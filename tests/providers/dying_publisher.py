"""Publishes to a folder again and again, in processes that are killed on the way.

``python dying_publisher.py FOLDER KILLS SEED [in-place]``. With ``in-place`` each file is written
where readers find it: that is what the guard is measured against.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from page_examples import burning
from providers.publication import call_for, filled, published

from services.dispatcher.publishing import Folder, put_all

LONGEST_LIFE_S = 0.008
"""One publication takes about so long."""


class InPlace(Folder):
    """Writes where readers find it, a little at a time, as a slow disk would."""

    def put(self, name: str, content: bytes) -> None:
        """Write over the old file."""
        target = self._root / name
        self._make(target.parent)
        with target.open("wb", buffering=0) as file:
            for start in range(0, len(content), 1_000):
                file.write(content[start : start + 1_000])


def publish_for_ever(folder: Path, place: type[Folder]) -> None:
    """One page after another, each with the next sequence."""
    content = burning()
    call = call_for({"target": "folder", "path": str(folder)}, content=content)
    sequence = (published(folder) or 0) + 1
    while True:
        put_all(filled(call, burning(sequence=sequence)), place(folder))
        sequence += 1


def main() -> None:
    """Let so many publishers begin and die."""
    folder, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    place = InPlace if sys.argv[4:] else Folder
    dice = random.Random(seed)
    for _ in range(kills):
        before = published(folder)
        child = os.fork()
        if not child:
            publish_for_ever(folder, place)
        while published(folder) == before:  # until it has begun
            time.sleep(0.001)
        time.sleep(dice.random() * LONGEST_LIFE_S)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
