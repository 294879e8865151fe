"""The guards of contact methods: whose they are, and who proves them."""

from datetime import timedelta

from services.people.contact import ContactMethod, NotificationRule
from services.people.contact_commands import CODE_VALID
from services.people.person import Role
from services.sync.guards import Guard

_IS_ADMINISTRATOR = (
    f"EXISTS (SELECT 1 FROM actor_role a WHERE a.role = '{Role.ADMINISTRATOR.value}')"
)
_NOT_OWN = f"NEW.person_id <> submitting.actor_id AND NOT {_IS_ADMINISTRATOR}"
_VALID_US = CODE_VALID // timedelta(microseconds=1)

_UNPROVED = (
    "NEW.person_id <> submitting.actor_id OR submitting.act <> 'VerifyContact'"
    " OR OLD.code_digest <> CAST(derived_id(NEW.id, submitting.remark) AS TEXT)"
    f" OR OLD.code_sent_at IS NULL OR submitting.happened_at > OLD.code_sent_at + {_VALID_US}"
)
"""The code comes as the remark of its command."""

_ANOTHER_WAY = (
    "NEW.verified_at IS NOT NULL AND (NEW.address <> OLD.address OR NEW.kind <> OLD.kind"
    " OR NEW.destination_id <> OLD.destination_id)"
)


def guards() -> tuple[Guard, ...]:
    """Every guard of contact methods and notification rules."""
    method, rule = ContactMethod.TABLE, NotificationRule.TABLE
    return (
        Guard("contact_added", method, "INSERT", _NOT_OWN, "not-your-contact"),
        Guard("contact_changed", method, "UPDATE", _NOT_OWN, "not-your-contact"),
        Guard(
            "contact_unproved",
            method,
            "INSERT",
            "NEW.verified_at IS NOT NULL OR NEW.code_digest <> ''",
            "contact-not-proved",
        ),
        Guard(
            "contact_proved",
            method,
            "UPDATE OF verified_at",
            _UNPROVED,
            "contact-not-proved",
            when="NEW.verified_at IS NOT NULL AND NEW.verified_at IS DISTINCT FROM OLD.verified_at",
        ),
        Guard("contact_moved", method, "UPDATE", _ANOTHER_WAY, "contact-not-proved"),
        Guard(
            "contact_code",
            method,
            "UPDATE OF code_digest, code_sent_at",
            "submitting.act <> 'SendVerification'",
            "contact-not-proved",
            when="(NEW.code_digest <> '' AND NEW.code_digest <> OLD.code_digest)"
            " OR (NEW.code_sent_at IS NOT NULL"
            " AND NEW.code_sent_at IS DISTINCT FROM OLD.code_sent_at)",
        ),
        Guard(
            "contact_of_person",
            method,
            "UPDATE OF person_id",
            "NEW.person_id <> OLD.person_id",
            "column-is-fixed",
        ),
        Guard("contact_rule_added", rule, "INSERT", _NOT_OWN, "not-your-contact"),
        Guard("contact_rule_changed", rule, "UPDATE", _NOT_OWN, "not-your-contact"),
        Guard(
            "contact_rule_of_person",
            rule,
            "UPDATE OF person_id",
            "NEW.person_id <> OLD.person_id",
            "column-is-fixed",
        ),
    )
