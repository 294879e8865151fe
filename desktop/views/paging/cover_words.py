"""Who is on call for a team, who is woken, and what the policy says, in the words of a form."""

from datetime import datetime

from desktop.text import clock_text, when_text
from desktop.views.dialogs.words import filled
from desktop.views.paging.page_words import translate
from services.incidents.directory import Directory
from services.incidents.incident import Incident
from services.on_call.waking import Silence
from services.paging.read_models import Cover


def until_words(cover: Cover, directory: Directory, now: datetime) -> str:
    """``until 18:00``; in a gap who is called instead, and when cover begins again."""
    if cover.person_id is not None and cover.until is not None:
        return filled(translate("paging", "until %1"), _moment(cover.until, now))
    if cover.first_id is not None:
        name = directory.person(cover.first_id)
        instead = filled(translate("paging", "%1 is called instead"), name)
        if cover.covered_at is None:
            return instead
        return (
            f"{filled(translate('paging', 'next cover %1'), _moment(cover.covered_at, now))}, "
            + (filled(translate("paging", "%1 till then"), name))
        )
    if cover.covered_at is not None:
        return filled(translate("paging", "next cover %1"), _moment(cover.covered_at, now))
    return translate("paging", "no cover planned")


def _moment(at: datetime, now: datetime) -> str:
    """``18:00`` today, ``15 Oct 09:00`` on another day."""
    clock, day = clock_text(at.astimezone(now.tzinfo)), when_text(at, now)
    return clock if clock == day else f"{day} {clock}"


def policy_words(cover: Cover, incident: Incident) -> str:
    """``P2 pages by default``, or that it does not, and when."""
    what = translate("paging", "An untriaged incident")
    if incident.severity is not None:
        what = f"SEV {int(incident.severity.value[-1])}"
    elif incident.priority is not None:
        what = f"P{int(incident.priority)}"
    if cover.silence is Silence.OUT_OF_HOURS:
        return filled(translate("paging", "%1 does not page out of hours by default"), what)
    if cover.silence is Silence.NOT_PAGED_FOR:
        return filled(translate("paging", "%1 does not page by default"), what)
    return filled(translate("paging", "%1 pages by default"), what)


def called_first(cover: Cover, directory: Directory) -> str:
    """The name of whom a page calls first, empty where nobody can be named."""
    return directory.person(cover.first_id or cover.person_id)
