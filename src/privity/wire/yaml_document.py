"""Reads one YAML document into plain values, remembering the line of every element, so that errors can name it.

Strict: one document, UTF-8, no anchors or aliases, no duplicate keys, no tags of its own, bounded size and depth.
Says nothing of what the values mean: that is the format modules' work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from privity.domain.errors import ErrorCode, PrivityError

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 12

Path = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

_TAG = "tag:yaml.org,2002:"
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
_PLAIN_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}|[A-Z][0-9]{2}")
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """The plain value of a document (dict, list, str, int, bool, None) and the 1-based line of each path."""

    source: str
    code: ErrorCode
    value: Any
    lines: Mapping[Path, int]

    def line_of(self, path: Path) -> int:
        """The line of the element, or of the nearest element around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def refuse(self, path: Path, message: str, mend: str = "") -> NoReturn:
        """Raise the document's error, naming source, line and element."""
        raise self.error(path, message, mend)

    def error(self, path: Path, message: str, mend: str = "") -> PrivityError:
        """The document's error, naming source, line and element, to raise."""
        words = f"{spell(path)}: {message}" if path else message
        return _error(self.source, self.code, self.line_of(path), words, mend)


def refuse(source: str, code: ErrorCode, line: int, message: str, mend: str = "") -> NoReturn:
    """Raise PrivityError `code` with `source`, line and message."""
    raise _error(source, code, line, message, mend)


def _error(source: str, code: ErrorCode, line: int, message: str, mend: str) -> PrivityError:
    return PrivityError(
        code, f"{source}, line {line}: {message}", mend or "correct the document at this line", {"line": line}
    )


def spell(path: Path) -> str:
    """A path in words a writer of the document knows: `rules.L06.parameters`, `offices.signing[2]`.

    A key that no format has is not repeated: a document gone wrong may hold a person where a key belongs (C8).
    """
    words = ""
    for step in path:
        if isinstance(step, int):
            words += f"[{step + 1}]"
        else:
            words += ("." if words else "") + (step if _PLAIN_KEY.fullmatch(step) else "(another key)")
    return words


def read_yaml(document: bytes, *, source: str, code: ErrorCode) -> YamlDocument:
    """Read one strict YAML document. Raises PrivityError `code`, always with the line."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    text = _decode(document, source, code)
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        refuse(source, code, (mark.line + 1) if mark else 1, "not well-formed YAML")
    except (YAMLError, RecursionError, ValueError):
        refuse(source, code, 1, "not well-formed YAML")
    if root is None:
        refuse(source, code, 1, "the document is empty")
    reader = _NodeReader(source, code)
    value = reader.read(root, ())
    if not isinstance(value, dict):
        refuse(source, code, 1, "the document must be a mapping of names to values")
    return YamlDocument(source, code, value, reader.lines)


def parse_model(document: YamlDocument, model: type[Model]) -> Model:
    """Check the document against a pydantic model. Raises the document's error at the first defect's line.

    Messages name the element and what is wrong with it, never the value found there.
    """
    try:
        return model.model_validate(document.value)
    except ValidationError as failure:
        errors = failure.errors(include_url=False, include_input=False)
    found = [(_real_path(document, error["loc"]), error["type"], error["msg"]) for error in errors]
    # An unknown key first: where a key is misspelt, the missing element is only its shadow.
    path, kind, message = min(found, key=lambda one: (one[1] != "extra_forbidden", document.line_of(one[0])))
    words = {"extra_forbidden": "this key is not known here", "missing": "this element is missing"}.get(kind, message)
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    raise document.error(path, f"{words}{more}", _mend(kind, model, path))


def _mend(kind: str, model: type[BaseModel], path: Path) -> str:
    """What to do about the commonest defects of form, in words of the format alone."""
    if kind == "missing":
        return "add it"
    if kind == "extra_forbidden":
        return f"the keys known here are {', '.join(_known_keys(model, path[:-1])) or 'none'}"
    return ""


def _known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys of the element at `path`, as the model has them."""
    here: type[BaseModel] | None = model
    for step in path:
        if here is not None and isinstance(step, str) and step in here.model_fields:
            here = next(iter(models_in(here.model_fields[step].annotation)), None)
    return sorted(here.model_fields) if here is not None else []


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models that an annotation speaks of: itself, or inside a list, a mapping or an optional."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [one for inside in get_args(annotation) for one in models_in(inside)]


def _real_path(document: YamlDocument, location: tuple[int | str, ...]) -> Path:
    """Pydantic's location without the steps it invents (union branches, '[key]')."""
    path: Path = ()
    for position, step in enumerate(location):
        if (*path, step) in document.lines or position == len(location) - 1:
            path = (*path, step)
    return path


def _decode(document: bytes, source: str, code: ErrorCode) -> str:
    if len(document) > MAX_BYTES:
        refuse(source, code, 1, f"the document is larger than {MAX_BYTES} bytes")
    if document[:2] in (b"\xff\xfe", b"\xfe\xff"):
        refuse(source, code, 1, "the document is UTF-16", "save it as UTF-8")
    try:
        return document.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = document.count(b"\n", 0, error.start) + 1
    refuse(source, code, line, "the document is not UTF-8", "save it as UTF-8")


class _NodeReader:
    """Turns composed nodes into plain values, once, with the line of each."""

    def __init__(self, source: str, code: ErrorCode) -> None:
        self.source = source
        self.code = code
        self.lines: dict[Path, int] = {}
        self._seen: set[int] = set()

    def read(self, node: Any, path: Path) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if id(node) in self._seen or node.anchor:
            refuse(self.source, self.code, line, "anchors and aliases are not allowed", "write the value out")
        if len(path) > MAX_DEPTH:
            refuse(self.source, self.code, line, f"nested deeper than {MAX_DEPTH} levels")
        self._seen.add(id(node))
        kind = str(node.tag).removeprefix(_TAG)
        if kind == "map":
            return self._mapping(node, path)
        if kind == "seq":
            return [self.read(item, (*path, place)) for place, item in enumerate(node.value)]
        return self._scalar(kind, node.value, line)

    def _mapping(self, node: Any, path: Path) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if str(key_node.tag) != f"{_TAG}str":
                refuse(self.source, self.code, line, "a key that is not a plain word", "put the key in quotes")
            key = str(key_node.value)
            if key in value:
                refuse(
                    self.source, self.code, line, f"{spell((*path, key))}: this key stands twice", "keep one of them"
                )
            self.lines[(*path, key)] = line
            value[key] = self.read(value_node, (*path, key))
        return value

    def _scalar(self, kind: str, text: str, line: int) -> Any:
        if kind in ("str", "timestamp", "float"):
            return text  # dates stay text: the model decides what they are
        if kind == "int":
            if _DECIMAL.match(text):
                return int(text)
            refuse(
                self.source, self.code, line, "a number that is not plain decimal", "write it with at most 18 digits"
            )
        if kind == "bool" and text.lower() in _BOOLEANS:
            return _BOOLEANS[text.lower()]
        if kind == "null":
            return None
        refuse(self.source, self.code, line, "a value of a kind that is not allowed here")
