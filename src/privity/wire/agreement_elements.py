"""An agreement document as a flat list of elements, each under a path of words, so that two versions can be compared.

Elements of a list are known by their id, never by their place: moving one is no change. A rule's parameters appear
with their value, also where the document leaves the default. What a change means is `services.compare_agreements`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from privity.domain.agreement import Agreement
from privity.domain.rules import RULES
from privity.wire.agreement_model import AgreementDocument, RuleElement
from privity.wire.yaml_document import models_in

ElementPath = tuple[str, ...]
EACH = "*"  # stands for the id of one element of a list in a pattern


def agreement_elements(agreement: Agreement, document: AgreementDocument) -> dict[ElementPath, Any]:
    """Path -> value of everything that the document says."""
    found = dict(_flat(document.model_dump(mode="python", exclude={"rules"}, exclude_none=True), ()))
    for use in agreement.rules:
        found["rules", use.rule] = True
        found["rules", use.rule, "clause"] = use.clause
        for name, value in use.parameters.items():
            found["rules", use.rule, "parameters", name] = value
    return found


def _flat(value: Any, path: ElementPath) -> Iterator[tuple[ElementPath, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, (*path, str(key)))
    elif isinstance(value, list) and all(isinstance(one, Mapping) for one in value) and value:
        for one in value:
            yield (*path, str(one["id"])), True
            for key, inner in one.items():
                if key != "id":
                    yield from _flat(inner, (*path, str(one["id"]), str(key)))
    elif isinstance(value, list):
        if value:
            yield path, tuple(value)
    else:
        yield path, value


def element_patterns() -> set[ElementPath]:
    """Every path that a document of this format can have, with EACH for ids; rules by their own id."""
    found = set(_patterns(AgreementDocument, ()))
    for spec in RULES.values():
        found |= {("rules", spec.id), ("rules", spec.id, "clause")}
        found |= {("rules", spec.id, "parameters", one.name) for one in spec.parameters}
    return found


def _patterns(model: type[BaseModel], path: ElementPath) -> Iterator[ElementPath]:
    for name, element in model.model_fields.items():
        inner = [one for one in models_in(element.annotation) if one is not RuleElement]
        if RuleElement in models_in(element.annotation):
            continue
        if not inner:
            yield (*path, name)
        elif "list" in str(element.annotation):
            yield (*path, name, EACH)
            yield from (one for one in _patterns(inner[0], (*path, name, EACH)) if one[-1] != "id" or one[-2] != EACH)
        else:
            yield from _patterns(inner[0], (*path, name))
