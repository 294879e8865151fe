"""Which keys would be heard by two actions."""

from desktop.actions import ACTIONS, ActionSpec, Scope


def overlapping(one: Scope, other: Scope) -> bool:
    """Whether the keyboard can be in a place that listens to both scopes."""
    if one is other or Scope.EVERYWHERE in (one, other):
        return True
    return {one, other} <= {Scope.RECORD, Scope.LIST}


def gives_way(spec: ActionSpec, key: str, scope: Scope) -> bool:
    """Whether a sequence from everywhere is not heard in a scope: its first key is a verb there."""
    own = {k for other in ACTIONS if other.scope is scope is not Scope.EVERYWHERE
           for k in other.keys}  # fmt: skip
    return spec.scope is Scope.EVERYWHERE and ", " in key and key.split(", ")[0] in own


def duplicate_keys(specs: tuple[ActionSpec, ...] = ACTIONS) -> list[str]:
    """Keys that two actions would answer to, or that begin another's sequence."""
    bound = [(key, spec) for spec in specs for key in (*spec.keys, *spec.window_keys)]
    found = []
    for at, (key, spec) in enumerate(bound):
        for other_key, other in bound[at + 1 :]:
            clash = (
                key == other_key
                or (_begins(key, other_key) and not gives_way(other, other_key, spec.scope))
                or (_begins(other_key, key) and not gives_way(spec, key, other.scope))
            )  # fmt: skip
            if clash and overlapping(spec.scope, other.scope):
                found.append(f"{key}: {spec.id} and {other.id}")
    return found


def _begins(key: str, sequence: str) -> bool:
    return sequence.startswith(f"{key}, ")
