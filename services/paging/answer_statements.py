"""How pages are answered without a desk, as SQL both databases understand.

Values are named as in ``services.paging.statements``. ``:answer`` is a word of
``services.providers.answer_words``, ``:snooze`` in seconds.
"""

from services.paging.destination import ProviderKind
from services.paging.page import DeliveryKind
from services.paging.statements import SECOND

_WEEK = 7 * 24 * 3600 * SECOND

ANSWERED_FOR = """SELECT d.id, d.page_id, d.recipient_id, d.person_id, d.round FROM delivery d
WHERE d.answer_digest = :digest AND d.answer_digest <> '' AND d.person_id IS NOT NULL
    AND d.page_id IS NOT NULL"""

ANSWERABLE = f"""SELECT d.id, d.answer_digest FROM contact_method k
JOIN delivery d ON d.contact_method_id = k.id AND d.destination_id = k.destination_id
    AND d.address = k.address AND d.kind = 'page' AND d.answer_digest <> ''
    AND d.created_at > :now - {_WEEK}
JOIN page p ON p.id = d.page_id AND p.rounds_from <= d.round
WHERE k.destination_id = :destination AND k.address = :address AND k.is_active
ORDER BY d.created_at DESC, d.id LIMIT 100"""
"""What went to an address that is still somebody's, and that one can answer by a text."""

_ANSWER_RECIPIENT = """UPDATE page_recipient SET version = version + 1, answer = :answer,
    answered_at = :now
WHERE page_id = :page AND person_id = :person AND answer IS NULL
    AND :answer IN ('acknowledged', 'declined')
    AND EXISTS (SELECT 1 FROM page p WHERE p.id = :page AND p.state = 'open'
        AND p.rounds_from <= page_recipient.round)"""

_COMES_TO_REST = (
    "(:answer = 'acknowledged' AND (NOT is_everyone OR is_catch_all OR NOT EXISTS ("
    "SELECT 1 FROM page_recipient r WHERE r.page_id = page.id"
    " AND r.round >= page.rounds_from AND r.answer IS NULL)))"
)
"""As in ``services.paging.lifecycle.acknowledge``."""

_ANSWER_PAGE = f"""UPDATE page SET version = version + 1,
    state = CASE WHEN {_COMES_TO_REST} THEN 'acknowledged' ELSE state END,
    acknowledged_by_id = CASE WHEN {_COMES_TO_REST} THEN :person ELSE acknowledged_by_id END,
    acknowledged_at = CASE WHEN {_COMES_TO_REST} THEN :now ELSE acknowledged_at END,
    due_at = CASE WHEN {_COMES_TO_REST} THEN NULL ELSE due_at END,
    is_urged = (:answer = 'declined' AND NOT EXISTS (SELECT 1 FROM page_recipient r
        WHERE r.page_id = page.id AND r.round = page.round AND r.position = page.position
        AND r.answer IS NULL))
WHERE id = :page AND state = 'open' AND :answer IN ('acknowledged', 'declined')"""
"""The next step is urged once everybody of the present one has declined."""

_SNOOZE_PAGE = """UPDATE page SET version = version + 1, state = 'acknowledged',
    acknowledged_by_id = :person, acknowledged_at = :now, snooze_s = :snooze, reopens_at = NULL,
    due_at = NULL, is_urged = false
WHERE id = :page AND state IN ('open', 'acknowledged') AND :answer = 'snoozed'"""
"""As in ``services.paging.lifecycle.snooze``."""

_ESCALATE_PAGE = """UPDATE page SET version = version + 1, state = 'open', is_urged = true,
    reopens_at = NULL, snooze_s = 0, acknowledged_by_id = NULL, acknowledged_at = NULL
WHERE id = :page AND state IN ('open', 'acknowledged') AND :answer = 'escalated'"""
"""As in ``services.paging.lifecycle.escalate``."""

ANSWERING = (_ANSWER_RECIPIENT, _ANSWER_PAGE, _SNOOZE_PAGE, _ESCALATE_PAGE)
"""What an answer does, in this order; where none of the last three finds the page, it was over."""

MAILBOXES = f"""SELECT t.id, t.options, t.may_reach_private, t.probe_result
FROM destination t
WHERE t.is_active AND t.kind = '{ProviderKind.EMAIL.value}' ORDER BY t.id"""

REPLIED_TO = f"""SELECT d.page_id, d.person_id, lower(d.address) = :sender AS is_theirs,
    (d.created_at > :now - {_WEEK} AND p.rounds_from <= d.round) AS is_fresh
FROM delivery d JOIN page p ON p.id = d.page_id
JOIN person x ON x.id = d.person_id AND x.is_active
JOIN contact_method k ON k.id = d.contact_method_id AND k.destination_id = d.destination_id
    AND k.address = d.address AND k.is_active
WHERE d.id = :delivery AND d.destination_id = :destination AND d.kind = 'page'
    AND d.attempt_count > 0"""
"""What a mail asked of somebody whose address it still is."""

WORD_BACK = f"""INSERT INTO delivery (id, version, incident_id, person_id, destination_id, kind,
    address, text, round, position, created_at, due_at, state, attempt_count, lease_token,
    dispatcher, reason, memo, may_repeat, answer_digest)
SELECT derived_id(d.id, 'reply/' || :word), 1, d.incident_id, d.person_id, d.destination_id,
    '{DeliveryKind.REPLY.value}', d.address, '', 0, 0, :now, :now, 'waiting', 0, 0, '', '', '{{}}',
    false, ''
FROM delivery d WHERE d.id = :delivery ON CONFLICT (id) DO NOTHING"""
"""The word back to whom a mail went. There is one for each word of a reply, and so the reply is
heard once, whoever reads it how often. It belongs to no page, so that no step waits for it, and
counts for no throttle."""

SAY_BACK = """UPDATE delivery SET text = :result || ' ' || :delivery
WHERE id = derived_id(:delivery, 'reply/' || :word)"""
"""What came of it, and to which delivery a further reply belongs."""
