"""A real failover: the primary's machine goes, the standby takes over, no commit is lost."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from nightly.patroni_cluster import NODES, PatroniCluster, patroni_cluster

FAILOVERS = 3

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[PatroniCluster]:
    with patroni_cluster() as cluster:
        yield cluster


def test_the_primary_changes_and_keeps_every_commit(
    cluster: PatroniCluster, record_testsuite_property: Callable[[str, object], None]
) -> None:
    with cluster.connect() as connection:
        connection.execute("CREATE TABLE kept (n integer PRIMARY KEY)")
    timelines, leaders, acknowledged = [cluster.timeline()], [cluster.primary()], 0
    for _ in range(FAILOVERS):
        with cluster.connect() as connection:
            for _ in range(100):
                connection.execute("INSERT INTO kept VALUES (%s)", [acknowledged])
                acknowledged += 1
            old = cluster.kill_primary()
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
        leaders.append(cluster.wait_for_primary(other_than=old))
        timelines.append(cluster.timeline())
        with cluster.connect() as connection:
            found = connection.execute("SELECT n FROM kept ORDER BY n").fetchall()
        assert found == [(n,) for n in range(acknowledged)]
        cluster.start_node(old)
        cluster.wait_for_standby()
    assert timelines == sorted(set(timelines))
    assert len(timelines) == FAILOVERS + 1
    assert {node.name for node in leaders if node} == set(NODES)
    record_testsuite_property("timelines", timelines)
    record_testsuite_property("commits kept", acknowledged)


def test_a_server_that_comes_back_is_no_failover(cluster: PatroniCluster) -> None:
    cluster.wait_for_standby()
    timeline = cluster.timeline()
    old = cluster.kill_server_alone()
    assert cluster.wait_for_primary() is old
    assert cluster.timeline() == timeline
