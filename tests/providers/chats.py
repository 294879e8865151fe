"""The chats and Twilio, each with its server on loopback and an account there."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from providers import matrix_server, mattermost_server, slack_server, teams_server, twilio_server
from providers.calling import Caller
from providers.examples import OPENED

from services.providers.matrix import Matrix
from services.providers.mattermost import Mattermost
from services.providers.provider import Item
from services.providers.slack import Slack
from services.providers.teams import Teams
from services.providers.twilio import TwilioSms, TwilioVoice

NUMBER = "+491701234567"


@dataclass(frozen=True, kw_only=True)
class Chat:
    """One provider: its server, an account, and what arrived, in order."""

    name: str
    server: Callable[[], Any]
    caller: Callable[[Any], Caller]
    arrived: Callable[[Any], list[Any]]
    item: Item = OPENED

    def __str__(self) -> str:
        return self.name


def slack(server: slack_server.SlackServer) -> Caller:
    options = {"channel": slack_server.CHANNEL}
    return Caller(Slack(), server, {"token": slack_server.TOKEN}, options, "/api")


def teams(server: teams_server.TeamsServer) -> Caller:
    return Caller(Teams(), server, {"url": server.address()})


def matrix(server: matrix_server.MatrixServer) -> Caller:
    return Caller(Matrix(), server, {"token": matrix_server.TOKEN}, {"room": matrix_server.ROOM})


def mattermost(server: mattermost_server.MattermostServer) -> Caller:
    options = {"channel": mattermost_server.CHANNEL}
    return Caller(Mattermost(), server, {"token": mattermost_server.TOKEN}, options)


_TWILIO = {"account_sid": twilio_server.SID, "from": twilio_server.SENDER}


def sms(server: twilio_server.TwilioServer) -> Caller:
    return Caller(TwilioSms(), server, {"token": twilio_server.TOKEN}, _TWILIO)


def voice(server: twilio_server.TwilioServer) -> Caller:
    return Caller(TwilioVoice(), server, {"token": twilio_server.TOKEN}, _TWILIO)


TO_A_PHONE = replace(OPENED, address=NUMBER)

SLACK = Chat(
    name="slack",
    server=slack_server.SlackServer,
    caller=slack,
    arrived=lambda server: server.messages,
)
TEAMS = Chat(
    name="teams",
    server=teams_server.TeamsServer,
    caller=teams,
    arrived=lambda server: server.cards,
)
MATRIX = Chat(
    name="matrix",
    server=matrix_server.MatrixServer,
    caller=matrix,
    arrived=lambda server: list(server.events.values()),
)
MATTERMOST = Chat(
    name="mattermost",
    server=mattermost_server.MattermostServer,
    caller=mattermost,
    arrived=lambda server: list(server.posts.values()),
)
SMS = Chat(
    name="twilio_sms",
    server=twilio_server.TwilioServer,
    caller=sms,
    arrived=lambda server: server.messages,
    item=TO_A_PHONE,
)
VOICE = Chat(
    name="twilio_voice",
    server=twilio_server.TwilioServer,
    caller=voice,
    arrived=lambda server: server.calls,
    item=TO_A_PHONE,
)
CHATS = [SLACK, TEAMS, MATRIX, MATTERMOST, SMS, VOICE]
