"""A recorded node, and ocnetview run over it as a shell would."""

from __future__ import annotations

from pathlib import Path

from builders import (
    container,
    docker,
    kubelet_name,
    link_facts,
    netns,
    ovs,
    process,
    source,
    veth,
)
from click.testing import CliRunner, Result

from ocnetview.cli import main
from ocnetview.facts import (
    Facts,
    OvsInterface,
    ProcessFacts,
    Sample,
    Source,
    SourceState,
)
from ocnetview.record import write_recording

HOSTILE = "evil\x1b[31m[/bold]\n"
UP = tuple(
    source(name, SourceState.UP, f"at {name}")
    for name in ("docker", "ovsdb", "procfs", "rtnetlink")
)


def node(sources: tuple[Source, ...] = UP) -> Sample:
    """Return a node with a pod, a hostile container and a leaked port."""
    outer, inner = veth(7, 12, "vethA")
    nginx = container(8, kubelet_name("nginx", "web", "shop", "u7"), netns=netns(7))
    facts: dict[str, Facts] = {
        "rtnetlink": link_facts([outer], [inner]),
        "ovsdb": ovs(OvsInterface("vethA", ofport=3), OvsInterface("gone", ofport=-1)),
        "docker": docker(
            container(7, kubelet_name("POD", "web", "shop", "u7")),
            nginx,
            container(9, HOSTILE),
        ),
        "procfs": ProcessFacts(
            (
                process(5008, container_id=nginx.id, command=("nginx", HOSTILE)),
                process(5010, 5008, container_id=nginx.id),
            ),
            1.0,
            9.0,
        ),
    }
    up = {s.name for s in sources if s.state is SourceState.UP}
    return Sample(1000.0, {k: v for k, v in facts.items() if k in up}, sources)


def written(folder: Path, sample: Sample) -> Path:
    """Write a recording of one sample."""
    path = folder / "node.json.gz"
    with path.open("wb") as file:
        write_recording(file, [sample])
    return path


def run(*arguments: object) -> Result:
    """Run ocnetview as a shell would."""
    return CliRunner().invoke(main, [str(a) for a in arguments], env={"HOME": "/none"})
