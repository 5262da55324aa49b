"""Which collectors there are: one place for each kind of source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ocnetview.collectors.ahead import Ahead
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


class Common(NamedTuple):
    """What the collectors of a node have in common."""

    attention: Attention
    passes: Passes
    ahead: Ahead | None = None
    """What has read the links already."""


Make = Callable[[Settings, Common], Iterable[Collector]]

COLLECTORS: tuple[tuple[str, Make], ...] = (
    ("netns", lambda s, common: (LinkCollector(s, common.attention, common.ahead),)),
    ("ovsdb", lambda s, _: (OvsdbCollector(s),)),
    (
        "docker_host",
        lambda s, common: (DockerCollector(docker_endpoint(s), common.passes),),
    ),
    ("cri", lambda s, common: cri_collectors(s, common.passes)),
    ("podman", lambda s, common: podman_collectors(s, common.passes)),
    ("", lambda s, common: (NestedCollector(s, common.passes),)),
    ("cni_results", lambda s, _: (CniCollector(s),)),
    ("kubeconfig", lambda s, _: (KubeCollector(s),)),
    ("proc", lambda s, common: (ProcessCollector(s, common.attention),)),
)
"""Each gives the collectors of one kind of source: a node may have several runtimes.

Before it stands the setting that says where the source is, where there is one.
"""


def make_collectors(
    settings: Settings,
    attention: Attention,
    only: frozenset[SourceKind] | None = None,
    ahead: Ahead | None = None,
) -> tuple[Collector, ...]:
    """Return a collector for each source, or for those that tell of these kinds."""
    common = Common(attention, Passes(settings.proc), ahead)
    made = (
        Named(collector) if setting in settings.named else collector
        for setting, make in COLLECTORS
        for collector in make(settings, common)
    )
    return tuple(c for c in made if only is None or c.kind in only)
