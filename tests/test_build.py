"""From samples to the model."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace

from builders import (
    KINDS,
    container,
    cri,
    docker,
    kube,
    kube_pod,
    link,
    link_facts,
    member,
    netns,
    ovs,
    pod_node,
    port_of,
    process,
    sample,
    sandbox,
    veth,
)
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.build import Joiner, build_model
from ocnetview.facts import (
    CniFacts,
    CniInterface,
    CniResult,
    Counters,
    Facts,
    LinkFacts,
    NestedFacts,
    OvsInterface,
    Place,
    ProcessFacts,
    Sample,
    Source,
    SourceState,
)
from ocnetview.model import NodeModel, Pod


def test_a_stale_port_is_a_problem() -> None:
    """What has no device is found by the check, and nothing healthy is."""
    model = build_model(pod_node(OvsInterface("gone", "", -1)))
    assert [(p.check, p.subject) for p in model.problems] == [
        ("stale-port", "br0/gone")
    ]


def test_a_quiet_node_builds_equal_models() -> None:
    """Two samples that differ only in when they were taken compare equal."""
    facts = pod_node().facts
    assert build_model(Sample(1000.0, facts)) == build_model(Sample(1000.4, facts))


def test_nothing_heard_is_an_empty_model() -> None:
    """Before any source answers there is nothing, and no error."""
    assert build_model(Sample()) == NodeModel()


def test_a_joined_namespace_belongs_to_its_owner() -> None:
    """Of two containers in one namespace the port names the one that owns it."""
    outer, inner = veth(7, 12, "vethA")
    owner = container(7, "zeta")
    guest = container(8, "alpha", netns=netns(7), network_mode=f"container:{owner.id}")
    facts = link_facts([outer], [inner])
    whole = sample(facts, ovs(OvsInterface("vethA", ofport=3)), docker(guest, owner))
    model = build_model(whole)
    assert port_of(model, "vethA").purpose == "zeta"
    assert [pod.main and pod.main.port for pod in model.pods] == ["br0/vethA"] * 2


def test_without_the_kernel_every_pod_says_so() -> None:
    """No veth and not looked are two things."""
    (pod,) = build_model(sample(docker(container(7)))).pods
    assert (pod.main, pod.reason) == (None, "the kernel was not heard")


def test_a_model_has_all_that_was_heard() -> None:
    """Place, namespaces, pods of API and runtime, and what CNI noted are in it."""
    box = sandbox(7, "web", "u7")
    outer, inner = veth(7, 12, "vethA")
    facts: dict[str, Facts] = {
        "rtnetlink": link_facts([outer], [inner]),
        "cri": cri(box, member(8, "app", box)),
        "kube": kube(kube_pod("web", "u7"), kube_pod("new", "u8", phase="Pending")),
    }
    model = build_model(Sample(1.0, facts, place=Place(host_root="/host")))
    assert model.place == Place(host_root="/host")
    assert [space.netns for space in model.namespaces] == [netns(7)]
    new, web = model.pods
    assert (new.status, new.sources) == ("Pending", ("kube",))
    assert (web.status, web.sources, web.ready) == ("Running", ("cri", "kube"), 1)
    assert web.main
    assert web.main.host == outer


def test_every_process_has_its_pod() -> None:
    """A process of a CRI container is of that, without any container of Docker."""
    box = sandbox(7, "web", "u7")
    inside = process(5008, container_id=f"{8:064x}")
    model = build_model(
        sample(cri(box, member(8, "app", box)), ProcessFacts((inside,)))
    )
    (row,) = model.processes
    assert (row.pod, row.container) == ("u7", "app")


def test_an_age_is_since_a_pod_was_made() -> None:
    """It is coarse, as shown; who does not say when has none."""
    told = Sample(220.0, {"docker": docker(container(7), container(8, created=0.0))})
    assert [pod.age for pod in build_model(told).pods] == [120, 0]


def told() -> Mapping[str, tuple[Facts, ...]]:
    """Return what each source may say, of a few pods and what may become of them."""
    outer, inner = veth(7, 12, "vethA")
    strange, other = veth(8, 13, "vethB")
    deep = link(2, "eth0", 5, kind="veth", peer_index=20, peer_netns=netns(8))
    above = link(20, "vethC", 8, kind="veth", peer_index=2, peer_netns=netns(5))
    links = link_facts([outer, strange], [inner, other, above, deep])
    lost, seen, below = links.namespaces
    old = sandbox(7, "web", "u7")
    box = replace(old, id="b" * 64, created=140.0, attempt=1)
    app = member(8, "app", box)
    node, inside = container(9, "kind", netns=netns(8)), sandbox(5, "in", "u5")
    ids = {"sandbox": box.id, "ip_addresses": "10.128.0.8"}
    row = OvsInterface("vethA", ofport=3, external_ids=ids)
    pair = (CniInterface("vethB"), CniInterface("eth0", "/run/netns/cni-7"))
    results = [CniResult("/cache/x", "net", i, "eth0", pair) for i in (old.id, box.id)]
    return {
        "rtnetlink": (
            links,
            replace(links, links=(strange,)),
            replace(links, namespaces=(seen, replace(lost, links=None, pids=(5008,)))),
            replace(links, namespaces=(lost, replace(seen, pids=(60, 50)), below)),
            replace(links, not_netns=("/run/netns/x",)),
        ),
        "ovsdb": (ovs(row), ovs(row, OvsInterface("vethB", ofport=4)), ovs()),
        "cri": (
            cri(box, old, app),
            cri(replace(box, ready=False), old, replace(app, attempt=3)),
            cri(replace(box, netns=None), replace(app, netns=None)),
        ),
        "docker": (docker(node), docker(replace(node, name="k3d")), docker()),
        "nested": (NestedFacts((cri(inside, within=node.id),)),),
        "kube": (kube(kube_pod("web", "u7", created=90.0)), kube()),
        "cni": (CniFacts(tuple(results)), CniFacts(troubles=("x",))),
        "procfs": (
            ProcessFacts((process(50, netns=netns(8)), process(5008)), 1.0, 900.0),
            ProcessFacts((process(50, start=9), process(60)), 2.0, 901.0),
        ),
    }


TOLD = told()
STEPS = st.lists(
    st.one_of(
        st.sampled_from(sorted(TOLD)).flatmap(
            lambda name: st.tuples(
                st.just(name), st.sampled_from(TOLD[name]), st.sampled_from(SourceState)
            )
        ),
        st.sampled_from([0.2, 1.0, 70.0, 4000.0]),
    ),
    min_size=3,
    max_size=20,
)


def counted(facts: Facts, at: float) -> Facts:
    """Return facts as they are read at that time: the kernel's have counted on."""
    if not isinstance(facts, LinkFacts):
        return facts
    moved = int(at) // 2 * 100
    return replace(facts, counters={12: Counters(*[moved] * 8)}, at=at)


