"""What the CRI's messages say, in every shape that runtimes gave them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.collectors import cri_pb2 as cri
from ocnetview.collectors.cri_reply import (
    SandboxDetail,
    read_container,
    read_detail,
    read_pid,
    read_sandbox,
)
from ocnetview.facts import CniInterface, ContainerState, NamespaceMode

PATH = "/var/run/netns/6e37ec47-4385-4c08-b8dc-0d482ede5519"


def detail(
    info: object, status: cri.PodSandboxStatus | None = None, *, raw: str = ""
) -> SandboxDetail:
    """Return what a verbose status tells."""
    reply = cri.PodSandboxStatusResponse(status=status)
    reply.info["info"] = raw or json.dumps(info)
    return read_detail(reply)


def spec(path: str = PATH, **annotations: object) -> dict[str, Any]:
    """Return a runtime spec with a network namespace."""
    spaces = [{"type": "pid"}, {"type": "network", "path": path}, {"type": "mount"}]
    return {"linux": {"namespaces": spaces}, "annotations": annotations}


def options(said: cri.NamespaceOption) -> cri.PodSandboxStatus:
    """Return a status with these namespace options."""
    status = cri.PodSandboxStatus()
    status.linux.namespaces.options.CopyFrom(said)
    return status


def users(mode: cri.NamespaceMode) -> cri.PodSandboxStatus:
    """Return a status with this mode of the user namespace."""
    own = cri.UserNamespace(mode=mode)
    return options(cri.NamespaceOption(userns_options=own))


def test_a_sandbox_without_a_process_has_its_path() -> None:
    """CRI-O drops the infra container: the path alone leads to the namespace."""
    told = detail({"runtimeSpec": spec()})
    assert (told.pid, told.netns_path) == (None, PATH)


def test_a_sandbox_with_a_process_has_both() -> None:
    """Containerd always has one, CRI-O where the pod shares its pid namespace."""
    told = detail({"pid": 1964, "image": "pause", "runtimeSpec": spec()})
    assert (told.pid, told.netns_path) == (1964, PATH)


@pytest.mark.parametrize(
    "info",
    [{"pid": 0, "processStatus": "deleted", "netNamespaceClosed": True}, {}, None, []],
)
def test_a_sandbox_that_ended_has_no_process(info: object) -> None:
    """Containerd says pid 0 then; spoofed sandboxes of CRI-O 1.19 said nothing."""
    assert detail(info) == SandboxDetail()


def test_the_path_of_2017_is_read() -> None:
    """Before it told a spec, containerd told the path in a key of its own."""
    assert detail({"pid": 5, "netNamespace": PATH}).netns_path == PATH


@pytest.mark.parametrize("path", ["", "run/netns/x", 5, None, ["/x"]])
def test_a_path_that_is_none_is_not_taken(path: object) -> None:
    """Only an absolute path leads anywhere."""
    assert detail({"runtimeSpec": spec(path)}).netns_path == ""  # type: ignore[arg-type]  # hostile


@pytest.mark.parametrize("pid", [-1, 1 << 23, "12", 1.5, True, None, [1]])
def test_a_pid_that_is_none_is_not_taken(pid: object) -> None:
    """What is no number of a process is no process."""
    assert detail({"pid": pid}).pid is None
    reply = cri.ContainerStatusResponse(info={"info": json.dumps({"pid": pid})})
    assert read_pid(reply) is None


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "[" * 100_000,
        '{"pid": ' + "9" * 5000 + "}",
        '"\\ud800"',
        '{"runtimeSpec": {"linux": []}}',
        '{"runtimeSpec": {"linux": {"namespaces": {"type": "network"}}}}',
        '{"cniResult": {"Interfaces": {"eth0": null}}}'[:-1],
    ],
)
def test_information_that_is_none_tells_nothing(raw: str) -> None:
    """Broken JSON, and JSON of another shape, is as if there were none."""
    assert detail(None, raw=raw or " ") == SandboxDetail()


def test_modes_of_the_namespaces_are_read() -> None:
    """Whose network and pid namespaces it has, as the kubelet asked for."""
    told = detail({}, options(cri.NamespaceOption(network=cri.NODE, pid=cri.POD)))
    assert (told.network, told.pids) == (NamespaceMode.NODE, NamespaceMode.POD)
    # Zero is absent on the wire, so a status that has options says POD.
    told = detail({}, options(cri.NamespaceOption()))
    assert (told.network, told.pids) == (NamespaceMode.POD, NamespaceMode.POD)
    told = detail({}, cri.PodSandboxStatus())
    assert (told.network, told.pids) == (NamespaceMode.POD, NamespaceMode.CONTAINER)
    later = cri.NamespaceOption.FromString(b"\x08\x4d")
    told = detail({}, options(later))
    assert told.network is NamespaceMode.POD


def test_a_user_namespace_is_told_by_options_or_spec() -> None:
    """hostUsers: false shows in either; the mode NODE means the node's own."""
    assert detail({}, users(cri.POD)).userns
    assert not detail({}, users(cri.NODE)).userns
    assert not detail({}, options(cri.NamespaceOption())).userns
    spaces = {"linux": {"namespaces": [{"type": "user"}]}}
    assert detail({"runtimeSpec": spaces}).userns


