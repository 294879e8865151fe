"""Official schemas of providers, kept outside the repository, and a judge that reads them.

The judge knows every word it may meet in them and fails on any other, so that no rule is passed
over in silence.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[2].parent / "shared" / "specs"
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
# Words that explain and judge nothing. A format is judged by the limits of our own servers.
_SAYS_NOTHING = {
    *("$schema", "default", "description", "example", "examples", "format", "id", "title"),
    *("deprecated", "features", "version", "definitions", "nullable"),
}


@cache
def official(path: str) -> Any:
    """A document in JSON; None where the folder of them is absent."""
    text = official_text(path)
    return None if text is None else json.loads(text)


def official_text(path: str) -> str | None:
    """A document as it is; None where the folder of them is absent."""
    file = _FOLDER / path
    return file.read_text(encoding="utf-8") if file.is_file() else None


@dataclass(frozen=True)
class Judge:
    """Says what is wrong with a value, by a schema inside one document."""

    document: Any

    def breaches(self, schema: Any, value: Any, at: str = "") -> list[str]:
        """Every rule that the value breaks."""
        if "$ref" in schema:  # its neighbours only explain
            return self.breaches(self._at(schema["$ref"]), value, at)
        if value is None and schema.get("nullable"):
            return []
        return [
            breach
            for word, rule in schema.items()
            if word not in _SAYS_NOTHING and not word.startswith("x-")
            for breach in _RULES[word](self, rule, value, at, schema)
        ]

    def _at(self, reference: str) -> Any:
        found = self.document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        return found


def _type(_: Judge, rule: Any, value: Any, at: str, __: Any) -> Iterator[str]:
    names = rule if isinstance(rule, list) else [rule]
    allowed = tuple(kind for name in names for kind in _TYPES[name])
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        yield f"{at}: {type(value).__name__} is no {rule}"


def _enum(_: Judge, rule: Any, value: Any, at: str, __: Any) -> Iterator[str]:
    if value not in rule:
        yield f"{at}: {value!r} is none of {rule}"


def _pattern(_: Judge, rule: str, value: Any, at: str, __: Any) -> Iterator[str]:
    if isinstance(value, str) and not re.search(rule, value):
        yield f"{at}: does not look like {rule}"


def _length(word: str) -> Callable[..., Iterator[str]]:
    def judge(_: Judge, rule: int, value: Any, at: str, __: Any) -> Iterator[str]:
        size = len(value) if isinstance(value, str | list) else rule
        if (size < rule) if word.startswith("min") else (size > rule):
            yield f"{at}: {word} is {rule}, this has {size}"

    return judge


def _required(_: Judge, rule: list[str], value: Any, at: str, __: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{at}: {name} is missing" for name in rule if name not in value)


def _properties(judge: Judge, rule: Any, value: Any, at: str, _: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name in rule.keys() & value.keys():
            yield from judge.breaches(rule[name], value[name], f"{at}.{name}")


def _additional(judge: Judge, rule: Any, value: Any, at: str, schema: Any) -> Iterator[str]:
    unknown = value.keys() - schema.get("properties", {}).keys() if isinstance(value, dict) else ()
    for name in unknown:
        if rule is False:
            yield f"{at}: {name} is unknown"
        elif isinstance(rule, dict):
            yield from judge.breaches(rule, value[name], f"{at}.{name}")


def _items(judge: Judge, rule: Any, value: Any, at: str, _: Any) -> Iterator[str]:
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from judge.breaches(rule, one, f"{at}[{index}]")


def _all_of(judge: Judge, rule: list[Any], value: Any, at: str, _: Any) -> Iterator[str]:
    for schema in rule:
        yield from judge.breaches(schema, value, at)


def _any_of(judge: Judge, rule: list[Any], value: Any, at: str, _: Any) -> Iterator[str]:
    tried = [judge.breaches(schema, value, at) for schema in rule]
    if all(tried):
        yield f"{at}: fits nothing that is allowed; nearest: {min(tried, key=len)}"


_RULES: dict[str, Callable[..., Iterator[str]]] = {
    "type": _type,
    "enum": _enum,
    "pattern": _pattern,
    "minLength": _length("minLength"),
    "maxLength": _length("maxLength"),
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "allOf": _all_of,
    "anyOf": _any_of,
}
