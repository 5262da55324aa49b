"""What stands on the lab's containerd node: its pods, and what is odd about each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from node.boxes import PROGRAM, SUBNET, Box, Wire, digest
from node.cri_client import Message, texts

IMAGE = "docker.io/library/lab-busybox:latest"
NESTED = "unshare -U -n sleep 100021 & sleep 100022 & wait"
"""A process in a user and a network namespace below the container's own."""


class Net(StrEnum):
    """The runtime handler of a sandbox, each with a CNI configuration of its own."""

    BRIDGE = ""
    """The default one: the CNI's own `bridge` plugin and the Linux bridge cni0."""
    OVS = "ovs"
    """The lab's plugin that puts veths on br0 as openshift-sdn does."""


class Mode(IntEnum):
    """NamespaceMode of the CRI."""

    POD = 0
    CONTAINER = 1
    NODE = 2


@dataclass(frozen=True, slots=True)
class Run:
    """A container of a pod; those of one name are its attempts."""

    name: str
    program: str = PROGRAM
    """What its shell runs."""
    attempt: int = 0
    ends: bool = False
    """Claims that the program ends by itself."""
    starts: bool = True
    privileged: bool = False


@dataclass(frozen=True, slots=True)
class CriPod:
    """A sandbox of the lab as it is meant to be."""

    namespace: str
    name: str
    net: Net = Net.BRIDGE
    runs: tuple[Run, ...] = (Run("app"),)
    network: Mode = Mode.POD
    pids: Mode = Mode.CONTAINER
    attempt: int = 0
    stops: bool = False
    """Claims that the sandbox is stopped once its containers are made."""
    static: bool = False
    """Claims that it comes from a file: its uid is then that file's hash."""

    @property
    def title(self) -> str:
        """Return how ocnetview calls it."""
        return f"{self.namespace}/{self.name}"

    @property
    def uid(self) -> str:
        """Return its uid, which does not depend on the attempt."""
        word = digest(self.title, 32)
        parts = (word[:8], word[8:12], word[12:16], word[16:20], word[20:])
        return word if self.static else "-".join(parts)

    @property
    def key(self) -> tuple[str, int]:
        """Return what tells it from the other sandboxes of the lab."""
        return self.title, self.attempt

    @property
    def labels(self) -> dict[str, str]:
        """Return the labels that the kubelet gives (kuberuntime/labels.go)."""
        return {
            "io.kubernetes.pod.namespace": self.namespace,
            "io.kubernetes.pod.name": self.name,
            "io.kubernetes.pod.uid": self.uid,
        }

    def config(self, cgroup: str) -> Message:
        """Return its PodSandboxConfig; its cgroups are below the lab's."""
        meta: Message = {1: self.name, 2: self.uid, 3: self.namespace, 4: self.attempt}
        source = "file" if self.static else "api"
        notes = {"kubernetes.io/config.source": source}
        if self.static:
            notes["kubernetes.io/config.hash"] = self.uid
        parent = f"/{cgroup}/kubepods/besteffort/pod{self.uid}"
        options: Message = {1: self.network, 2: self.pids}
        security: Message = {1: options, 6: any(run.privileged for run in self.runs)}
        return {
            1: meta,
            2: "" if self.network is Mode.NODE else self.name,
            6: texts(self.labels),
            7: texts(notes),
            8: {1: parent, 2: security},
        }

    def container(self, run: Run) -> Message:
        """Return the ContainerConfig of one of its containers."""
        labels = self.labels | {"io.kubernetes.container.name": run.name}
        notes = {"io.kubernetes.container.restartCount": str(run.attempt)}
        options: Message = {1: self.network, 2: self.pids}
        return {
            1: {1: run.name, 2: run.attempt},
            2: {1: IMAGE},
            3: ("/bin/sh", "-c", run.program),
            9: texts(labels),
            10: texts(notes),
            15: {2: {2: run.privileged, 3: options}},
        }


CRASHES = tuple(Run("boom", "exit 3", n, ends=True) for n in range(3))
PODS = (
    CriPod("shop", "web-0"),
    CriPod("shop", "web-1"),
    CriPod("bank", "web-0", Net.OVS),
    CriPod("shop", "cart-6d4f9c7b5-x2x7k", Net.OVS, (Run("cart"), Run("proxy"))),
    CriPod("net", "legs", Net.OVS),
    CriPod("openshift-sdn", "sdn-h7k2q", network=Mode.NODE),
    CriPod("dev", "family", runs=(Run("one"), Run("two")), pids=Mode.POD),
    CriPod("dev", "nested", Net.OVS, (Run("app", NESTED, privileged=True),)),
    CriPod("dev", "waiting", runs=(Run("app", starts=False),)),
    CriPod("kube-system", "etcd-node1", network=Mode.NODE, static=True),
    CriPod("kube-system", "proxy-node1", Net.OVS, static=True),
    CriPod("shop", "twice-0", Net.OVS, stops=True),
    CriPod("shop", "twice-0", Net.OVS, (Run("app", attempt=1),), attempt=1),
    CriPod("batch", "job-7xk2p", runs=(Run("job", "exit 0", ends=True),), stops=True),
    CriPod("batch", "crash-0", Net.OVS, (*CRASHES, Run("fine"))),
)
"""Every sandbox; a later attempt stands after the earlier one."""

BOXES = (
    Box("plain", wire=Wire.OVS, ip=str(SUBNET[10]), veth="vethplain"),
    Box("sidecar", "container:plain"),
    Box("agent", "host"),
    Box("done", runs=False, program="true"),
)
"""Docker's containers on the same node."""
