"""Twilio on loopback: messages and calls, with the rules of its description and its limits."""

import hmac
import http.client
import re
import secrets
from base64 import b64encode
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlencode
from xml.etree import ElementTree

from providers.contract_server import Answer, ContractServer, Received, json_answer
from providers.official_schema import Judge, official

SID = "AC" + "0123456789abcdef" * 2
TOKEN = "0f" * 16
SENDER = "+15550001111"
_NUMBER = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_ROOT = f"/2010-04-01/Accounts/{SID}"
_DESCRIPTION = "twilio/twilio_api_v2010.json"


class TwilioServer(ContractServer):
    """Keeps messages and calls. Numbers in ``unreachable`` are refused as Twilio does."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[dict[str, object]] = []
        self.calls: list[dict[str, str]] = []
        self.unreachable: set[str] = set()

    def answer(self, request: Received) -> Answer:
        login = b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {login}":
            return json_answer(401, {"code": 20003, "message": "Authenticate", "status": 401})
        resource = request.path.removeprefix(_ROOT)
        self.require(resource in {"/Messages.json", "/Calls.json"}, f"no {request.path}")
        if request.method == "GET":
            return self._listed(request, resource)
        self.require(request.method == "POST", f"no {request.method}")
        if request.headers.get("content-type") != "application/x-www-form-urlencoded":
            return json_answer(415, {"code": 20015, "message": "Unsupported Media Type"})
        fields = request.form()
        self._require_described(resource, fields)
        self.require(_NUMBER.fullmatch(fields.get("To", "")), "To is a number in E.164")
        if fields["To"] in self.unreachable:
            words = f"The 'To' number {fields['To']} is not a valid phone number."
            return json_answer(400, {"code": 21211, "message": words, "status": 400})
        return self._sent(fields) if resource == "/Messages.json" else self._called(fields)

    def _require_described(self, resource: str, fields: dict[str, str]) -> None:
        if (document := official(_DESCRIPTION)) is None:
            return
        posted = document["paths"][f"/2010-04-01/Accounts/{{AccountSid}}{resource}"]["post"]
        schema = posted["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        typed = {name: _typed(schema, name, value) for name, value in fields.items()}
        closed = {**schema, "additionalProperties": False}
        found = Judge(document).breaches(closed, typed)
        self.require(not found, f"description: {found}")

    def _sent(self, fields: dict[str, str]) -> Answer:
        self.require("From" in fields or "MessagingServiceSid" in fields, "a sender is needed")
        self.require(1 <= len(fields.get("Body", "")) <= 1_600, "Body has 1 to 1,600 characters")
        seconds = fields.get("ValidityPeriod", "36000")
        is_span = seconds.isdecimal() and 1 <= int(seconds[:9]) <= 36_000
        self.require(is_span, "ValidityPeriod")
        message: dict[str, object] = {
            "sid": f"SM{len(self.messages):032x}",
            "status": "queued",
            "to": fields["To"],
            "body": fields["Body"],
            "direction": "outbound-api",
            # Not sent yet, therefore without a day of sending.
            "date_sent": None,
            "date_created": format_datetime(datetime.now(UTC)),
        }
        self.messages.append(message)
        return json_answer(201, message)

    def _called(self, fields: dict[str, str]) -> Answer:
        self.require(_NUMBER.fullmatch(fields.get("From", "")), "From is a number")
        twiml = fields.get("Twiml", "")
        self.require(0 < len(twiml) <= 4_000, "Twiml has up to 4,000 characters")
        try:
            spoken = ElementTree.fromstring(twiml)
        except ElementTree.ParseError as error:
            self.require(False, f"Twiml: {error}")
            raise
        self.require(spoken.tag == "Response", f"root {spoken.tag}")
        for verb in spoken:
            self._require_verb(verb)
        self.calls.append(fields)
        return json_answer(201, {"sid": f"CA{len(self.calls):032x}", "status": "queued"})

    def _require_verb(self, verb: ElementTree.Element) -> None:
        self.require(verb.tag in {"Say", "Pause", "Gather"}, f"said {verb.tag}")
        if verb.tag == "Gather":
            known = {"input", "numDigits", "timeout", "method", "action"}
            self.require({*verb.keys()} <= known, f"Gather has {verb.keys()}")
            self.require(verb.get("input") in {None, "dtmf"}, "input")
            inner = {each.tag for each in verb}
            self.require(inner <= {"Say", "Pause", "Play"}, f"Gather holds {inner}")

    def _listed(self, request: Received, resource: str) -> Answer:
        self.require(resource == "/Messages.json", "only messages are listed")
        known = {"To", "From", "DateSent", "DateSent<", "DateSent>", "PageSize", "Page"}
        self.require(request.query.keys() <= known, f"query: {request.query}")
        size = int(request.query.get("PageSize", 50))
        self.require(1 <= size <= 1_000, "PageSize")
        to = request.query.get("To")
        found = [message for message in reversed(self.messages) if to in {None, message["to"]}]
        return json_answer(200, {"messages": found[:size], "page": 0, "page_size": size})


def signature_of(url: str, fields: Mapping[str, str], token: str = TOKEN) -> str:
    """As Twilio signs what it posts: the address, then each field by its name."""
    text = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    return b64encode(hmac.digest(token.encode(), text.encode(), "sha1")).decode()


def text_from(number: str, body: str) -> dict[str, str]:
    """What Twilio posts about a text message that came in."""
    sid = f"SM{secrets.token_hex(16)}"
    return {
        "ToCountry": "US", "SmsMessageSid": sid, "NumMedia": "0", "SmsSid": sid, "ToCity": "",
        "SmsStatus": "received", "FromCountry": "DE", "To": SENDER, "NumSegments": "1",
        "MessageSid": sid, "AccountSid": SID, "ApiVersion": "2010-04-01",
        "From": number, "Body": body,
    }  # fmt: skip


@dataclass(frozen=True)
class Callbacks:
    """Twilio's way to us: its posts to ``base_url`` come to a port of this machine."""

    base_url: str
    port: int

    def post(self, url: str, fields: Mapping[str, str], signature: str = "") -> tuple[int, str]:
        """Post a form as Twilio does; the status, and the words of the TwiML that came back."""
        assert url.startswith(self.base_url)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": signature or signature_of(url, fields),
        }
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as client:
            client.request("POST", url.removeprefix(self.base_url), urlencode(fields), headers)
            response = client.getresponse()
            text = response.read().decode()
        if response.status != 200:
            return response.status, ""
        assert response.headers.get_content_type() == "text/xml"
        twiml = ElementTree.fromstring(text)
        assert twiml.tag == "Response"
        return 200, " ".join(filter(None, map(str.strip, twiml.itertext())))


def _typed(schema: dict[str, dict[str, dict[str, str]]], name: str, value: str) -> object:
    """A form has texts alone; what shall be a number is judged as one."""
    is_number = schema["properties"].get(name, {}).get("type") == "integer"
    return int(value) if is_number and value.isdigit() else value
