"""Elements of the proof page as trees, so that every text is escaped and the page is well formed by construction.

Only the standard library. No script, no address of anything outside the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, tostring

NOTHING = "–"  # what a cell without a value shows


def element(tag: str, *children: Element | str, **attributes: str | float) -> Element:
    """One element. `class_` stands for class, `stroke_width` for stroke-width; numbers are written short."""
    names = {"class_": "class", "view_box": "viewBox"}
    made = Element(tag, {names.get(key, key.replace("_", "-")): written(value) for key, value in attributes.items()})
    last: Element | None = None
    for child in children:
        if isinstance(child, str):
            if last is None:
                made.text = (made.text or "") + child
            else:
                last.tail = (last.tail or "") + child
        else:
            made.append(child)
            last = child
    return made


def written(value: str | float) -> str:
    """A number for an attribute: at most two decimals, no trailing zeros."""
    if isinstance(value, str):
        return value
    return f"{value:.2f}".rstrip("0").rstrip(".")


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Element:
    """A table with its caption; the first cell of a row is its heading."""
    head = element("tr", *(element("th", name, scope="col") for name in columns))
    body = [
        element(
            "tr", element("th", row[0] or NOTHING, scope="row"), *(element("td", cell or NOTHING) for cell in row[1:])
        )
        for row in rows
    ]
    return element("table", element("caption", caption), element("thead", head), element("tbody", *body))


def document(title: str, style: str, body: Sequence[Element]) -> str:
    """The whole page: HTML that is also well-formed XML. The policy in it forbids loading anything."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        _policy(),
        element("title", title),
        element("style", style),
    )
    root = element("html", head, element("body", element("main", *body)), lang="en")
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode") + "\n"


def _policy() -> Element:
    policy = element(
        "meta", content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    )
    policy.set("http-equiv", "Content-Security-Policy")
    return policy
