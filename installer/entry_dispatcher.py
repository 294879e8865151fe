"""What the program ``firstline-dispatcher`` runs."""

import sys

from services.dispatcher.__main__ import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
