"""However three desks write one state document, no entry is lost and all read the same."""

import pytest
from property.document_machine import DocumentMachine
from property.histories import run_histories
from property.test_three_desks import IgnoresVersions


def test_no_entry_is_lost_and_all_read_the_same() -> None:
    run_histories(DocumentMachine, 12, 25)


def quarrel(machine: type[DocumentMachine]) -> None:
    """Two desks change one paragraph, neither knowing of the other."""
    desks = machine()
    desks.write_paragraph(0)
    desks.push(0, "whole")
    desks.pull(1)
    for at in (0, 1):
        desks.change_paragraph(at, 0, None)
    for at in (0, 1):
        desks.push(at, "whole")
    desks.teardown()


def test_no_version_check_is_found() -> None:
    """Negative control: words that were overwritten unseen."""
    quarrel(DocumentMachine)
    broken = type("Overwriting", (DocumentMachine,), {"shared": IgnoresVersions})
    with pytest.raises(AssertionError, match="overwrote unseen words"):
        quarrel(broken)


def test_a_lost_entry_is_found() -> None:
    """Negative control: a desk that forgets what it was given."""
    desks = DocumentMachine()
    desks.write_paragraph(0)
    forgotten = list(desks.given)[-1]
    desks.desks[0].replica._cache._connection.execute(
        "DELETE FROM pending WHERE command_id = ?", (str(forgotten),)
    )
    with pytest.raises(AssertionError, match="lost"):
        desks.teardown()