def test_addresses_are_the_status_ones() -> None:
    """The first, then the additional ones of a dual-stack pod."""
    status = cri.PodSandboxStatus()
    status.network.ip = "10.0.0.2"
    status.network.additional_ips.add(ip="fd00::2")
    status.network.additional_ips.add(ip="10.0.0.2")
    status.network.additional_ips.add()
    assert detail({}, status).addresses == ("10.0.0.2", "fd00::2")


def test_the_cni_result_of_crio_is_read() -> None:
    """A string of JSON in an annotation; lo is left out, the node's side is first."""
    result = {
        "interfaces": [
            {"name": "eth0", "mac": "FE:06:00:F8:2F:4D", "sandbox": PATH},
            {"name": "lo", "sandbox": PATH},
            {"name": "veth71b0e931", "mac": "72:b7:4f:bc:e4:a4"},
        ],
        "ips": [{"interface": 0, "address": "10.244.0.3/16"}],
    }
    annotations = {"io.kubernetes.cri-o.CNIResult": json.dumps(result)}
    assert detail({"runtimeSpec": spec(**annotations)}).cni == (
        CniInterface("veth71b0e931", "", "72:b7:4f:bc:e4:a4"),
        CniInterface("eth0", PATH, "fe:06:00:f8:2f:4d", ("10.244.0.3/16",)),
    )


def test_the_cni_result_of_containerd_is_read() -> None:
    """A map by name, whose addresses have no prefix length."""
    interfaces = {
        "lo": {"IPConfigs": [{"IP": "127.0.0.1"}], "Sandbox": PATH},
        "eth0": {
            "IPConfigs": [{"IP": "10.244.0.2", "Gateway": "10.244.0.1"}, {}],
            "Mac": "0A:58:00:00:00:01",
            "Sandbox": PATH,
        },
        "veth69fb0f20": {"IPConfigs": None, "Mac": "", "Sandbox": ""},
        "odd": 5,
    }
    assert detail({"cniResult": {"Interfaces": interfaces}}).cni == (
        CniInterface("odd"),
        CniInterface("veth69fb0f20"),
        CniInterface("eth0", PATH, "0a:58:00:00:00:01", ("10.244.0.2",)),
    )


def test_of_the_annotations_only_those_in_use_are_kept() -> None:
    """A pod's manifest may hold secrets in its annotations."""
    listed = cri.PodSandbox(id="a")
    kept = {
        "kubernetes.io/config.mirror": "hash",
        "kubernetes.io/config.source": "file",
        "k8s.v1.cni.cncf.io/network-status": "[]",
        "k8s.v1.cni.cncf.io/networks-status": "[]",
        "k8s.ovn.org/pod-networks": "{}",
    }
    listed.annotations.update(kept)
    listed.annotations["kubectl.kubernetes.io/last-applied-configuration"] = "password"
    listed.labels.update({"app": "web", "any": "label"})
    sandbox = read_sandbox(listed, "cri-o", SandboxDetail())
    assert sandbox.annotations == kept
    assert sandbox.labels == {"app": "web", "any": "label"}


