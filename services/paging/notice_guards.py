"""The guards of messages that people ask for: nothing but codes and tests, to the right address."""

from services.paging.page import Delivery
from services.people.person import Role
from services.sync.guards import Guard

_ASKED = "submitting.act IN ('SendVerification', 'SendTest')"

_NOT_NEW = (
    "NEW.kind <> CASE submitting.act WHEN 'SendTest' THEN 'test' ELSE 'verification' END"
    " OR NEW.state <> 'waiting' OR NEW.attempt_count <> 0 OR NEW.lease_token <> 0"
    " OR NEW.page_id IS NOT NULL OR NEW.incident_id IS NOT NULL OR NEW.recipient_id IS NOT NULL"
    " OR NEW.bundled_into_id IS NOT NULL OR NEW.lease_until IS NOT NULL"
    " OR NEW.finished_at IS NOT NULL OR NEW.answer_digest <> '' OR NEW.dispatcher <> ''"
)

_IS_ADMINISTRATOR = (
    f"EXISTS (SELECT 1 FROM actor_role a WHERE a.role = '{Role.ADMINISTRATOR.value}')"
)

_TO_ANOTHER = (
    "NOT EXISTS (SELECT 1 FROM contact_method c WHERE c.id = NEW.contact_method_id"
    " AND c.person_id = NEW.person_id AND c.address = NEW.address"
    " AND c.destination_id = NEW.destination_id AND c.is_active"
    " AND (c.person_id = submitting.actor_id"
    f" OR (submitting.act = 'SendVerification' AND {_IS_ADMINISTRATOR})))"
    " AND NOT (NEW.contact_method_id IS NULL AND submitting.act = 'SendTest'"
    f" AND {_IS_ADMINISTRATOR})"
)


def guards() -> tuple[Guard, ...]:
    """Every guard of deliveries that a command writes."""
    table = Delivery.TABLE
    return (
        Guard("delivery_asked", table, "INSERT", _NOT_NEW, "column-is-fixed", when=_ASKED),
        Guard("delivery_address", table, "INSERT", _TO_ANOTHER, "not-your-contact", when=_ASKED),
        Guard("delivery_kept", table, "UPDATE", "1 = 1", "records-are-kept", when=_ASKED),
    )
