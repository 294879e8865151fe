"""With which status page the composer begins."""

from uuid import UUID

from desktop.presenters.composer_reading import as_offered
from services.communications.read_models import PageSettings
from services.communications.status_page import Audience, Outlet, StatusPage
from services.core.ids import derived_id

HOOK, RETIRED = derived_id("account", "hook"), derived_id("account", "retired")


def page(
    name: str, *accounts: UUID, is_active: bool = True, outlet_used: bool = True
) -> PageSettings:
    id_ = derived_id("page", name)
    return PageSettings(
        page=StatusPage(id=id_, name=name, audience=Audience.INTERNAL, is_active=is_active),
        components=(),
        outlets=tuple(
            Outlet(
                id=derived_id("outlet", name, account),
                page_id=id_,
                destination_id=account,
                is_active=outlet_used,
            )
            for account in accounts
        ),
    )


def offered(*pages: PageSettings, last: str = "") -> str:
    """The names of the pages in their order."""
    last_told_on = derived_id("page", last) if last else None
    return " ".join(one.page.name for one in as_offered(pages, {HOOK}, last_told_on))


def test_a_page_that_reaches_somebody_comes_first() -> None:
    assert offered(page("a"), page("b", HOOK), page("c", HOOK)) == "b c a"
    assert offered(page("a", HOOK, outlet_used=False), page("b", HOOK)) == "b a"
    assert offered(page("a", RETIRED), page("b", RETIRED, HOOK)) == "b a"


def test_of_those_the_one_on_which_it_was_told_last() -> None:
    pages = page("a"), page("b", HOOK), page("c", HOOK)
    assert offered(*pages, last="c") == "c b a"
    assert offered(*pages, last="a") == "b c a"
    assert offered(page("a"), page("b"), last="b") == "b a"


def test_a_page_that_is_not_in_use_is_not_offered() -> None:
    assert offered(page("a", HOOK, is_active=False), page("b")) == "b"
    assert offered() == ""
