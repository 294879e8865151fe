"""Passwords for people who get a login: given in a file, typed, or made here and told once."""

import argparse
import getpass
import secrets
from pathlib import Path
from typing import Final

from services.admin.owner_connection import read_password
from services.core.errors import AppError
from services.core.secrets import Secret

_SIGNS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
"""Thirty-two that nobody takes for one another."""

_GROUPS, _GROUP = 5, 4
"""100 bits, in groups that can be read out."""

SHORTEST: Final = 10


class PasswordsDiffer(AppError):
    """The password was typed differently the second time."""

    code = "passwords-differ"


class PasswordTooShort(AppError):
    """The password is shorter than a guess takes long."""

    code = "password-too-short"


def add_password_options(parser: argparse.ArgumentParser) -> None:
    """Declare how a new password is given."""
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument(
        "--new-password-file",
        type=Path,
        metavar="FILE",
        help="the person's password, in a file that only you can read (default: a random one is"
        " made and printed once)",
    )
    ways.add_argument("--ask", action="store_true", help="type the person's password")


def new_password(options: argparse.Namespace) -> Secret:
    """The password that the options ask for; a random one if they say nothing.

    Raises:
        AppError: what is given is no password to take.
    """
    if options.new_password_file:
        given = read_password(options.new_password_file)
    elif options.ask:
        given = Secret(getpass.getpass("New password: "))
        if given != Secret(getpass.getpass("Once more: ")):
            raise PasswordsDiffer()
    else:
        return random_password()
    if len(given.reveal()) < SHORTEST:
        raise PasswordTooShort(shortest=SHORTEST)
    return given


def random_password() -> Secret:
    """A password that nobody guesses and everybody can read out."""
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return Secret("-".join(groups))


def tell_password(options: argparse.Namespace, login: str, password: Secret) -> None:
    """Print a password that was made here, which is kept nowhere."""
    if not options.new_password_file and not options.ask:
        print(f"Password of {login}, shown this once: {password.reveal()}")
