"""Elements of HTML pages as trees, so that every text is escaped and the page is well formed by construction.

Of the standard library and `plain_text` alone. No script, no address of anything outside the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from xml.etree.ElementTree import Element, tostring

from privity.interfaces.cli.plain_text import plain

NOTHING = "–"  # what a cell without a value shows

PAGE_STYLE: Final = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; color: #1b1b1b; background: #fff; margin: 0; }
main { max-width: 66rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.25rem; margin-top: 2.2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%;
  margin: .8rem 0; font-size: .92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { border-bottom: 1px solid #c4c4c4; padding: .3rem .5rem; text-align: right; vertical-align: top; }
th[scope=row], thead th:first-child { text-align: left; }
.words td, .words th { text-align: left; }
.verdict { border-left: .4rem solid #1a6b3c; padding: .6rem 1rem; background: #f1f7f3; font-size: 1.1rem; }
.verdict.bad { border-color: #b50909; background: #fbefef; }
@media print { main { max-width: none; padding: 0; } section { break-inside: avoid; } body { font-size: 11pt; }
  .verdict { background: none; } .scroll { overflow: visible; } }
"""


def element(tag: str, *children: Element | str, **attributes: str | float) -> Element:
    """One element. `class_` stands for class, `stroke_width` for stroke-width; numbers are written short.

    A text is made plain first: no page holds a character that XML forbids.
    """
    names = {"class_": "class", "view_box": "viewBox"}
    made = Element(tag, {names.get(key, key.replace("_", "-")): written(value) for key, value in attributes.items()})
    last: Element | None = None
    for child in children:
        if isinstance(child, str):
            if last is None:
                made.text = (made.text or "") + plain(child)
            else:
                last.tail = (last.tail or "") + plain(child)
        else:
            made.append(child)
            last = child
    return made


def written(value: str | float) -> str:
    """A text or number for an attribute: plain, or at most two decimals without trailing zeros."""
    if isinstance(value, str):
        return plain(value)
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


def scrolling(content: Element) -> Element:
    """A wide table scrolls by itself on a narrow screen, by keyboard too."""
    label = content.findtext("caption") or ""
    return element("div", content, class_="scroll", tabindex="0", role="region", aria_label=label)


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
