"""The status pages, each with its server and what it needs to get in."""

from functools import partial

from providers import cachet_server, instatus_server, statuspage_server
from providers.examples import OPENED
from providers.pagers import Pager
from providers.telling import updating

from services.providers.public_pages import absent

_ABSENT = absent(OPENED)
"""It was looked for, so that the first call is the one that creates it."""

STATUSPAGE = Pager(
    "statuspage",
    statuspage_server.StatuspageServer,
    {"api_key": statuspage_server.KEY},
    [],
    options={"page": statuspage_server.PAGE},
    dressed=partial(updating, components={statuspage_server.COMPONENTS[0]: "major_outage"}),
    memo=_ABSENT,
)
CACHET = Pager(
    "cachet",
    cachet_server.CachetServer,
    {"token": cachet_server.TOKEN},
    [],
    dressed=partial(updating, components={cachet_server.COMPONENTS[0]: "major_outage"}),
    memo=_ABSENT,
)
INSTATUS = Pager(
    "instatus",
    instatus_server.InstatusServer,
    {"api_key": instatus_server.KEY},
    [],
    options={"page": instatus_server.PAGE},
    dressed=partial(updating, components={instatus_server.COMPONENTS[0]: "major_outage"}),
    memo=_ABSENT,
)
PAGES = [STATUSPAGE, CACHET, INSTATUS]
