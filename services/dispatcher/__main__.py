"""``python -m services.dispatcher``: leads the pages of one shared database until stopped."""

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue

from services.core.clock import SystemClock
from services.core.errors import AppError
from services.core.messages import message_of
from services.core.release import program_name
from services.core.server_address import Host, parse_address
from services.dispatcher import event_log
from services.dispatcher.answer_links import AnswerLinks
from services.dispatcher.answers import AnswerPages
from services.dispatcher.calendar_keys import CalendarKeys
from services.dispatcher.calendar_pages import CalendarPages
from services.dispatcher.extending import EVERY_S, extend
from services.dispatcher.listener import Listener, Site
from services.dispatcher.metrics_page import MetricsPage
from services.dispatcher.opening import (
    OpenEngine,
    OpenShared,
    opening,
    opening_shared,
    reading_beats,
)
from services.dispatcher.phone_answers import PhoneAnswers
from services.dispatcher.runner import SENDERS, SENDING_CONNECTIONS, Chore, Dispatcher
from services.dispatcher.secrets import DATABASE, SecretStore, secret_store
from services.dispatcher.status import confirmed, status
from services.dispatcher.transport import Transport
from services.paging.engine import PagingEngine
from services.sync.connection_faults import RootCertificateUnreadable

log = logging.getLogger("services.dispatcher")

REFUSED = 2
"""Exit code where a fact kept it from beginning."""

HERE = "127.0.0.1"
MOST_SENDERS = 64


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        secrets = secret_store(options.secrets)
        if options.secrets is not None:
            secrets.get(DATABASE)  # a file that is not to be used is told of at once
        open_engine = opening(options.database, secrets, options.root_certificate)
        open_shared = opening_shared(options.database, secrets, options.root_certificate)
        if options.confirm_clock:
            with closing(open_engine(1)) as engine:
                sys.stdout.write(f"{confirmed(engine)}\n")
            return 0
        if options.status:
            with closing(open_engine(1)) as engine:
                beats = reading_beats(options.database, secrets, options.root_certificate)
                text, code = status(engine, beats)
            sys.stdout.write(f"{text}\n")
            return code
        event_log.listen(as_json=options.log_json)
        _run(options, secrets, open_engine, open_shared)
    except AppError as error:
        sys.stderr.write(f"{message_of(error).text}\n")
        return REFUSED
    return 0


def _run(
    options: argparse.Namespace,
    secrets: SecretStore,
    open_engine: OpenEngine,
    open_shared: OpenShared,
) -> None:
    asked_to_stop: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: asked_to_stop.put(number))
    with ExitStack() as pages:
        ticking, sending = open_engine(1), open_engine(SENDING_CONNECTIONS)
        _try_once(ticking)
        place = _place(options.answers) if options.answers else None
        links = AnswerLinks(options.answers_url or _own_address(place))
        dispatcher = Dispatcher(
            ticking=ticking,
            sending=sending,
            transport=_transport(options),
            secrets=secrets,
            senders=options.senders,
            links=links,
            chores=[Chore(EVERY_S, partial(extend, open_shared, SystemClock()))],
        )
        if place is not None:
            site = AnswerPages(
                sending,
                PhoneAnswers(sending, secrets, links),
                CalendarPages(open_shared, CalendarKeys(secrets), SystemClock()),
            )
            _serve(pages, "answers", place.name, place.port, site)
        if options.metrics is not None:
            _serve(pages, "metrics", HERE, options.metrics, MetricsPage(dispatcher.figures))
        dispatcher.start()
        _wait_for(asked_to_stop)
        dispatcher.stop()


def _serve(pages: ExitStack, what: str, host: str, port: int, site: Site) -> None:
    listener = pages.enter_context(closing(Listener(host, port, site)))
    log.info("serving", extra={"facts": {"what": what, "host": host, "port": listener.port}})


def _try_once(engine: PagingEngine) -> None:
    """Refuse to begin where waiting does not help, as with a wrong password.

    Raises:
        AppError: the database will never let us.
    """
    try:
        engine.fire_due()
    except AppError as fact:
        if not fact.retryable:
            raise


def _transport(options: argparse.Namespace) -> Transport:
    try:
        return Transport(roots=options.provider_certificates, trusts_environment=options.use_proxy)
    except OSError as error:
        file = options.provider_certificates or "the system's list"
        raise RootCertificateUnreadable(file=file, problem=type(error).__name__) from None


def _place(typed: str) -> Host:
    """``HOST:PORT``, or a port of this machine.

    Raises:
        AddressWrong: it is neither.
    """
    (host,) = parse_address(f"{HERE}:{typed}" if typed.isdecimal() else typed).hosts
    return host


def _own_address(place: Host | None) -> str:
    """By which this machine reaches its own answer pages; empty where others are to reach them."""
    return f"http://{place.name}:{place.port}" if place is not None and place.is_here else ""


def _wait_for(asked_to_stop: "SimpleQueue[int]") -> None:
    # A wait without an end is not interrupted by signals everywhere.
    while True:
        with suppress(Empty):
            asked_to_stop.get(timeout=1.0)
            return


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program_name("firstline-dispatcher", "python -m services.dispatcher"),
        description="Leads pages: takes their steps when due, and delivers them. Several may run.",
    )
    add = parser.add_argument
    # fmt: off
    add("--database", required=True, metavar="URL",
        help="postgresql://user@host:port/database, never with a password, or an embedded file")
    add("--root-certificate", default="", metavar="FILE",
        help="the certificates to trust for the database (default: those of the system)")
    add("--secrets", type=Path, metavar="FILE",
        help="a file with a line “name = secret” for each, which only its owner may read"
        " (default: systemd credentials, else the keyring)")
    add("--senders", type=_count, default=SENDERS, metavar="N",
        help=f"how many deliveries are sent at once (default: {SENDERS})")
    add("--provider-certificates", default="", metavar="FILE",
        help="the certificates to trust for providers (default: those of the system)")
    add("--use-proxy", action="store_true",
        help="reach providers through the proxy that the environment names")
    add("--answers", metavar="HOST:PORT",
        help="serve the links by which people answer pages; a port alone is for this machine only")
    add("--answers-url", default="", metavar="URL",
        help="the address under which others reach what --answers serves")
    add("--metrics", type=int, metavar="PORT",
        help="serve figures for Prometheus at http://127.0.0.1:PORT/metrics")
    add("--log-json", action="store_true", help="write events as JSON, one in a line")
    add("--status", action="store_true",
        help="print how paging stands and end: 0 if all is well, else 1")
    add("--confirm-clock", action="store_true",
        help="say that the database's clock is right, though it was stepped forward, and end")
    # fmt: on
    return parser


def _count(typed: str) -> int:
    if not typed.isdecimal() or not 1 <= int(typed[:4]) <= MOST_SENDERS:
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST_SENDERS}")
    return int(typed)


if __name__ == "__main__":
    sys.exit(main())
