"""Status updates, and telling them one after another as a dispatcher does."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from providers.calling import Caller
from providers.examples import OPENED

from services.dispatcher.accounts import Accounts
from services.dispatcher.dialogue import Dialogue, Message
from services.dispatcher.transport import Transport
from services.paging.destination import ProviderKind
from services.paging.engine import Claimed
from services.paging.page import DeliveryKind
from services.providers.provider import Delivered, Item, Outcome, Step, Unsure, UpdateMessage
from services.providers.public_pages import absent

_PHASES = {
    Step.OPEN: "investigating",
    Step.UPDATE: "identified",
    Step.ACKNOWLEDGE: "monitoring",
    Step.RESOLVE: "resolved",
}
_MOST_ATTEMPTS = 60
_BETWEEN_ATTEMPTS = timedelta(minutes=10)
_A_LEASE_S = 24.0


def updating(
    item: Item,
    *,
    components: Mapping[str, str] | None = None,
    audience: str = "external",
    is_notifying: bool = True,
) -> Item:
    """The item as a status update, its texts in every place that has one."""
    update = UpdateMessage(
        subject=item.summary,
        summary=item.text,
        current_status=(item.text, item.reference),
        next_steps=(item.to_name,),
        next_update=item.reference,
        phase=_PHASES[item.step],
        impact="major",
        components=components or {},
        is_notifying=is_notifying,
        audience=audience,
        queued_at=item.at,
        is_final=item.step is Step.RESOLVE,
    )
    return replace(item, update=update)


def said(text: str, step: Step = Step.UPDATE, **more: object) -> Item:
    """A short update of the usual incident, under a key that comes from its text and step."""
    item = replace(OPENED, step=step, text=text, key=f"{step.value}-{text}")
    told = updating(item)
    assert told.update is not None
    plain = {"summary": text, "current_status": (), "next_steps": (), "next_update": ""}
    return replace(told, update=replace(told.update, **{**plain, **more}))


@dataclass
class Outbox:
    """Tells items until they are told, and remembers for each subject; time never passes alone.

    ``reconciles``: whether it asks before it repeats, as a dispatcher does.
    """

    caller: Caller
    reconciles: bool = True
    attempts: int = 0
    memo: dict[str, str] = field(default_factory=dict)
    now_s: float = 0.0

    def __post_init__(self) -> None:
        accounts = Accounts(lambda: self.now_s, lambda: 0.5)
        self._dialogue = Dialogue(Transport(), accounts, self._pause, lambda: self.now_s)

    def _pause(self, seconds: float) -> bool:
        self.now_s += seconds
        return False

    def tell(self, item: Item) -> Outcome:
        """How it ended, with as many attempts as it took."""
        may_repeat = False
        for _ in range(_MOST_ATTEMPTS):
            outcome = self.attempt(item, may_repeat=may_repeat)
            may_repeat = may_repeat or isinstance(outcome, Unsure)
            if isinstance(outcome, Delivered):
                return outcome
        return outcome

    def attempt(self, item: Item, *, may_repeat: bool = False) -> Outcome:
        """One attempt; what it brought is remembered, however it ended."""
        self.attempts += 1
        item = replace(item, at=item.at + self.attempts * _BETWEEN_ATTEMPTS)
        provider, account, secrets = (
            self.caller.provider,
            self.caller.account,
            self.caller.secrets,
        )
        memo = self.memo if self.reconciles else self.memo | absent(item)
        call = provider.build(item, account, secrets, memo)
        if call is None:
            return Delivered()
        message = Message(provider, item, account, secrets, memo, call)
        claimed = _claimed(provider.kind, may_repeat=may_repeat and self.reconciles)
        outcome = self._dialogue.hold(claimed, message, self.now_s + _A_LEASE_S)
        self.memo |= outcome.memo
        return outcome


def _claimed(kind: str, *, may_repeat: bool) -> Claimed:
    known: dict[str, object] = dict.fromkeys(Claimed.__dataclass_fields__, "")
    known |= {
        "delivery_id": UUID(int=1),
        "destination_id": UUID(int=2),
        "incident_id": UUID(int=3),
        "kind": DeliveryKind.UPDATE,
        "provider": ProviderKind(kind),
        "may_reach_private": True,
        "may_repeat": may_repeat,
    }
    return Claimed(**known)  # type: ignore[arg-type]
