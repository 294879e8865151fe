"""Publishing the examples of status pages, and what can be read where they were published."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from page_examples import burning

from services.communications.page_content import PageContent
from services.communications.static_feeds import sequence_in
from services.communications.static_page import SUMMARY, files_of
from services.dispatcher.publishing import UNFINISHED
from services.dispatcher.transport import Transport
from services.providers.provider import Account, Item, PublishCall, Step
from services.providers.static_page import StaticPage


def call_for(
    options: Mapping[str, str],
    base_url: str = "",
    secrets: Mapping[str, str] | None = None,
    content: PageContent | None = None,
) -> PublishCall:
    """What the provider makes of a destination, with the files of a page."""
    content = content or burning()
    item = Item(
        key="k",
        step=Step.UPDATE,
        subject_key="s",
        reference="",
        summary="",
        at=content.generated_at,
    )
    account = Account(id=str(content.page_id), base_url=base_url, options=options)
    StaticPage().check(account)
    made = StaticPage().build(item, account, secrets or {}, {})
    assert made is not None
    return filled(made, content)


def filled(call: PublishCall, content: PageContent) -> PublishCall:
    """The call with another page."""
    return replace(call, files=files_of(content), sequence=content.sequence)


def send(call: PublishCall, **given: Any) -> Any:
    """What came of a call."""
    return Transport().send(call, **{"may_reach_private": True, **given})


def published(folder: Path) -> int | None:
    """The sequence that readers of a folder get."""
    file = folder / SUMMARY
    return sequence_in(file.read_bytes()) if file.exists() else None


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file below a folder; git's own are left out."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def unfinished(folder: Path) -> list[str]:
    """Files that are not in their place."""
    return [path.name for path in folder.rglob(f"{UNFINISHED}*")]
