"""The chats and Twilio, each with its server and what it needs to get in."""

from dataclasses import replace

from providers import matrix_server, mattermost_server, slack_server, teams_server, twilio_server
from providers.contract_server import lie
from providers.examples import OPENED
from providers.pagers import SERVER, Pager
from providers.telling import updating

NUMBER = "+491701234567"
TO_A_PHONE = replace(OPENED, address=NUMBER)
_TWILIO = {"account_sid": twilio_server.SID, "from": twilio_server.SENDER}

SMS = Pager(
    "twilio_sms",
    twilio_server.TwilioServer,
    {"token": twilio_server.TOKEN},
    [],
    address=NUMBER,
    options=_TWILIO,
)
VOICE = Pager(
    "twilio_voice",
    twilio_server.TwilioServer,
    {"token": twilio_server.TOKEN},
    [],
    address=NUMBER,
    options=_TWILIO,
)
SLACK = Pager(
    "slack",
    slack_server.SlackServer,
    {"token": slack_server.TOKEN},
    [lie(200, {"ok": False, "error": error}) for error in ("channel_not_found", "invalid_auth")],
    path="/api",
    options={"channel": slack_server.CHANNEL},
)
TEAMS = Pager(
    "teams",
    teams_server.TeamsServer,
    {"url": f"{SERVER}{teams_server.PATH}?api-version=1&sig={teams_server.SIGNATURE}"},
    [],
    # The status is all that a workflow is known to answer.
    taken_as_success=frozenset({"huge", "nothing in it"}),
)
MATRIX = Pager(
    "matrix",
    matrix_server.MatrixServer,
    {"token": matrix_server.TOKEN},
    [],
    options={"room": matrix_server.ROOM},
)
MATTERMOST = Pager(
    "mattermost",
    mattermost_server.MattermostServer,
    {"token": mattermost_server.TOKEN},
    [],
    options={"channel": mattermost_server.CHANNEL},
)
CHATS = [SMS, VOICE, SLACK, TEAMS, MATRIX, MATTERMOST]
UPDATES = [
    replace(chat, dressed=updating, what="update") for chat in (SLACK, TEAMS, MATRIX, MATTERMOST)
]
"""The same, told of status updates."""
