"""What the program ``firstline`` runs."""

import os
import sys

# Without a language Qt warns at every start; a launcher of a desktop always sets one.
os.environ.setdefault("LANG", "C.UTF-8")

from desktop.__main__ import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
