"""What the program ``firstline-admin`` runs."""

import sys

from services.admin.__main__ import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
