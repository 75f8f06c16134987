"""The proof page: figures of `privity evaluate` as plots with a table beside each. Every number is one of the JSON.

Holds counts, shares, times and class names only: never a line id, a person or an address (C8).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element

from privity.interfaces.cli.page_elements import PAGE_STYLE, document, element, scrolling, table
from privity.interfaces.cli.proof_page.class_plot import class_plot
from privity.interfaces.cli.proof_page.cost_plot import memory_plot, time_plot
from privity.interfaces.cli.proof_page.numbers import amount, count, interval, share
from privity.interfaces.cli.proof_page.policy_plot import Figures, policy_plot

Column = tuple[str, Callable[[Figures], str]]

STYLE: Final = (
    PAGE_STYLE
    + """
figure { margin: 1rem 0; } svg { width: 100%; height: auto; display: block; }
figcaption { color: #3d3d3d; font-size: .92rem; }
svg text { font: 13px system-ui, "DejaVu Sans", sans-serif; fill: #1b1b1b; } svg .axis-title { font-weight: 600; }
.axis { stroke: #1b1b1b; stroke-width: 1.2; } .grid { stroke: #dcdcdc; stroke-width: 1; }
.whisker { stroke: #1b1b1b; stroke-width: 1.6; }
"""
)

_POLICY: Final[tuple[Column, ...]] = (
    ("confirmed", lambda one: count(one["confirmed"])),
    ("false", lambda one: count(one["false_confirmations"])),
    ("precision", lambda one: share(one["precision"])),
    ("95 % interval", lambda one: interval(one["precision_lower95"], one["precision_upper95"])),
    ("recall", lambda one: share(one["recall"])),
    ("95 % interval", lambda one: interval(one["recall_lower95"], one["recall_upper95"])),
)
_CLASS: Final[tuple[Column, ...]] = (
    ("lines", lambda one: count(one["lines"])),
    ("should be", lambda one: count(one["should_confirm"])),
    ("confirmed", lambda one: count(one["confirmed"])),
    ("false", lambda one: count(one["false_confirmations"])),
    ("false of all lines, at most", lambda one: share(one["false_share_upper95"])),
    ("precision", lambda one: share(one["precision"])),
    ("95 % interval", lambda one: interval(one["precision_lower95"], one["precision_upper95"])),
    ("recall", lambda one: share(one["recall"])),
    ("95 % interval", lambda one: interval(one["recall_lower95"], one["recall_upper95"])),
)
_SIZE: Final[tuple[Column, ...]] = (
    ("lines", lambda one: count(one["lines"])),
    ("build", lambda one: amount(one["seconds"].get("build"), "s")),
    ("admit", lambda one: amount(one["seconds"].get("admit"), "s")),
    ("match", lambda one: amount(one["seconds"].get("match"), "s")),
    ("peak memory", lambda one: amount(one["peak_rss_mb"], "MB")),
)


def proof_page(policies: Sequence[Figures], sizes: Sequence[Figures], *, software: str, measured_at: str) -> str:
    """The page as text. `policies`: one JSON object of `evaluate` each; `sizes`: one of each size, smallest first."""
    title = "Evaluation of the matcher"
    body = [element("h1", title), _verdict(policies), _about(policies[0], software, measured_at)]
    body += [_by_policy(policies), *(_by_level(one) for one in policies), *_by_class(policies), *_cost(policies, sizes)]
    return document(title, STYLE, [*body, _reading()])


def _verdict(policies: Sequence[Figures]) -> Element:
    false = sum(int(one["false_confirmations"]) for one in policies)
    confirmed = max(int(one["confirmed"]) for one in policies)
    if false:
        words = f"{false:,} false confirmations were found. A policy with false confirmations should not be used."
        return element("p", words, class_="verdict bad")
    return element("p", f"No false confirmation in up to {confirmed:,} confirmed lines.", class_="verdict")


def _about(figures: Figures, software: str, measured_at: str) -> Element:
    rows = [
        ("software", software),
        ("rule set", str(figures["rule_set"])),
        ("measured at", measured_at),
        ("register rows in use", count(figures["register_rows"])),
        ("register rows refused", count(figures["refused_rows"])),
        ("lines", count(figures["lines"])),
        ("lines returned or referred by the form rules", count(figures["returned"])),
        ("lines that should be confirmed", count(figures["should_confirm"])),
    ]
    return element("section", element("h2", "What was measured"), scrolling(table("Inputs", ("", "value"), rows)))


def _rows(columns: Sequence[Column], items: Sequence[tuple[str, Figures]]) -> list[list[str]]:
    return [[name, *(write(one) for _, write in columns)] for name, one in items]


def _table(caption: str, first: str, columns: Sequence[Column], items: Sequence[tuple[str, Figures]]) -> Element:
    return scrolling(table(caption, (first, *(name for name, _ in columns)), _rows(columns, items)))


def _figure(drawn: Element, caption: str) -> Element:
    return element("figure", drawn, element("figcaption", caption))


def _by_policy(policies: Sequence[Figures]) -> Element:
    drawn = _figure(
        policy_plot(policies),
        "Each curve adds the levels of one policy in their order; the mark at its end is the whole policy, and the bar "
        "below it reaches to the lower end of the exact 95 % interval. The vertical axis does not begin at 0.",
    )
    rows = [(str(one["policy"]), one) for one in policies]
    return element("section", element("h2", "By policy"), drawn, _table("By policy", "policy", _POLICY, rows))


def _by_level(figures: Figures) -> Element:
    heading = f"By level, policy {figures['policy']}"
    rows = list(figures["by_level"].items())
    note = "Recall of a level is its part of all lines that should be confirmed; the parts add up to the whole."
    return element("section", element("h2", heading), element("p", note), _table(heading, "level", _POLICY, rows))


def _by_class(policies: Sequence[Figures]) -> list[Element]:
    if not policies[0]["by_class"]:
        return []
    parts: list[Element] = [element("h2", "By class of line")]
    drawn = class_plot(policies)
    if drawn is not None:
        parts.append(_figure(drawn, "Classes are those of the truth file; the thin bars are exact 95 % intervals."))
    sections = [element("section", *parts)]
    for figures in policies:
        caption = f"By class, policy {figures['policy']}"
        sections.append(element("section", _table(caption, "class", _CLASS, list(figures["by_class"].items()))))
    return sections


def _cost(policies: Sequence[Figures], sizes: Sequence[Figures]) -> list[Element]:
    rows: list[tuple[str, Any]] = [(f"{one['policy']}: {count(one['register_rows'])} rows", one) for one in policies]
    whole = _table("Time and memory of this run", "policy and register", _SIZE, rows)
    parts = [element("h2", "Time and memory"), whole]
    if not sizes:
        return [element("section", *parts)]
    measured = [(count(one["register_rows"]), one) for one in sizes]
    caption = "By size: the first rows of the register, and the same part of the lines"
    grown = [
        _figure(time_plot(sizes), "Each size is measured in a process of its own, on the machine as it was."),
        _figure(memory_plot(sizes), "Largest resident memory of the process and its largest worker together."),
        _table(caption, "register rows", _SIZE, measured),
    ]
    return [element("section", *parts), *(element("section", one) for one in grown)]


def _reading() -> Element:
    words = (
        "A confirmation is false where the truth names nobody, or another person. Intervals are the exact ones of "
        "Clopper and Pearson: two-sided, 95 %, so that each end by itself is a one-sided bound of 97.5 %. They speak "
        "of lines like the ones measured, and of no others. This page was made by one command from files that stay "
        "with the custodian; it holds no name, address or identifier, loads nothing and runs nothing."
    )
    return element("section", element("h2", "How to read this"), element("p", words))
