"""The benchmark's quick run measures every figure."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping

import pytest
from bench.bounds import Findings
from bench.effort import QUICK
from bench.figures import FIGURES
from bench.growth import PANELS, picture, points
from bench.machine import describe
from bench.measuring import measure_all, missing_tools
from bench.table import NOT_MEASURED, table
from node.lab import why_not

pytestmark = [pytest.mark.node, pytest.mark.timeout(600)]
SIZES = (4, 6)


@pytest.fixture(scope="module")
def found() -> Mapping[str, Findings]:
    """Give what a run with very few pods measured."""
    reason = why_not()
    if reason:
        pytest.skip(f"no lab on this machine: {reason}")
    return measure_all(SIZES, (), QUICK, print)


def test_every_figure_has_a_value(found: Mapping[str, Findings]) -> None:
    """Each figure is measured, but those against a program that is not there."""
    without = [f for f in FIGURES if f.measured(found[f.where]) is None]
    missing = missing_tools()
    assert all(any(tool in f.what for tool in missing) for f in without), without


def test_no_amount_is_nothing(found: Mapping[str, Findings]) -> None:
    """What we take is more than nothing; only of lost pods there may be none."""
    for figure in FIGURES:
        value = figure.ours.take(found[figure.where])
        assert value is not None, figure
        assert value > 0 or figure.ours.path[-1] == "lost", figure


def test_the_table_holds_them(found: Mapping[str, Findings]) -> None:
    """The table has a line with a value for each figure."""
    lines = table(found).splitlines()[2:]
    assert len(lines) == len(FIGURES)
    if not missing_tools():
        assert not any(f" {NOT_MEASURED} " in line for line in lines)


def test_the_picture_holds_them(found: Mapping[str, Findings]) -> None:
    """Each line of the picture has a point for each size."""
    nodes = [found[str(size)] for size in SIZES]
    ET.fromstring(picture(nodes))  # noqa: S314 - our own text
    drawn = [line for panel in PANELS for line in panel.lines]
    have = {line.name for line in drawn if len(points(line, nodes)) == len(SIZES)}
    assert {line.name for line in drawn} - have <= set(missing_tools())


def test_the_machine_is_named() -> None:
    """With the table stands what it was measured on, and with which programs."""
    said = describe()
    assert " cores, Linux " in said
    assert "Open vSwitch " in said
