"""Secrets stay where they are, and out of the log."""

import logging

from contract.dispatching import Receiving, webhook_world
from providers import contract_server as servers

from services.paging.page import Outcome


def test_a_secret_that_is_elsewhere_is_another_dispatchers(office, monkeypatch, tmp_path) -> None:
    with webhook_world(office, monkeypatch, tmp_path) as (sender, server):
        sender.world.page()
        (tmp_path / "secrets").write_text("")
        sender.after(0)
        (attempt,) = sender.attempts()
        assert attempt.outcome is Outcome.RETRY
        assert "signing_secret" in attempt.reason
        assert server.requests == []


def test_a_secrets_file_for_all_is_not_used(office, monkeypatch, tmp_path) -> None:
    with webhook_world(office, monkeypatch, tmp_path) as (sender, server):
        sender.world.page()
        (tmp_path / "secrets").chmod(0o644)
        sender.after(0)
        (attempt,) = sender.attempts()
        assert attempt.outcome is Outcome.RETRY
        assert "0644" in attempt.reason
        assert server.requests == []


def test_logging_is_quiet_about_addresses(sending: Receiving, caplog) -> None:
    sender, server = sending
    caplog.set_level(logging.DEBUG)
    sender.world.page()
    server.misbehave(servers.UNAUTHORISED)
    sender.after(0)
    told = str([record.__dict__ for record in caplog.records])
    assert "attempt" in told
    assert "s3cr3t-in-address" not in told