@given(steps=STEPS, heard=st.booleans(), anew=st.booleans())
def test_joining_again_is_joining_anew(
    steps: list[tuple[str, Facts, SourceState] | float], *, heard: bool, anew: bool
) -> None:
    """Whatever changes, in whatever order: what is kept makes no difference.

    It does not matter either whether a source gives the same objects or equal ones.
    """
    joiner, at = Joiner(), 200.0
    facts = {name: first for name, (first, *_) in TOLD.items() if heard}
    sources = {name: Source(name, kind=KINDS.get(name, KINDS["cri"])) for name in TOLD}
    before: Sample | None = None
    for step in steps:
        if isinstance(step, float):
            at += step
        else:
            name, said, state = step
            facts[name] = said
            reason = "" if state is SourceState.UP else f"failed at {at}"
            sources[name] = replace(sources[name], state=state, reason=reason)
        facts = {name: counted(said, at) for name, said in facts.items()}
        now = Sample(at, dict(facts), tuple(sources.values()))
        now = deepcopy(now) if anew else now
        model, whole = joiner.join(now, before), build_model(now, before)
        assert model == whole
        assert (model.counters, model.at) == (whole.counters, whole.at)
        before = now


def test_counting_matches_nothing_again() -> None:
    """Where only counters, processes and time went on, interfaces are the same ones."""
    joiner, first = Joiner(), pod_node(now=Counters(*[0] * 8))
    links = first.facts["source0"]
    assert isinstance(links, LinkFacts)
    later = replace(links, counters={12: Counters(*[100] * 8)}, at=links.at + 1)
    facts = {**first.facts, "source0": later, "procfs": ProcessFacts((process(9),))}
    before = joiner.join(first)
    after = joiner.join(Sample(first.at + 500, facts), first)
    assert after.pods != before.pods
    assert port_of(after, "vethA").rate
    assert after.pods[0].interfaces is before.pods[0].interfaces


def test_what_is_said_of_one_pod_is_of_that_one() -> None:
    """Where the API says something else of one pod, the others stay joined."""
    joiner = Joiner()
    outer, inner = zip(*(veth(n, 10 + n, f"veth{n}") for n in (7, 8)), strict=True)
    boxes = [sandbox(n, f"web{n}", f"u{n}") for n in (7, 8)]
    links, told = link_facts(outer, inner), cri(*boxes)

    def both(*phases: str) -> tuple[Pod, ...]:
        pods = [kube_pod(f"web{n}", f"u{n}", phase=p) for n, p in enumerate(phases, 7)]
        return joiner.join(sample(links, told, kube(*pods))).pods

    before, after = both("Running", "Running"), both("Running", "Failed")
    assert [pod.status for pod in after] == ["Running", "Failed"]
    assert after[0].interfaces is before[0].interfaces
    assert after[1].interfaces == before[1].interfaces
