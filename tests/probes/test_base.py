"""A pod, or a process of it, as a target."""

from __future__ import annotations

from builders import HOST, container, netns, process

from ocnetview.facts import NamespaceLinks, Sandbox
from ocnetview.model import NodeModel, Pod, PodKind
from ocnetview.probes.base import Target

PAUSE = Sandbox("5a" * 32, "cri-o", pid=70, started=700, netns=netns(7))
WEB = container(1, "web", pid=71, started=710, netns=netns(7))
SIDE = container(2, "side", pid=72, started=720, netns=netns(7))
DONE = container(3, "init", pid=None, netns=None)
SPACE = NamespaceLinks(netns(7), pins=("/run/netns/a",), pids=(90, 91))
MODEL = NodeModel(host=HOST, namespaces=(SPACE,))
POD = Pod(
    *("u7", PodKind.POD, "web", "shop"),
    containers=(DONE, WEB, SIDE),
    sandbox=PAUSE,
    netns=netns(7),
    addresses=("10.128.0.7",),
)


def test_a_pod_is_led_to_by_what_runs_of_it() -> None:
    """Its first process there, its pins, and all that has processes."""
    target = Target.of(POD, MODEL)
    assert target.title == "pod shop/web"
    assert (target.pid, target.start_time, target.netns) == (70, 700, netns(7))
    assert target.pins == ("/run/netns/a",)
    assert target.members == ((PAUSE.id, 70), (WEB.id, 71), (SIDE.id, 72))
    assert (target.containers, target.pids) == ((DONE, WEB, SIDE), ())
    assert (target.handler, target.nested, target.process) == ("", False, None)


def test_a_sandbox_without_a_process_is_led_to_by_a_container() -> None:
    """CRI-O drops the one that does nothing."""
    bare = Sandbox("5a" * 32, "cri-o", netns=netns(7))
    pod = Pod("u7", PodKind.POD, "web", containers=(WEB,), sandbox=bare, netns=netns(7))
    assert Target.of(pod, MODEL).pid == 71


def test_a_namespace_alone_has_the_processes_that_were_seen() -> None:
    """No container says which they are."""
    pod = Pod("n", PodKind.NETNS, "net:[1007]", netns=netns(7))
    target = Target.of(pod, MODEL)
    assert (target.pid, target.start_time, target.pids) == (90, None, (90, 91))


def test_a_handler_counts_where_it_is_another_kernel() -> None:
    """Kata and gVisor have one, crun and a GPU's hook do not."""
    found = {}
    for handler in ("kata-qemu", "runsc", "crun", "nvidia", ""):
        box = Sandbox("5a" * 32, "cri-o", handler=handler)
        pod = Pod("u7", PodKind.POD, "web", sandbox=box)
        found[handler] = Target.of(pod, MODEL).handler
    assert [one for one in found if found[one]] == ["kata-qemu", "runsc"]


def test_a_process_is_led_to_by_itself() -> None:
    """With its own identity, and of the pod its own container."""
    one = process(4711, container_id=SIDE.id, netns=netns(7))
    target = Target.of_process(one, POD, MODEL)
    assert (target.pid, target.start_time) == (4711, one.start_time)
    assert (target.process, target.containers) == (4711, (SIDE,))
    assert not target.host_network
    alone = Target.of_process(process(1, netns=HOST), None, MODEL)
    assert (alone.host_network, alone.containers) == (True, ())
