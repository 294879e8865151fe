"""Keeping the ways by which people are reached, and proving that they work."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from services.core.errors import AppError
from services.core.ids import derived_id
from services.core.text import clean_line, limit_of, require
from services.people.contact import ContactKind, ContactMethod, NotificationRule
from services.people.person import Person, Role
from services.people.roles import roles_of
from services.sync.changes import Act, Changes, State

CODE = re.compile(r"[0-9]{6}")
CODE_VALID = timedelta(minutes=15)
LONGEST_WAIT_S = 86_400
MOST_RULES = 20


class NotYourContact(AppError):
    """Only the person themself, or for some acts an administrator, may do this."""

    code = "not-your-contact"


class CodeWrong(AppError):
    """The code is not the one that was sent last, or none is open."""

    code = "code-wrong"


class CodeExpired(AppError):
    """The code was sent too long ago."""

    code = "code-expired"


class RuleInvalid(AppError):
    """A notification rule waits too long, or names a contact method that is not the person's."""

    code = "rule-invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddContactMethod:
    """A way to reach a person; it is used for pages once the person has proved it."""

    REMARK: ClassVar[str] = "name"

    contact_method_id: UUID
    person_id: UUID
    kind: ContactKind
    destination_id: UUID
    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeContactMethod:
    """Another name or another way; another way has to be proved again."""

    REMARK: ClassVar[str] = "name"

    contact_method_id: UUID
    kind: ContactKind
    destination_id: UUID
    address: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireContactMethod:
    """The way is not used any more; or it is again."""

    contact_method_id: UUID
    is_active: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyContact:
    """The code that arrived, typed by the person it was sent to."""

    REMARK: ClassVar[str] = "code"

    contact_method_id: UUID
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetNotificationRules:
    """In which order and after how many seconds a page tries the ways; all rules at once.

    The two lists belong together. Without rules every verified way is tried at once.
    """

    person_id: UUID
    contact_method_ids: tuple[UUID, ...]
    delays_s: tuple[int, ...]


def code_digest(contact_method_id: UUID, code: str) -> str:
    """What is kept of a code. Only the person can use it, so that a guess gains nobody anything."""
    return str(derived_id(contact_method_id, code))


def ensure_own(state: State, act: Act, person_id: UUID) -> None:
    """Let pass the person, and administrators, who may add what the person then proves.

    Raises:
        NotYourContact: it is somebody else.
    """
    if act.actor_id != person_id and Role.ADMINISTRATOR not in roles_of(state, act.actor_id):
        raise NotYourContact()


def add_contact_method(state: State, act: Act, command: AddContactMethod) -> Changes:
    """A way that is not proved yet."""
    ensure_own(state, act, command.person_id)
    state.get(Person, command.person_id)
    return Changes.none().insert(
        ContactMethod(
            id=command.contact_method_id,
            person_id=command.person_id,
            kind=command.kind,
            destination_id=command.destination_id,
            address=_address(command.address),
            name=clean_line(command.name, field="name"),
        )
    )


def change_contact_method(state: State, act: Act, command: ChangeContactMethod) -> Changes:
    """Another name leaves it proved; another kind, destination or address does not."""
    before = state.get(ContactMethod, command.contact_method_id)
    ensure_own(state, act, before.person_id)
    after = replace(
        before,
        kind=command.kind,
        destination_id=command.destination_id,
        address=_address(command.address),
        name=clean_line(command.name, field="name"),
    )
    if _way(after) != _way(before):
        after = replace(after, verified_at=None, code_digest="", code_sent_at=None)
    return Changes.none().update(before, after)


def retire_contact_method(state: State, act: Act, command: RetireContactMethod) -> Changes:
    """The record stays, so that what was sent there can still be told."""
    before = state.get(ContactMethod, command.contact_method_id)
    ensure_own(state, act, before.person_id)
    return Changes.none().update(before, replace(before, is_active=command.is_active))


def verify_contact(state: State, act: Act, command: VerifyContact) -> Changes:
    """The way proved, by nobody but the person.

    Raises:
        NotYourContact: it is another person's.
        CodeWrong: it is not the code that was sent last, or that one was used.
        CodeExpired: it was sent more than 15 minutes ago.
    """
    before = state.get(ContactMethod, command.contact_method_id)
    if before.person_id != act.actor_id:
        raise NotYourContact()
    code = command.code.strip()
    if not CODE.fullmatch(code) or before.code_digest != code_digest(before.id, code):
        raise CodeWrong()
    if before.code_sent_at is None or act.happened_at - before.code_sent_at > CODE_VALID:
        raise CodeExpired()
    after = replace(before, verified_at=act.happened_at, code_digest="", code_sent_at=None)
    return Changes.none().update(before, after)


def set_notification_rules(state: State, act: Act, command: SetNotificationRules) -> Changes:
    """The rules in their order; those that are no longer wanted become inactive.

    Raises:
        RuleInvalid: a rule waits too long or names a contact method that is not the person's.
    """
    ensure_own(state, act, command.person_id)
    if len(command.contact_method_ids) != len(command.delays_s):
        raise RuleInvalid(problem="a delay is missing")
    if len(command.delays_s) > MOST_RULES:
        raise RuleInvalid(problem=f"{len(command.delays_s)} rules, {MOST_RULES} allowed")
    known = {rule.id: rule for rule in state.find(NotificationRule, person_id=command.person_id)}
    changes = Changes.none()
    given = zip(command.contact_method_ids, command.delays_s, strict=True)
    for position, (method_id, delay_s) in enumerate(given):
        method = state.get(ContactMethod, method_id)
        if method.person_id != command.person_id or not method.is_active:
            raise RuleInvalid(problem="a contact method is not this person's, or not used any more")
        if not 0 <= delay_s <= LONGEST_WAIT_S:
            raise RuleInvalid(problem=f"it waits {delay_s:,} s, {LONGEST_WAIT_S:,} allowed")
        rule = NotificationRule(
            id=derived_id(command.person_id, "rule", position),
            person_id=command.person_id,
            contact_method_id=method_id,
            delay_s=delay_s,
        )
        before = known.pop(rule.id, None)
        if before is None:
            changes = changes.insert(rule)
        else:
            changes = changes.update(before, replace(rule, version=before.version))
    for rule in known.values():
        changes = changes.update(rule, replace(rule, is_active=False))
    return changes


def _address(text: str) -> str:
    address = clean_line(text, limit_of("address"), field="address")
    require("address", address)
    return address


def _way(method: ContactMethod) -> tuple[object, ...]:
    return method.kind, method.destination_id, method.address
