"""Continuous readers, one module a source."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ocnetview.collectors.base import Attention, Collector
from ocnetview.collectors.cni import CniCollector
from ocnetview.collectors.cri import cri_collectors
from ocnetview.collectors.docker import DockerCollector
from ocnetview.collectors.docker_endpoint import docker_endpoint
from ocnetview.collectors.kube import KubeCollector
from ocnetview.collectors.nested import NestedCollector
from ocnetview.collectors.ovsdb import OvsdbCollector
from ocnetview.collectors.podman import podman_collectors
from ocnetview.collectors.procfs import ProcessCollector
from ocnetview.collectors.rtnetlink import LinkCollector
from ocnetview.config import Settings
from ocnetview.facts import SourceKind

COLLECTORS: tuple[Callable[[Settings, Attention], Iterable[Collector]], ...] = (
    lambda settings, _: (LinkCollector(settings),),
    lambda settings, _: (OvsdbCollector(settings),),
    lambda settings, _: (DockerCollector(docker_endpoint(settings)),),
    lambda settings, _: cri_collectors(settings),
    lambda settings, _: podman_collectors(settings),
    lambda settings, _: (NestedCollector(settings),),
    lambda settings, _: (CniCollector(settings),),
    lambda settings, _: (KubeCollector(settings),),
    lambda settings, attention: (ProcessCollector(settings, attention),),
)
"""Each gives the collectors of one kind of source: a node may have several runtimes."""


def make_collectors(
    settings: Settings, attention: Attention, only: frozenset[SourceKind] | None = None
) -> tuple[Collector, ...]:
    """Return a collector for each source, or for those that tell of these kinds."""
    made = (c for make in COLLECTORS for c in make(settings, attention))
    return tuple(c for c in made if only is None or c.kind in only)
