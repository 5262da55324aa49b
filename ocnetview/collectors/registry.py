"""Which collectors there are: one place for each kind of source."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ocnetview.collectors.base import Attention, Collector, Named
from ocnetview.collectors.cni import CniCollector
from ocnetview.collectors.cri import cri_collectors
from ocnetview.collectors.docker import DockerCollector
from ocnetview.collectors.docker_endpoint import docker_endpoint
from ocnetview.collectors.kube import KubeCollector
from ocnetview.collectors.nested import NestedCollector
from ocnetview.collectors.ovsdb import OvsdbCollector
from ocnetview.collectors.passes import Passes
from ocnetview.collectors.podman import podman_collectors
from ocnetview.collectors.procfs import ProcessCollector
from ocnetview.collectors.rtnetlink import LinkCollector
from ocnetview.config import Settings
from ocnetview.facts import SourceKind

Make = Callable[[Settings, Attention, Passes], Iterable[Collector]]

COLLECTORS: tuple[tuple[str, Make], ...] = (
    ("netns", lambda s, attention, _: (LinkCollector(s, attention),)),
    ("ovsdb", lambda settings, *_: (OvsdbCollector(settings),)),
    (
        "docker_host",
        lambda s, _, passes: (DockerCollector(docker_endpoint(s), passes),),
    ),
    ("cri", lambda settings, _, passes: cri_collectors(settings, passes)),
    ("podman", lambda settings, _, passes: podman_collectors(settings, passes)),
    ("", lambda settings, _, passes: (NestedCollector(settings, passes),)),
    ("cni_results", lambda settings, *_: (CniCollector(settings),)),
    ("kubeconfig", lambda settings, *_: (KubeCollector(settings),)),
    ("proc", lambda settings, attention, _: (ProcessCollector(settings, attention),)),
)
"""Each gives the collectors of one kind of source: a node may have several runtimes.

Before it stands the setting that says where the source is, where there is one.
"""


def make_collectors(
    settings: Settings, attention: Attention, only: frozenset[SourceKind] | None = None
) -> tuple[Collector, ...]:
    """Return a collector for each source, or for those that tell of these kinds."""
    passes = Passes(settings.proc)
    made = (
        Named(collector) if setting in settings.named else collector
        for setting, make in COLLECTORS
        for collector in make(settings, attention, passes)
    )
    return tuple(c for c in made if only is None or c.kind in only)
