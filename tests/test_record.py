"""Samples to a file and back."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from builders import container, docker, link_facts, ovs, process, veth

from ocnetview.errors import RecordError
from ocnetview.facts import (
    Counters,
    OvsInterface,
    ProcessFacts,
    Sample,
    Source,
    SourceState,
)
from ocnetview.record import SCHEMA, from_json, read_recording, to_json, write_recording


def whole() -> Sample:
    """Return a sample that holds every kind of fact."""
    outer, inner = veth(7, 12, "vethA")
    counters = {12: Counters(1, 2, 3, 4, 5, 6, 7, 8)}
    return Sample(
        12.5,
        {
            "rtnetlink": link_facts([outer], [inner], counters, 3.5),
            "ovsdb": ovs(OvsInterface("vethA", ofport=3, external_ids={"a": "b"})),
            "docker": docker(container(7, "x\x1b[1m", labels={"l": "v"})),
            "procfs": ProcessFacts((process(5, command=("a", "b c")),), 1.0, 9.0),
        },
        (Source("docker", SourceState.DOWN, "unix:x", "refused"),),
    )


def test_a_sample_survives_the_round_trip() -> None:
    """Every fact comes back equal, of its own type."""
    assert from_json(to_json(whole())) == whole()


def test_a_recording_keeps_all_samples_in_order(tmp_path: Path) -> None:
    """Samples come back as they were written."""
    samples = (whole(), Sample(13.0), Sample(14.0))
    path = tmp_path / "node.json.gz"
    with path.open("wb") as file:
        write_recording(file, samples)
    assert read_recording(path) == samples


def test_the_same_samples_make_the_same_file() -> None:
    """A recording holds no time of its own, so that it can be kept in git."""
    first, second = io.BytesIO(), io.BytesIO()
    write_recording(first, [whole()])
    write_recording(second, [whole()])
    assert first.getvalue() == second.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a recording"),
        (b'{"schema": "other/1"}\n', "not a recording"),
        (f'{{"schema": "{SCHEMA}"}}\n'.encode(), "holds no sample"),
        (f'{{"schema": "{SCHEMA}"}}\n{{"at": "x"}}\n'.encode(), "line 2"),
        (f'{{"schema": "{SCHEMA}"}}\n{{"zap": 1}}\n'.encode(), "line 2"),
        (f'{{"schema": "{SCHEMA}"}}\nnope\n'.encode(), "line 2"),
        (f'{{"schema": "{SCHEMA}"}}\n\xff\n'.encode("latin-1"), "cannot read"),
    ],
)
def test_what_is_no_recording_is_refused(
    tmp_path: Path, content: bytes, says: str
) -> None:
    """Wrong head, no sample, wrong types, unknown keys, no JSON, no text."""
    path = tmp_path / "x.json.gz"
    path.write_bytes(gzip.compress(content))
    with pytest.raises(RecordError, match=says):
        read_recording(path)


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    """A recording that was not written to its end says so."""
    out = io.BytesIO()
    write_recording(out, [whole()])
    path = tmp_path / "cut.json.gz"
    path.write_bytes(out.getvalue()[:-20])
    with pytest.raises(RecordError, match="cannot read"):
        read_recording(path)
