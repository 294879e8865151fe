"""The judge of official schemas says no where it must."""

import pytest
from providers.official_schema import Judge, official

_DOCUMENT = {
    "definitions": {"Sign": {"type": "string", "maxLength": 1}},
    "type": "object",
    "required": ["kind"],
    "properties": {
        "kind": {"enum": ["a", "b"]},
        "size": {"type": "integer", "description": "says nothing"},
        "signs": {"type": "array", "items": {"$ref": "#/definitions/Sign"}},
        "either": {"anyOf": [{"type": "null"}, {"allOf": [{"pattern": "^x"}]}]},
    },
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ({"kind": "a", "size": 1, "signs": ["x"], "either": "xy"}, ""),
        ({"kind": "a", "either": None}, ""),
        ([], "list is no object"),
        ({}, "kind is missing"),
        ({"kind": "c"}, "none of"),
        ({"kind": "a", "size": True}, "bool is no integer"),
        ({"kind": "a", "size": 1.5}, "float is no integer"),
        ({"kind": "a", "signs": ["x", "xy"]}, "signs[1]: maxLength is 1, this has 2"),
        ({"kind": "a", "either": "y"}, "fits nothing"),
        ({"kind": "a", "more": 1}, "more is unknown"),
    ],
)
def test_what_is_wrong_is_named(value, wrong):
    found = Judge(_DOCUMENT).breaches(_DOCUMENT, value)
    assert wrong in " ".join(found) if wrong else found == []


def test_a_rule_it_does_not_know_is_not_passed_over():
    with pytest.raises(KeyError):
        Judge({}).breaches({"multipleOf": 2}, 3)


def test_an_absent_folder_gives_no_document():
    assert official("nobody/has_this.json") is None
