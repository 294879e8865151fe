"""Desks of a team go on by themselves when another server takes over, and lose nothing."""

import json
import os
import signal
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from contract.test_team_kill import WRITERS, Running, ensure_judged, judge, settle
from nightly.patroni_cluster import PASSWORD, Node, PatroniCluster, patroni_cluster
from property.histories import tell
from team import fill

from services.admin.private_postgres import HOST, SuperuserAccess

FAILOVERS = 20
DATABASE = "firstline"

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(7200)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[PatroniCluster]:
    with patroni_cluster() as cluster:
        access = SuperuserAccess(_led(cluster).port, PASSWORD)
        with access.connect() as admin:
            admin.execute(f"CREATE DATABASE {DATABASE}")
        fill(access, DATABASE)
        yield cluster


def _led(cluster: PatroniCluster) -> Node:
    found = cluster.primary()
    assert found
    return found


@contextmanager
def working(cluster: PatroniCluster, folders: dict[str, Path]) -> Iterator[list[Running]]:
    """Two people who never stop; they are killed at the end."""
    ports = [node.port for node in cluster.nodes]
    givers = [Running(folder, ports, DATABASE, login) for login, folder in folders.items()]
    try:
        yield givers
    finally:
        for giver in givers:
            giver.kill()


def ensure_nothing_is_lost(
    cluster: PatroniCluster, folders: dict[str, Path], acknowledged: list[UUID]
) -> None:
    """All that was acknowledged is there once, and the desks agree with the server."""
    settle(folders, [node.port for node in cluster.nodes], DATABASE)
    with cluster.connect(dbname=DATABASE) as admin:
        judge(admin, acknowledged)


def run_failovers(cluster: PatroniCluster, folder: Path, failovers: int) -> None:
    folders = {login: folder / login for login in WRITERS}
    epochs = [epoch(cluster)]
    with working(cluster, folders) as givers:
        for _ in range(failovers):
            for giver in givers:
                giver.wait_for("all", 20)
            old = cluster.kill_primary()
            cluster.wait_for_primary(other_than=old)
            while epoch(cluster) == epochs[-1]:  # they find it by themselves
                for giver in givers:
                    giver.wait_for("all", 1)
            epochs.append(epoch(cluster))
            cluster.start_node(old)
            cluster.wait_for_standby()
    here = [id_ for giver in givers for id_ in giver.ids("here")]
    ensure_nothing_is_lost(cluster, folders, here)
    with cluster.connect(dbname=DATABASE) as admin:
        ensure_judged(admin, here)
    assert len(set(epochs)) == failovers + 1, "a desk could not tell that the server changed"
    tell(f"{failovers} failovers, {len(here)} commands acknowledged, 0 lost")


def command_count(cluster: PatroniCluster) -> int:
    """How many commands the primary has recorded."""
    with cluster.connect(dbname=DATABASE) as admin:
        row = admin.execute("SELECT count(*) FROM firstline.command").fetchone()
    assert row
    return int(row[0])


def epoch(cluster: PatroniCluster) -> str:
    """What desks know the server by."""
    with cluster.connect(dbname=DATABASE) as admin:
        row = admin.execute("SELECT sync.epoch()").fetchone()
    assert row
    return str(row[0])


def test_failovers_lose_nothing(cluster: PatroniCluster, tmp_path: Path) -> None:
    run_failovers(cluster, tmp_path, FAILOVERS)


# -- without waiting for the standby -------------------------------------------------------


def run_lossy_failover(cluster: PatroniCluster, folder: Path) -> None:
    """The standby has fallen behind: the server forgets what desks give it once more."""
    folders = {login: folder / login for login in WRITERS}
    configure(cluster, synchronous_mode=False)
    primary = _led(cluster)
    standby = next(node for node in cluster.nodes if node is not primary)
    with cluster.connect() as admin:
        while admin.execute("SHOW synchronous_standby_names").fetchone() != ("",):
            pass
    with working(cluster, folders) as givers:
        for giver in givers:
            giver.wait_for("all", 20)
        receiver = receiver_of(standby)
        os.kill(receiver, signal.SIGSTOP)
        enough = command_count(cluster) + 40
        while command_count(cluster) < enough:
            for giver in givers:
                giver.wait_for("all", 1)
    here = [id_ for giver in givers for id_ in giver.ids("here")]
    everywhere = [id_ for giver in givers for id_ in giver.ids("all")]
    cluster.kill_primary()
    os.kill(receiver, signal.SIGKILL)  # else it would read what still lies in its socket
    cluster.wait_for_primary(other_than=primary)
    with cluster.connect(dbname=DATABASE) as admin:
        found = admin.execute("SELECT command_id FROM firstline.command").fetchall()
    lost = set(everywhere) - {row[0] for row in found}
    assert lost, "the standby was not behind: nothing was tried"
    ensure_nothing_is_lost(cluster, folders, here)
    tell(f"{len(lost)} of {len(everywhere)} lost by the server, 0 after the desks came back")


def configure(cluster: PatroniCluster, **settings: object) -> None:
    """Change what the cluster agrees on."""
    request = urllib.request.Request(
        f"http://{HOST}:{_led(cluster).rest_port}/config",
        json.dumps(settings).encode(),
        {"Content-Type": "application/json"},
        method="PATCH",
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert answer.status == 200


def receiver_of(node: Node) -> int:
    """The process of a standby that takes what the primary writes."""
    for process in Path("/proc").glob("[0-9]*"):
        words = (process / "cmdline").read_bytes() if (process / "cmdline").exists() else b""
        if b"walreceiver" in words and node.server_pid == _parent(process):
            return int(process.name)
    raise AssertionError("no walreceiver")


def _parent(process: Path) -> int:
    return int((process / "stat").read_text().rpartition(")")[2].split()[1])


def test_what_a_server_forgets_desks_give_again(cluster: PatroniCluster, tmp_path: Path) -> None:
    run_lossy_failover(cluster, tmp_path)
