"""The JSON Schema of agreement documents, for completion in editors: made from the model and the closed list of rules.

Published as `agreement.schema.json` beside this file (a test compares the two) and shown by `privity agreement schema`.
It says what a reader of one element can say; what elements mean together is said by `privity agreement check` alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from privity.domain.rules import RULES, Parameter, RuleSpec
from privity.wire.agreement_model import AgreementDocument

SCHEMA_ID = "urn:privity:agreement:1"
SCHEMA_FILE = Path(__file__).with_name("agreement.schema.json")


def agreement_schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) as plain values."""
    made = AgreementDocument.model_json_schema(mode="validation", ref_template="#/$defs/{model}")
    definitions = made.pop("$defs")
    del definitions["RuleElement"]
    made["properties"]["rules"] = _rules(made["properties"]["rules"]["description"])
    for shape in (made, *definitions.values()):
        shape["properties"] = {name: _present(one) for name, one in shape["properties"].items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **made,
        "$defs": definitions,
    }


def schema_text() -> str:
    """The schema as the published file has it."""
    return json.dumps(agreement_schema(), indent=2, ensure_ascii=False) + "\n"


def _present(shape: dict[str, Any]) -> dict[str, Any]:
    """An element that may be left out is left out, never written empty; titles only repeat the key."""
    kept = {
        name: one for name, one in shape.items() if name not in ("title", "anyOf") and (name, one) != ("default", None)
    }
    for choice in shape.get("anyOf", ()):
        if choice != {"type": "null"}:
            kept |= choice
    return kept


def _rules(description: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "additionalProperties": False,
        "properties": {spec.id: _rule(spec) for spec in RULES.values()},
        "required": [spec.id for spec in RULES.values() if spec.mandatory],
    }


def _rule(spec: RuleSpec) -> dict[str, Any]:
    about = {one.name: _parameter(one) for one in spec.parameters}
    return {
        "type": "object",
        "description": f"{spec.title} ({spec.code.value}).",
        "additionalProperties": False,
        "properties": {
            "clause": {"type": "string", "minLength": 1, "maxLength": 2000},
            "parameters": {"type": "object", "additionalProperties": False, "properties": about},
        },
        "required": ["clause"],
    }


def _parameter(one: Parameter) -> dict[str, Any]:
    if isinstance(one.default, bool):
        return {"type": "boolean", "default": one.default, "description": one.meaning}
    if isinstance(one.default, int):
        bounds = {"minimum": one.minimum, "maximum": one.maximum}
        return {"type": "integer", **bounds, "default": one.default, "description": one.meaning}
    words = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$"}
    return {"type": "array", "items": words, "minItems": 1, "uniqueItems": True, "description": one.meaning}
