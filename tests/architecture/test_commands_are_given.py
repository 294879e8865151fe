"""What the rules can decide somebody can do: every command has a hand that gives it."""

import ast
from collections.abc import Iterable, Mapping

from architecture.house import ROOT, assert_none, modules, nodes

from services.command_list import LINES

# A command may stand in a table of verbs, and one of a practice may be made there for all who ask.
GIVING = ("desktop", "services/admin", "services/intake", "services/dispatcher")
OF_THE_TOUR = "desktop/tour/"


def find_never_given(commands: Iterable[str], trees: Mapping[str, ast.Module]) -> list[str]:
    """The commands that no program names beside importing them; tours do not count."""
    named = {
        name
        for path, tree in trees.items()
        if not path.startswith(OF_THE_TOUR)
        for node in nodes(tree)
        for name in (getattr(node, "attr", ""), getattr(node, "id", ""))
    }
    return [f"{command} is never given" for command in commands if command not in named]


def test_every_command_is_given_by_somebody() -> None:
    assert_none(find_never_given((act.__name__ for act, *_ in LINES), modules(ROOT, GIVING)))


def test_a_command_that_only_a_tour_gives_is_found() -> None:
    trees = {
        "desktop/presenters/desk.py": ast.parse("desk.give(acts.LogIncident(id=1))"),
        "desktop/tour/story.py": ast.parse("give(StartIncident(id=1))"),
        "desktop/presenters/words.py": ast.parse("from acts import StopIncident"),
    }
    wanted = ("LogIncident", "StartIncident", "StopIncident")
    found = ["StartIncident is never given", "StopIncident is never given"]
    assert find_never_given(wanted, trees) == found
