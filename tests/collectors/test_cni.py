"""The CNI result cache as a folder that changes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from heard import news

from ocnetview.collectors.base import Stop
from ocnetview.collectors.cni import CniCollector
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import CniFacts

RECORDINGS = Path(__file__).parents[1] / "recordings" / "cni"
LONG_AGO = 1_700_000_000.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a node's cache with the recorded files."""
    made = tmp_path / "var/lib/cni/results"
    shutil.copytree(RECORDINGS, made)
    for file in made.iterdir():
        os.utime(file, (LONG_AGO, LONG_AGO))
    return made


@contextmanager
def watching(root: Path) -> Iterator[Iterator[CniFacts]]:
    """Give what the collector says of the node below this root."""
    stop = Stop()
    collector = CniCollector(Settings(host_root=str(root), refresh=0.001))
    with closing(collector.watch(stop)) as said:  # type: ignore[type-var]  # a generator
        yield news(said)
    stop.close()


def write(path: Path, content: str) -> None:
    """Write a file that nobody is writing any more."""
    path.write_text(content)
    os.utime(path, (LONG_AGO, LONG_AGO))


def test_recorded_files_are_read_below_the_hosts_root(
    folder: Path, tmp_path: Path
) -> None:
    """Each file but those for lo is a result, with its path and its time."""
    with watching(tmp_path) as facts:
        read = next(facts)
    names = sorted(f.name for f in folder.iterdir() if not f.name.endswith("-lo"))
    assert [result.path for result in read.results] == [f"{folder}/{n}" for n in names]
    assert {result.written for result in read.results} == {LONG_AGO}
    assert read.troubles == ()
    assert {result.ifname for result in read.results} == {"eth0"}


def test_a_change_gives_the_results_again(folder: Path, tmp_path: Path) -> None:
    """A file that comes, one that goes, and one written anew in place are seen."""
    first = min(f for f in folder.iterdir() if f.name.startswith("openshift"))
    with watching(tmp_path) as facts:
        before = next(facts)
        content = first.read_text()
        first.unlink()
        assert next(facts).results == before.results[1:]
        write(first, content)
        assert next(facts).results == before.results
        write(first, content.replace('"eth0"', '"eth9"'))
        assert next(facts).results[0].ifname == "eth9"


def test_a_file_that_did_not_change_is_read_once(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look at a quiet folder opens no file."""
    opened: list[str] = []
    real = open

    def watched(path: str, mode: str) -> object:
        opened.append(path)
        return real(path, mode)

    monkeypatch.setattr("ocnetview.collectors.cni.open", watched, raising=False)
    with watching(tmp_path) as facts:
        next(facts)
        count = len(opened)
        write(folder / "new", "")
        next(facts)
    assert count == len(list(RECORDINGS.iterdir()))
    assert opened[count:] == [f"{folder}/new"]


def test_a_broken_file_hides_no_other(folder: Path, tmp_path: Path) -> None:
    """What cannot be read is told with its reason, safe to print."""
    write(folder / "a\x1b[31m", "{")
    write(folder / "b", " " * ((1 << 20) + 1))
    (folder / "c").symlink_to("/proc/sys/vm/drop_caches")
    (folder / "d").symlink_to("nowhere")
    (folder / "e").mkdir()
    os.mkfifo(folder / "f")
    with watching(tmp_path) as facts:
        read = next(facts)
    assert read.troubles == (
        rf"{folder}/a\x1b[31m: not JSON",
        f"{folder}/b: larger than 1048576 bytes",
        f"{folder}/c: Permission denied",
    )
    assert len(read.results) == 3


def test_a_file_that_is_being_written_is_no_trouble(
    folder: Path, tmp_path: Path
) -> None:
    """It is written in place: half a file counts only once it stays like that."""
    half = folder / "half"
    half.write_text('{"kind":"cniCa')
    with watching(tmp_path) as facts:
        assert next(facts).troubles == ()
        os.utime(half, (LONG_AGO, LONG_AGO))
        assert next(facts).troubles == (f"{half}: not JSON",)


def test_no_folder_is_a_source_that_is_not_there(folder: Path, tmp_path: Path) -> None:
    """A node without CNI is no failure, and one that loses it says so."""
    with watching(tmp_path) as facts:
        next(facts)
        shutil.rmtree(folder)
        with pytest.raises(SourceAbsentError, match="no such folder"):
            next(facts)


def test_a_folder_that_may_be_listed_only_is_down(nobody: Path) -> None:
    """Its files cannot be read, which is not the same as none being there."""
    write(nobody / "file", "")
    (nobody / "link").symlink_to("file")
    collector = CniCollector(Settings(cni_results=str(nobody)))
    stop = Stop()
    nobody.chmod(0o444)
    with pytest.raises(CollectorError, match=r"permission denied .needs root"):
        next(collector.watch(stop))
    nobody.chmod(0o700)
    stop.close()


def test_a_folder_that_cannot_be_read_is_down(tmp_path: Path) -> None:
    """A ring of links is told as what it is."""
    ring = tmp_path / "ring"
    ring.symlink_to(ring)
    collector = CniCollector(Settings(cni_results=str(ring)))
    stop = Stop()
    with pytest.raises(CollectorError, match=r"cannot read .*symbolic links") as failed:
        next(collector.watch(stop))
    stop.close()
    assert not isinstance(failed.value, SourceAbsentError)
