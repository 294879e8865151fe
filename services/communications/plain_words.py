"""What must not stand in a text for customers: secrets, what is inside the house, and names.

A finding is a piece of the text. The text is looked at composed (NFKC) and without characters
that nobody sees, so that none of them hides anything.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Final

SECRET_MARKS: Final = (
    *("-----begin ", "authorization: bearer", "eyjhbgci", "hooks.slack.com/services/"),
    *("ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xapp-"),
    *("whsec_", "sk_live_", "rk_live_", "aws_secret_access_key"),
)
"""How keys and tokens begin, and nothing else does, in lower case. The shared database looks for
these by itself, whatever a desk had checked."""

_SECRETS = (
    r"-----BEGIN [A-Z ]*",
    r"\b(?:AKIA|ASIA)[0-9A-Z]{12,}\b",
    r"\b(?:ghp|gho|ghu|ghs|ghr|github_pat|glpat|xox[abeoprs]|sk|pk|rk|whsec|npm|pypi|hvs|dop_v1)"
    r"[-_][A-Za-z0-9_-]{8,}",
    r"\bAIza[0-9A-Za-z_-]{20,}",
    r"\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*",
    r"(?i:\b(?:bearer|basic))\s+(?=\S*\d)[A-Za-z0-9+/=._~-]{12,}",
    r"(?i:(?:passwords?|passwd|passphrase|pwd|secret|token|credentials?"
    r"|(?:api|access|private|routing|signing)[-_ ]?keys?))\s*(?:[:=]\s*|\bis\s+(?=\S*\d))\S+",
    r"\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/@]+:[^\s/@]+@\S*",
    r"\b[0-9a-fA-F]{32,}\b",
    r"(?<![A-Za-z0-9+/_=-])(?=[A-Za-z0-9+/_-]*[0-9])(?=[A-Za-z0-9+/_-]*[A-Z])"
    r"(?=[A-Za-z0-9+/_-]*[a-z])[A-Za-z0-9+/_-]{24,}={0,2}",
)
"""Tokens by the forms that their makers document, what is called a secret, and long randomness."""

_INSIDE = (
    r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+|/\d+)?\b",
    r"(?i)(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}(?![\w:])",
    r"(?i)(?<![\w:])(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?::[0-9a-f:]*(?![\w:])",
    r"(?i)\blocalhost\b",
    r"(?<![\w/.:])(?:~|\.{1,2})?/(?:[\w.@-]+/)+[\w.@-]*",
    r"(?<![\w/.:])/(?:bin|boot|dev|etc|home|mnt|opt|proc|root|srv|tmp|usr|var)\b\S*",
    r"\b[A-Za-z]:\\\S*",
    r"\\\\[\w.$-]+\\?\S*",
    r"(?i)\b(?:srv|db|sql|web|app|api|host|node|vm|k8s|prod|stage|dc|fw|lb|rtr|esx|nas)"
    r"(?:[-_][a-z0-9]+)*[-_]\d{1,4}\b",
)
"""Addresses, paths and names of machines."""

_ADDRESS = re.compile(
    r"(?i)\b[a-z][a-z0-9+.-]*://[^\s<>\"”’)]+"
    r"|(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?![\w-])(?::\d+)?"
    r"(?:/[^\s<>\"”’)]*)?"
)
_MAIL = re.compile(r"(?i)[a-z0-9._%+'-]+@[a-z0-9.-]+\.[a-z]{2,24}")
_HOST = re.compile(r"(?i)^(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?([^/:?#]+)")

_ALSO_WORDS = frozenset(
    {
        "Art", "April", "August", "Best", "Bill", "Black", "Brown", "Case", "Christian", "Day",
        "Drew", "Faith", "Frank", "Grace", "Grant", "Gray", "Green", "Grey", "Hope", "Iris", "Ivy",
        "Jack", "Joy", "June", "King", "Law", "Long", "Main", "Major", "Mark", "May", "Miles",
        "Page", "Price", "Power", "Rich", "Rose", "Sharp", "Short", "Small", "Star", "Sky",
        "Summer", "Sue", "Sunny", "Teal", "Will", "White", "Wood", "Young",
    }
)  # fmt: skip
"""Names that are words too: only with the rest of the name do they name somebody."""

_JARGON = {
    "API": "interface",
    "backend": "our systems",
    "BGP": "network",
    "cache": "our systems",
    "cluster": "our systems",
    "CPU": "our systems",
    "daemon": "a program",
    "database": "our systems",
    "deploy": "change",
    "deployment": "change",
    "DNS": "names of addresses",
    "failover": "switching over",
    "firewall": "our network",
    "gateway": "our network",
    "Kubernetes": "our systems",
    "latency": "delay",
    "load balancer": "our network",
    "middleware": "our systems",
    "node": "a computer",
    "packet loss": "a bad connection",
    "pod": "a program",
    "replica": "a copy",
    "rollback": "taking a change back",
    "root cause": "cause",
    "server": "our systems",
    "shard": "our systems",
    "SQL": "our systems",
    "timeout": "no answer",
    "TLS": "encryption",
}
"""Words that customers need not know, and plainer ones."""

_JARGON_FOUND = re.compile(
    r"(?i)\b(" + "|".join(re.escape(word) for word in _JARGON) + r")(?:s|es|ed|ing)?\b"
)
_PLAINER = {word.lower(): plainer for word, plainer in _JARGON.items()}

_CAUSE = re.compile(
    r"(?i)\b(?:caused by|because of|due to|as a result of|root cause|the cause|triggered by"
    r"|stems from|traced to|the fault (?:is|was|lies)|result of)\b"
)


def as_read(text: str) -> str:
    """The text as a reader sees it: composed, and without characters that show nothing."""
    composed = unicodedata.normalize("NFKC", text)
    return "".join(
        c for c in composed if unicodedata.category(c) not in ("Cf", "Cc") or c in "\n\t"
    )


def secrets_in(text: str) -> Iterator[str]:
    """What looks like a token, a key or a password."""
    read = as_read(text)
    found = list(_found(_SECRETS, read))
    yield from found
    told = " ".join(found).lower()
    yield from (mark for mark in SECRET_MARKS if mark in read.lower() and mark not in told)


def insides_in(text: str, own_host: str = "") -> Iterator[str]:
    """Addresses, hosts and paths. The host of the status page itself may be named."""
    read = as_read(text)
    yield from _found(_INSIDE, read)
    for found in _ADDRESS.findall(_MAIL.sub(" ", read)):
        host = _HOST.match(found)
        if not own_host or host is None or host[1].lower().rstrip(".") != own_host.lower():
            yield found


def names_in(text: str, names: Collection[str]) -> Iterator[str]:
    """People of the staff who are named: by full name, by a part of it, or in a mail address."""
    read = as_read(text)
    words = set(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", read))
    plain = " ".join(read.split()).casefold()
    locals_ = " ".join(found.partition("@")[0] for found in _MAIL.findall(read)).casefold()
    for name in names:
        full = " ".join(as_read(name).split())
        parts = [part for part in full.split() if len(part) >= 3]
        alone = {p for p in parts if p not in _ALSO_WORDS}
        spoken = {form for part in alone for form in (part, part.upper(), f"{part}'s", f"{part}’s")}
        is_whole = bool(full) and re.search(rf"(?<!\w){re.escape(full.casefold())}(?!\w)", plain)
        if is_whole or words & spoken or any(p.casefold() in locals_ for p in alone):
            yield full


def jargon_in(text: str) -> Iterator[tuple[str, str]]:
    """Words of the trade, each with a plainer one."""
    for found in dict.fromkeys(m[1] for m in _JARGON_FOUND.finditer(as_read(text))):
        yield found, _PLAINER[found.lower()]


def cause_in(text: str) -> str:
    """Where a text tells of a cause; empty where it does not, or says that it is not known."""
    for sentence in re.split(r"(?<=[.!?])\s+|\n", as_read(text)):
        found = _CAUSE.search(sentence)
        if found and not re.search(
            r"(?i)\b(?:unknown|not (?:yet )?known|not yet clear)\b", sentence
        ):
            return found[0]
    return ""


def host_of(address: str) -> str:
    """The host of an address, or empty."""
    found = _HOST.match(address.strip())
    return found[1] if found and "." in found[1] else ""


def _found(patterns: tuple[str, ...], text: str) -> Iterator[str]:
    for pattern in patterns:
        for match in re.finditer(pattern, text):
            yield match[0].strip()
