"""An incident whose every field is full of what must stay text."""

from dataclasses import replace

from unit.reports.report_examples import CALLER, ESCALATIONS, SPANS, VPN, with_incident
from unit.reports.vpn_timeline import entry

from services.incidents.read_models import (
    FieldChange,
    IncidentDetail,
)

BAD_TEXTS = (
    "<b>bold</b> & <i>more</i> &amp; </para>",
    '<img src="/etc/passwd"> <img src="https://example.invalid/x.png"/>',
    '<a href="javascript:alert(1)">press</a> javascript:alert(2) https://example.invalid/',
    "(brackets) \\(back\\slashes\\) %PDF-1.7 endstream endobj",
    "عربي نص طويل מילים בעברית",
    "日本語のテキスト、とても長い一行です",
    "Łódź Ünï → ✓ Ελληνικά Кириллица Tiếng Việt",
)
EMOJI = "works again 😀🎉 👨‍👩‍👧 🇩🇪"
BROKEN = "nul\x00 bell\x07 half\ud83d joined\u200d hidden\u202eright"


def nasty() -> IncidentDetail:
    """Every field full of what must stay text."""
    joined = "\n".join((*BAD_TEXTS, EMOJI, BROKEN))
    bad = BAD_TEXTS[1]
    detail = with_incident(
        VPN,
        summary=BAD_TEXTS[0] + " " + EMOJI,
        description=joined + "\n" + "W" * 400,
        resolution=joined,
        confirmed_by=bad,
        priority_override_reason=bad,
    )
    return replace(
        detail,
        caller=replace(CALLER, name=bad, phone=BROKEN, email=BAD_TEXTS[2], site=BAD_TEXTS[4]),
        opened_by=bad,
        service=bad,
        products=BAD_TEXTS,
        category_path=bad,
        team=bad,
        owner=bad,
        timeline=tuple(
            entry(
                n,
                bad,
                bad,
                joined,
                changes=(FieldChange(bad, bad, joined),),
                on_behalf_of=bad,
            )
            for n in range(3)
        ),
        tier_spans=tuple(replace(span, team=bad) for span in SPANS),
        escalations=tuple(
            replace(
                item,
                from_team=bad,
                to_team=bad,
                escalation=replace(item.escalation, reason=joined, tried=bad, end_remark=joined),
            )
            for item in ESCALATIONS
        ),
    )
