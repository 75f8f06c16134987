"""The published JSON Schema: it is the model's, every element says what it is, and it judges documents as we do."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from privity.domain.rules import RULES
from privity.wire.agreement_format import read_agreement
from privity.wire.agreement_schema import SCHEMA_FILE, agreement_schema, schema_text
from tests.builders.admission import EXAMPLES

NAMES = ("tax-enforcement-2025", "consent-based-verification")
SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
JUDGE = jsonschema.Draft202012Validator(SCHEMA)


def plain(name: str) -> Any:
    """As an editor reads it: dates are text."""
    text = (EXAMPLES / "agreements" / f"{name}.yaml").read_text(encoding="utf-8")
    value = YAML(typ="safe", pure=True).load(text)
    return json.loads(json.dumps(value, default=str))


def test_the_published_file_is_the_models_schema() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), "run python tools/write_agreement_schema.py"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert agreement_schema() == SCHEMA


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_agreements_pass_and_point_at_it(name: str) -> None:
    JUDGE.validate(plain(name))
    first = (EXAMPLES / "agreements" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[0]
    path = first.partition("$schema=")[2]
    assert (EXAMPLES / "agreements" / path).resolve() == SCHEMA_FILE.resolve()


def test_every_rule_parameter_and_bound_stands_in_it() -> None:
    rules = SCHEMA["properties"]["rules"]
    assert set(rules["properties"]) == set(RULES)
    assert set(rules["required"]) == {spec.id for spec in RULES.values() if spec.mandatory}
    for spec in RULES.values():
        about = rules["properties"][spec.id]["properties"]["parameters"]["properties"]
        assert list(about) == [one.name for one in spec.parameters]
        for one in spec.parameters:
            if isinstance(one.default, int) and not isinstance(one.default, bool):
                assert (about[one.name]["minimum"], about[one.name]["maximum"]) == (one.minimum, one.maximum)


def test_every_element_is_described_for_the_writer() -> None:
    shapes = [SCHEMA, *SCHEMA["$defs"].values()]
    bare = [
        name
        for shape in shapes
        for name, one in shape["properties"].items()
        if "description" not in one and "description" not in SCHEMA["$defs"][one["$ref"].rpartition("/")[2]]
    ]
    assert bare == []
    assert all(shape["additionalProperties"] is False for shape in shapes)


def changed(path: tuple[str | int, ...], value: object) -> Any:
    document = copy.deepcopy(plain("tax-enforcement-2025"))
    place = document
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("vresion",), 1),
        (("version",), 0),
        (("version",), "1"),
        (("term", "clause"), ...),
        (("offices", "signing"), []),
        (("offices", "acting"), None),
        (("match", "policy"), "fuzzy"),
        (("rules", "R13", "parameters", "over_percent"), 100),
        (("rules", "R13", "parameters", "over_percents"), 5),
        (("rules", "R99"), {"clause": "x"}),
        (("rules", "L02"), ...),
        (("rules", "L09", "parameters", "attestations"), []),
        (("lines", "must_carry", 0), "shoe_size"),
        (("safeguards", "findings", 0, "plan_due"), ...),
        (("reporting", 0, "owed_by"), "nobody"),
    ],
)
def test_what_it_refuses_the_reader_refuses_too(path: tuple[str | int, ...], value: object) -> None:
    document = changed(path, value)
    assert not JUDGE.is_valid(document)
    with pytest.raises(Exception, match="AGREEMENT_INVALID"):
        read_agreement(json.dumps(document).encode())
