"""Figures, their table and their picture say what was measured."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import pytest
from bench.bounds import Amount, Bound, Figure, at_least, percentile
from bench.figures import FIGURES
from bench.growth import COLOURS, PANELS, Axis, apart, picture, points
from bench.table import HEADS, number, table

SVG = "{http://www.w3.org/2000/svg}"
OURS, OTHER = Amount(("race", "ours"), " ms"), Amount(("race", "other"), " ms")
FIGURE = Figure(1, "what", "middle", OURS, OTHER, Bound(4, 3))
NODE: dict[str, Any] = {
    "pods": 500,
    "race": {"ours": [9.0, 8.0, 100.0], "other": [3.0, 2.0, 1.0]},
}


@pytest.mark.parametrize(
    ("samples", "part", "expected"),
    [
        ([3, 1, 2], 50, 2),
        ([4, 1, 2, 3], 50, 2.5),
        ([*range(1, 101)], 95, 95),
        ([*range(1, 101)], 99, 99),
        ([*range(1, 41)], 95, 38),
        ([5], 99, 5),
    ],
)
def test_percentiles(samples: list[float], part: int, expected: float) -> None:
    """The median is between two; of others so many percent are no larger."""
    assert percentile(samples, part) == expected


def test_a_ratio_is_of_medians() -> None:
    """One sample that is far off does not change a ratio."""
    assert FIGURE.measured(NODE) == 9.0 / 2.0


def test_how_many_times_the_other_takes() -> None:
    """Where the other must take longer the ratio is its by ours."""
    assert replace(FIGURE, bound=at_least(4)).measured(NODE) == 2.0 / 9.0


def test_what_is_above_the_other() -> None:
    """A bound in what both are measured in is for the difference."""
    figure = replace(FIGURE, bound=Bound(4, unit=" ms"))
    assert figure.measured(NODE) == 9.0 - 2.0
    assert replace(figure, other=None).measured(NODE) == 9.0


@pytest.mark.parametrize("missing", ["ours", "other"])
def test_half_a_pair_is_nothing(missing: str) -> None:
    """With one of both not measured there is no figure."""
    race = {name: many for name, many in NODE["race"].items() if name != missing}
    assert FIGURE.measured({"pods": 500, "race": race}) is None


@pytest.mark.parametrize(
    ("bound", "measured", "holds"),
    [
        (Bound(4), 4.0, True),
        (Bound(4), 4.1, False),
        (at_least(4), 4.0, True),
        (at_least(4), 3.9, False),
    ],
)
def test_bounds(bound: Bound, measured: float, *, holds: bool) -> None:
    """A bound holds up to its limit, the limit too."""
    assert bound.holds(measured) is holds


@pytest.mark.parametrize(("lost", "holds"), [([0, 0, 3], True), ([3, 3, 0], False)])
def test_who_loses_pods_has_not_kept_up(lost: list[int], *, holds: bool) -> None:
    """A bound that is kept does not count where something was lost in most rounds."""
    figure = replace(FIGURE, bound=Bound(5), lost=Amount(("lost",), " pods"))
    assert figure.holds(NODE | {"lost": lost}) is holds


def test_every_figure_has_its_bound() -> None:
    """All thirteen figures are in the table."""
    assert {figure.number for figure in FIGURES} == set(range(1, 14))


def lines_of(text: str) -> list[list[str]]:
    """Return the cells of a markdown table, without its head."""
    return [line.strip("| ").split(" | ") for line in text.splitlines()[2:]]


def test_a_line_says_what_was_measured() -> None:
    """A line has the bound, what was measured, both amounts, and whether it holds."""
    race = {"map": {"cpu": [30.0]}, "ip -d": {"cpu": [12.0]}}
    (line,) = lines_of(table({"middle": {"pods": 500, "race": race}}, {1}))
    assert line[2:] == ["500", "≤ 4x", "3x", "2.50x", "30 ms", "12 ms", "yes"]


def test_what_was_not_measured_has_its_line() -> None:
    """A figure whose other program is not there is said not to be measured."""
    race = {"map": {"cpu": [30.0]}}
    (line,) = lines_of(table({"middle": {"pods": 500, "race": race}}, {1}))
    assert line[2:] == ["500", "≤ 4x", "3x", "-", "30 ms", "-", "not measured"]


def test_the_table_has_all_lines() -> None:
    """Without a choice each figure has its line, and each line all cells."""
    lines = table({}).splitlines()
    assert len(lines) == 2 + len(FIGURES)
    assert {line.count(" | ") for line in lines} == {len(HEADS) - 1}


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.123, "0.12"), (12.34, "12.3"), (1234.5, "1,234"), (4.0, "4")],
)
def test_numbers(value: float, text: str) -> None:
    """Numbers have as many digits as say something."""
    assert number(value) == text


def grown(*sizes: int) -> list[dict[str, Any]]:
    """Return nodes on which everything took as many as there are pods."""
    return [
        {
            "pods": size,
            "race": {n: {"wall": [size]} for n in ("pods", "ip -d", "lsns")},
            "screens": {w: {"screen": [size]} for w in ("cpu", "memory")},
        }
        for size in sizes
    ]


def test_the_picture_has_every_point() -> None:
    """Each value of each node is a point with its numbers; others have no line."""
    tree = ET.fromstring(picture(grown(100, 500, 2000)))  # noqa: S314 - our own text
    said = {title.text for title in tree.iter(f"{SVG}title")}
    assert "ocnetview pods, 500 pods: 500" in said
    assert "ocnetview, 2,000 pods: 2,000" in said
    assert len(said) == 3 * 3 + 3
    assert len(list(tree.iter(f"{SVG}polyline"))) == 5
    titles = {text.text for text in tree.iter(f"{SVG}text")}
    assert {panel.title for panel in PANELS} <= titles


def test_a_picture_of_nothing() -> None:
    """What was not measured is said to be so."""
    tree = ET.fromstring(picture([]))  # noqa: S314 - our own text
    texts = [text.text for text in tree.iter(f"{SVG}text")]
    assert texts.count("not measured") == len(PANELS)


def test_every_line_has_its_colour() -> None:
    """No line is drawn without one, and no two of a panel with the same."""
    for panel in PANELS:
        colours = [COLOURS[line.name] for line in panel.lines]
        assert len(set(colours)) == len(colours)


def test_points_go_by_size() -> None:
    """A line's points are in the order of the pods."""
    line = PANELS[0].lines[0]
    assert points(line, grown(500, 100)) == [(100, 100), (500, 500)]


def test_an_axis_is_logarithmic() -> None:
    """Ten times as many are as far again."""
    axis = Axis(1, 100, 0, 200)
    assert [axis.place(value) for value in (1, 10, 100)] == [0, 100, 200]


def test_names_do_not_overlap() -> None:
    """Names that would stand on one another are moved, in their order."""
    assert apart({"a": 10, "b": 5, "c": 60}) == {"b": 5, "a": 17, "c": 60}
