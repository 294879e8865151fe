"""``change``: what was deployed or changed, for the search of what broke it."""

import argparse
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from services.admin.giving_site import Site, add_login_option, site_at
from services.admin.owner_connection import add_database_options
from services.catalogue.service import BusinessService, Product
from services.core.clock import Clock, SystemClock
from services.core.errors import AppError
from services.core.messages import message_of
from services.intake.change_feed import Catalogue, change_from, rows_of
from services.intake.giving import Giver, decided
from services.intake.schedules.reading import read_text
from services.major_incidents.entries import ChangeEvent
from services.major_incidents.entry_acts import AddChangeEvent
from services.people.person import Person, PersonRole
from services.sync.shared import Introduction, Outcome

WRONG_ROWS = 1
"""Exit code where a row was wrong; nothing was written."""

BY_HAND: Final = "by hand"
_READ = (Person, PersonRole, ChangeEvent)
"""What the rule of changes reads."""


class ChangesRefused(AppError):
    """The shared database refused what every rule had let pass."""

    code = "changes-refused"


def add_change(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command, what can be done, and its options."""
    change = commands.add_parser("change", help="what was deployed or changed, and may have broken")
    acts = change.add_subparsers(dest="change_act", required=True, metavar="ACT")
    adding = acts.add_parser("add", help="enter one change")
    adding.add_argument("--title", required=True, metavar="TEXT")
    adding.add_argument(
        "--reference", default="", metavar="TEXT", help="such as CHG-17 or a commit"
    )
    adding.add_argument("--at", required=True, metavar="ISO", help="when; UTC without an offset")
    adding.add_argument("--service", default="", metavar="NAME")
    adding.add_argument("--products", default="", metavar="NAME;NAME")
    adding.set_defaults(run=run_add)
    importing = acts.add_parser(
        "import",
        help="enter the changes of a file, all of them or none",
        description=(
            "Enters the rows of a CSV file with the columns title and at, and where they are there"
            " reference, service, products (parted by semicolons) and key. A row whose key was"
            " entered before is left out, so that the same file can be given again."
        ),
    )
    importing.add_argument("file", type=Path, metavar="FILE.csv")
    importing.add_argument("--source", default="", metavar="NAME", help="default: the file's name")
    importing.set_defaults(run=run_import)
    for parser in (adding, importing):
        add_database_options(parser, or_embedded=True)
        add_login_option(parser)


def run_add(options: argparse.Namespace) -> int:
    """Enter one change; returns the exit code.

    Raises:
        AppError: a field is wrong, or the database cannot be used; nothing was written.
    """
    return enter_one(options, SystemClock())


def enter_one(options: argparse.Namespace, clock: Clock) -> int:
    """As ``run_add``, by a clock of one's own."""
    names = ("title", "at", "reference", "service", "products")
    row = {"key": "", **{name: getattr(options, name) for name in names}}
    with site_at(options, _client("add"), clock) as site:
        command = change_from(row, BY_HAND, _catalogue(site), clock.now())
        _write([command], site, site.giver(_READ, clock))
    print(f"Entered: {command.title}.")
    return 0


def run_import(options: argparse.Namespace) -> int:
    """Enter the rows of a file; returns the exit code.

    Raises:
        AppError: the file cannot be read, or the database cannot be used; nothing was written.
    """
    return enter_all(options, SystemClock())


def enter_all(options: argparse.Namespace, clock: Clock) -> int:
    """As ``run_import``, by a clock of one's own."""
    rows = list(rows_of(read_text(options.file)))
    source = options.source or options.file.stem
    with site_at(options, _client(source), clock) as site:
        catalogue, giver = _catalogue(site), site.giver(_READ, clock)
        known = {e.external_key for e in giver.state.find(ChangeEvent) if e.source == source}
        sound: list[AddChangeEvent] = []
        wrong = 0
        for line, row in rows:
            if row["key"] in known - {""}:
                print(f"line {line}: {row['title']}: left out, entered before")
                continue
            try:
                command = change_from(row, source, catalogue, clock.now())
                list(decided([command], giver))
                sound.append(command)
                print(f"line {line}: {command.title}")
            except AppError as error:
                wrong += 1
                print(f"line {line}: wrong: {message_of(error).happened}")
        if wrong:
            print(f"{wrong:,} of {len(rows):,} rows are wrong. Nothing was entered.")
            return WRONG_ROWS
        _write(sound, site, site.giver(_READ, clock))
    print(f"Entered: {len(sound):,} of {len(rows):,} changes.")
    return 0


def _write(commands: Sequence[AddChangeEvent], site: Site, giver: Giver) -> None:
    submissions = list(decided(commands, giver))
    site.shared.hello(Introduction(giver.identity))
    for decision in site.shared.submit(giver.identity, submissions):
        if decision.outcome is not Outcome.APPLIED:
            raise ChangesRefused(code=decision.code)


def _catalogue(site: Site) -> Catalogue:
    return Catalogue(
        services={s.name.lower(): s.id for s in site.state.find(BusinessService)},
        products={p.name.lower(): p.id for p in site.state.find(Product)},
    )


def _client(source: str) -> str:
    return sha256(f"change {source}".encode()).hexdigest()
