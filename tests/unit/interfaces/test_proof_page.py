"""The page of `evaluate --page`: well formed, self-contained, accessible, and every figure in it is one of the JSON."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from privity.interfaces.cli.presentation import as_object
from privity.interfaces.cli.proof_page import proof_page
from privity.interfaces.cli.proof_page.numbers import share
from privity.interfaces.cli.proof_page.policy_plot import steps
from privity.interfaces.cli.proof_page.scales import Scale, decades, from_nothing
from privity.services.evaluation.measure_sizes import SizeCost
from tests.builders.evaluations import as_json, evaluated, figures

SIZES = [
    as_object(
        SizeCost(rows, rows // 4, {"build": rows / 900, "read": 0.2, "admit": rows / 2000, "match": rows / 9000}, mb)
    )
    for rows, mb in ((1000, 150.5), (10_000, 210.0), (100_000, 480.25))
]


def made(policies: list[dict[str, Any]], sizes: list[dict[str, Any]] | None = None) -> str:
    return proof_page(policies, sizes or [], software="privity 9.9", measured_at="2026-11-23T00:00:00+00:00")


def tree(page: str) -> Element:
    assert page.startswith("<!DOCTYPE html>\n")
    return fromstring(page.removeprefix("<!DOCTYPE html>\n"))


def tables(root: Element) -> dict[str, dict[str, list[str]]]:
    """Caption -> first cell -> the other cells."""
    found = {}
    for table in root.iter("table"):
        rows = [["".join(cell.itertext()) for cell in row] for row in table.iterfind("tbody/tr")]
        found["".join(table.find("caption").itertext())] = {row[0]: row[1:] for row in rows}  # type: ignore[union-attr]
    return found


def per_cent(text: str) -> float:
    return float(text.replace("\N{NO-BREAK SPACE}%", "")) / 100


PAGE = made([as_json("exact"), as_json("standard", false=1)], SIZES)


def test_every_figure_of_the_tables_is_the_json_s() -> None:
    found, policies = tables(tree(PAGE)), {"exact": as_json("exact"), "standard": as_json("standard", false=1)}
    for policy, one in policies.items():
        told = [(found["By policy"][policy], one)]
        told += [(found[f"By level, policy {policy}"][name], level) for name, level in one["by_level"].items()]
        for cells, wanted in told:
            assert cells[:2] == [f"{wanted['confirmed']:,}", f"{wanted['false_confirmations']:,}"]
            assert per_cent(cells[2]) == pytest.approx(wanted["precision"], abs=5.1e-6)
            low, high = (per_cent(part) for part in cells[3].split(" to "))
            assert low == pytest.approx(wanted["precision_lower95"], abs=5.1e-6)
            assert high == pytest.approx(wanted["precision_upper95"], abs=5.1e-6)
            assert per_cent(cells[4]) == pytest.approx(wanted["recall"], abs=5.1e-6)
        classes = found[f"By class, policy {policy}"]
        assert set(classes) == set(one["by_class"])
        for name, wanted in one["by_class"].items():
            counts = [wanted[key] for key in ("lines", "should_confirm", "confirmed", "false_confirmations")]
            assert classes[name][:4] == [f"{count:,}" for count in counts]
            assert per_cent(classes[name][4]) == pytest.approx(wanted["false_share_upper95"], abs=5.1e-6)
            assert (classes[name][7] == "–") == (wanted["recall"] is None)
    sizes = found["By size: the first rows of the register, and the same part of the lines"]
    for one in SIZES:
        assert sizes[f"{one['register_rows']:,}"][0] == f"{one['lines']:,}"
        assert float(sizes[f"{one['register_rows']:,}"][4].split("\N{NO-BREAK SPACE}")[0]) == pytest.approx(
            one["peak_rss_mb"],
            abs=0.051,  # type: ignore[arg-type]
        )


def test_the_drawing_stands_where_the_figures_are() -> None:
    one = as_json("standard", false=1)
    root = tree(made([one]))
    bars = [
        rect
        for rect in root.iter("rect")
        if (title := rect.find("title")) is not None and "recall" in (title.text or "")
    ]
    widths = {(bar.find("title").text or "").split(",")[0]: float(bar.attrib["width"]) for bar in bars}  # type: ignore[union-attr]
    assert set(widths) == {"plain", "typo"}, "a class that must not be confirmed has no recall"
    assert widths["typo"] / widths["plain"] == pytest.approx(30 / 40, abs=1e-3)
    curve = steps(one)
    assert [step.level for step in curve] == ["exact", "surname_typo"]
    assert (curve[-1].recall, curve[-1].precision) == (one["recall"], one["precision"])
    plotted = next(line for line in root.iter("polyline")).attrib["points"].split()
    assert len(plotted) == 2
    x, y = Scale(0.0, 1.0, 90.0, 700.0), [float(point.split(",")[0]) for point in plotted]
    assert y == pytest.approx([x.at(step.recall) for step in curve], abs=0.006)


def test_nothing_comes_from_outside_and_nothing_runs() -> None:
    root = tree(PAGE)
    tags = {node.tag for node in root.iter()}
    assert not tags & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "a",
        "image",
        "use",
        "foreignObject",
        "form",
    }
    attributes = {name for node in root.iter() for name in node.attrib}
    assert not attributes & {"src", "href", "srcset", "action", "style", "data", "xlink:href"}
    assert not [name for name in attributes if name.startswith("on")]
    assert "//" not in PAGE
    assert not re.search(r"@import|url\(|expression\(", PAGE)
    policy = next(node for node in root.iter("meta") if node.get("http-equiv") == "Content-Security-Policy")
    assert policy.attrib["content"].startswith("default-src 'none'")


def test_pictures_say_in_words_what_they_show() -> None:
    root = tree(PAGE)
    ids = [node.attrib["id"] for node in root.iter() if "id" in node.attrib]
    assert len(ids) == len(set(ids))
    pictures = list(root.iter("svg"))
    assert len(pictures) == 4
    for picture in pictures:
        assert picture.attrib["role"] == "img"
        assert set(picture.attrib["aria-labelledby"].split()) <= set(ids)
        title, description = picture[0], picture[1]
        assert (title.tag, description.tag) == ("title", "desc")
        assert len(title.text or "") > 10
        assert re.search(r"\d", description.text or ""), "the description holds the figures"
    assert root.attrib["lang"] == "en"
    assert all(table.find("caption") is not None for table in root.iter("table"))
    assert all(cell.get("scope") in {"row", "col"} for cell in root.iter("th"))
    headings = [node.tag for node in root.iter() if node.tag in {"h1", "h2", "h3"}]
    assert (headings[0], headings.count("h1")) == ("h1", 1)


def test_a_false_confirmation_is_said_first_and_loudly() -> None:
    clean, bad = tree(made([as_json()])), tree(made([as_json(false=2)]))
    verdicts = [next(node for node in root.iter("p")) for root in (clean, bad)]
    assert [node.attrib["class"] for node in verdicts] == ["verdict", "verdict bad"]
    assert (verdicts[1].text or "").startswith("2 false confirmations")


def test_names_of_classes_are_text_whatever_they_hold() -> None:
    lines = [evaluated(1, '<script>alert("x")</script> & more', should=True, level="exact")]
    page = made([as_object(figures(lines=lines))])
    assert "<script" not in page
    assert '<script>alert("x")</script> & more' in tables(tree(page))["By class, policy standard"]


def test_nothing_confirmed_and_no_classes_make_a_page_too() -> None:
    page = made([as_object(figures(lines=[evaluated(1, "", should=True)]))])
    assert tables(tree(page))["By policy"]["standard"][2] == "–"
    assert len(list(tree(page).iter("svg"))) == 1


def test_shares_are_never_rounded_to_all_or_nothing() -> None:
    assert share(1.0) == "100.000\N{NO-BREAK SPACE}%"
    assert share(0.9999999) == "99.999990\N{NO-BREAK SPACE}%"
    assert share(0.0000001) == "0.000010\N{NO-BREAK SPACE}%"
    assert share(None) == "–"


@pytest.mark.parametrize("scale", [from_nothing(37, 0, 100), decades(3, 4000, 0, 100), Scale(0.9993, 1, 100, 0)])
def test_scales_keep_order_and_hold_their_marks(scale: Scale) -> None:
    marks = scale.marks()
    assert len(marks) >= 2
    assert all(scale.low - 1e-9 <= mark <= scale.high + 1e-9 for mark in marks)
    places = [scale.at(mark) for mark in marks]
    assert places == sorted(places, reverse=scale.end < scale.start)
    assert (scale.at(scale.low), scale.at(scale.high)) == pytest.approx((scale.start, scale.end))


BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)


@pytest.mark.skipif(not BROWSER, reason="no chromium here: the page is not looked at by a browser")
def test_a_browser_draws_and_prints_the_page(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    common = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    page = (tmp_path / "page.html").as_uri()
    dom = subprocess.run([*common, "--dump-dom", page], capture_output=True, timeout=120, check=True).stdout.decode()
    assert dom.count("<svg") == 4
    assert dom.count("<table") == PAGE.count("<table")
    assert dom.count("</td>") == PAGE.count("</td>"), "the browser reads the page as it was meant"
    pdf = tmp_path / "page.pdf"
    subprocess.run([*common, f"--print-to-pdf={pdf}", page], capture_output=True, timeout=120, check=True)
    assert pdf.read_bytes().startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) >= 2