def test_a_sandbox_is_what_the_list_says() -> None:
    """Absent fields are zero on the wire: READY, attempt 0, the default handler."""
    listed = cri.PodSandbox(
        id="ab", state=cri.SANDBOX_NOTREADY, created_at=1_500_000_000
    )
    listed.metadata.name, listed.metadata.attempt = "web", 3
    listed.runtime_handler = "kata"
    sandbox = read_sandbox(listed, "containerd", SandboxDetail())
    assert (sandbox.ready, sandbox.created, sandbox.attempt) == (False, 1.5, 3)
    assert (sandbox.handler, sandbox.runtime) == ("kata", "containerd")
    assert read_sandbox(cri.PodSandbox(id="a"), "x", SandboxDetail()).ready


def test_labels_name_a_sandbox_without_metadata() -> None:
    """The kubelet's labels say the same."""
    listed = cri.PodSandbox(id="a", created_at=-5)
    listed.labels.update({f"io.kubernetes.pod.{k}": k for k in ("name", "uid")})
    sandbox = read_sandbox(listed, "x", SandboxDetail())
    assert (sandbox.name, sandbox.uid, sandbox.namespace) == ("name", "uid", "")
    assert sandbox.created == 0


@pytest.mark.parametrize(
    ("number", "state"),
    [
        (cri.CONTAINER_CREATED, ContainerState.CREATED),
        (cri.CONTAINER_RUNNING, ContainerState.RUNNING),
        (cri.CONTAINER_EXITED, ContainerState.EXITED),
        (cri.CONTAINER_UNKNOWN, ContainerState.UNKNOWN),
        (9, ContainerState.UNKNOWN),
    ],
)
def test_a_container_is_in_a_state(number: int, state: ContainerState) -> None:
    """The CRI's four states, and whatever comes later."""
    listed = cri.Container(id="a", state=number)  # type: ignore[arg-type]  # a later one
    assert read_container(listed, "x", None).state is state


def test_a_container_tells_how_it_ended() -> None:
    """The exit code 0 is told too; of one that runs there is none."""
    listed = cri.Container(id="a", pod_sandbox_id="s", state=cri.CONTAINER_EXITED)
    listed.metadata.name, listed.metadata.attempt = "boom", 4
    listed.image.image = "sha256:1"
    ended = read_container(listed, "x", cri.ContainerStatus(reason="Completed"))
    assert (ended.exit_code, ended.reason) == (0, "Completed")
    assert (ended.sandbox_id, ended.attempt, ended.name) == ("s", 4, "boom")
    assert ended.image == "sha256:1"
    listed.image.user_specified_image = "registry/web:1"
    assert read_container(listed, "x", None).image == "registry/web:1"
    assert read_container(listed, "x", None).exit_code is None


KEYS = st.sampled_from(
    [
        *("pid", "runtimeSpec", "linux", "namespaces", "type", "path", "network"),
        *("cniResult", "Interfaces", "IPConfigs", "IP", "Mac", "Sandbox", "eth0"),
        *("annotations", "io.kubernetes.cri-o.CNIResult", "interfaces", "ips"),
        *("netNamespace", "user", "interface", "address", "name", "sandbox"),
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS | st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_any_information_gives_a_detail(info: object) -> None:
    """Whatever JSON a runtime tells, it is read or left out, and never raises."""
    told = detail(info)
    assert told.netns_path[:1] in {"", "/"}
    assert all(isinstance(one.name, str) for one in told.cni)
    annotations = {"io.kubernetes.cri-o.CNIResult": json.dumps(info)}
    detail({"runtimeSpec": spec(**annotations)})
    detail({"runtimeSpec": {"annotations": info, "linux": info}, "cniResult": info})


@given(st.text())
def test_any_text_gives_a_detail(text: str) -> None:
    """What is no JSON at all does no harm either."""
    reply = cri.PodSandboxStatusResponse()
    reply.info["info"] = text.encode("utf-8", "replace").decode()
    assert read_detail(reply).pid is None or "pid" in text


@given(st.dictionaries(st.text(), st.text()), st.integers(-(2**63), 2**63 - 1))
def test_any_annotations_and_times_are_read(texts: dict[str, str], when: int) -> None:
    """Untrusted text and the largest numbers pass."""
    clean = {
        k.encode("utf-8", "replace").decode(): v.encode("utf-8", "replace").decode()
        for k, v in texts.items()
    }
    listed = cri.PodSandbox(id="a", created_at=when, annotations=clean, labels=clean)
    sandbox = read_sandbox(listed, "x", SandboxDetail())
    assert sandbox.labels == clean
    assert sandbox.annotations.keys() <= clean.keys()
    assert sandbox.created >= 0
