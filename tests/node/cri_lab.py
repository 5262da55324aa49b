"""A lab's node with containerd's CRI and Docker side by side, and pods on both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from node import wiring
from node.cri_client import Cri, Message, decode
from node.cri_pods import BOXES, PODS, CriPod, Run
from node.lab import Lab, until

SDN = Path(__file__).with_name("cni_sdn.sh")
PLUGIN_FOLDERS = (Path("/usr/lib/cni"), Path("/opt/cni/bin"))
"""Where distributions, and where upstream, put the CNI's own plugins."""
PLUGINS = ("bridge", "host-local", "loopback")
SOCKET = "/run/containerd/containerd.sock"
CONTAINERD = """
version = 2
oom_score = 0
root = "/run/lab/cri"
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt"]
[grpc]
address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
restrict_oom_score_adj = true
sandbox_image = "docker.io/library/lab-pause:latest"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/run/lab/cni/bin"
conf_dir = "/run/lab/cni/bridge"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.ovs]
runtime_type = "io.containerd.runc.v2"
cni_conf_dir = "/run/lab/cni/ovs"
"""
"""Without CAP_SYS_RESOURCE no pod gets the score that the CRI asks for, so it must
not; all else are the defaults."""


def ipam(subnet: str, gateway: str) -> dict[str, Any]:
    """Return host-local's part of a configuration; addresses from .20 up."""
    network = subnet.rsplit(".", 1)[0]
    pool = {"subnet": subnet, "rangeStart": f"{network}.20", "gateway": gateway}
    return {"type": "host-local", "ranges": [[pool]], "dataDir": "/run/lab/cni/ipam"}


CONFLISTS: Mapping[str, dict[str, Any]] = {
    "bridge": {
        "type": "bridge",
        "bridge": "cni0",
        "isGateway": True,
        "ipam": ipam("10.131.0.0/24", "10.131.0.1"),
    },
    "ovs": {"type": "sdn", "ipam": ipam("10.128.0.0/23", "10.128.0.1")},
}
"""The one plugin of each network."""
FOLDERS = f"""
mkdir -p /run/lab/var /run/lab/var-work /run/lab/cni/bin /run/docker/containerd
mount -t overlay overlay /var/lib \\
  -o lowerdir=/var/lib,upperdir=/run/lab/var,workdir=/run/lab/var-work
mkdir -p /var/lib/cni
for plugin in {" ".join(PLUGINS)}; do
    for folder in {" ".join(map(str, PLUGIN_FOLDERS))}; do
        [ ! -x $folder/$plugin ] || ln -sf $folder/$plugin /run/lab/cni/bin/
    done
done
ln -s '{SDN}' /run/lab/cni/bin/sdn
"""
"""libcni's cache is in /var/lib/cni, which is read-only in the lab."""
IMAGES = """
tar -C /run/lab/rootfs -c . | docker import \\
    --change 'ENTRYPOINT ["/bin/sleep", "1000000"]' - lab-pause
docker save lab-busybox lab-pause | ctr -n k8s.io images import -
"""
LEGS = """
ip tuntap add dev nic0 mode tap
ip link set nic0 up
ip link add name second index 60001 type veth \\
    peer name net2 index 60002 netns {pid}
ip link set second master lbr0 up
ip link add link nic0 name legs0 type macvlan mode bridge
ip link set legs0 netns {pid} name net1
nsenter --target {pid} --net ip -batch - <<'END'
address add 10.132.0.5/24 dev net1
link set net1 up
address add 10.129.0.5/24 dev net2
link set net2 up
END
"""
"""The further interfaces of a pod, as Multus's delegates would put them there."""


def why_not() -> str:
    """Return what this machine lacks for a node with the CRI; empty when nothing."""
    for name in PLUGINS:
        if not any((folder / name).exists() for folder in PLUGIN_FOLDERS):
            return f"needs the CNI plugin {name} (Debian: containernetworking-plugins)"
    return ""


@dataclass(slots=True)
class Sandbox:
    """A sandbox of the lab as it came to be."""

    pod: CriPod
    id: str
    containers: dict[str, list[str]] = field(default_factory=dict)
    """The ids of each container's attempts, the last one last, by its name."""


class CriNode:
    """The lab with OVS, containerd's CRI and Docker, and all that runs there."""

    def __init__(self, lab: Lab) -> None:
        """Build it all, in some seconds."""
        self.lab = lab
        lab.cover()
        lab.sh(FOLDERS)
        for name, plugin in CONFLISTS.items():
            whole = {"cniVersion": "0.4.0", "name": f"lab-{name}", "plugins": [plugin]}
            folder = f"/run/lab/cni/{name}"
            written = f"cat >{folder}/10-lab.conflist <<'END'\n{json.dumps(whole)}\nEND"
            lab.sh(f"mkdir {folder}\n{written}")
        lab.start_ovs()
        lab.containerd = "/run/docker/containerd"
        lab.start_docker()
        lab.sh(f"cat >/run/lab/cri.toml <<'END'\n{CONTAINERD}\nEND")
        self.cri = Cri(f"/proc/{lab.pid}/root{SOCKET}")
        self.start_containerd()
        lab.sh(wiring.ROOTFS)
        lab.sh(wiring.BRIDGES)
        lab.sh(IMAGES)
        until(lambda: self.cri.images() == 2, "the CRI knows both images")
        self.sandboxes: dict[tuple[str, int], Sandbox] = {}
        self.run_pods([pod for pod in PODS if not pod.attempt])
        self.run_pods([pod for pod in PODS if pod.attempt])
        lab.sh(LEGS.format(pid=self.tasks()[self["net/legs"].id]))
        self.boxes = wiring.build(lab, BOXES)

    def close(self) -> None:
        """Close what is not the lab's."""
        self.cri.close()

    def __getitem__(self, title: str) -> Sandbox:
        """Return the last attempt of the pod of this title."""
        return max(
            (s for s in self.sandboxes.values() if s.pod.title == title),
            key=lambda s: s.pod.attempt,
        )

    def start_containerd(self) -> None:
        """Start containerd alone; what runs in its shims outlives it."""
        self.lab.daemon(
            "cri",
            *(
                "sh",
                "-c",
                "echo $$ >/run/cri.pid; exec containerd -c /run/lab/cri.toml",
            ),
            ready="ctr -n k8s.io version",
        )
        # It listens before it has found what runs, and until then answers nothing.
        until(self.cri.answers, "the CRI answers")

    def run_pods(self, pods: Iterable[CriPod]) -> None:
        """Make these sandboxes with their containers, a few at a time."""
        with ThreadPoolExecutor(4) as pool:
            for sandbox in pool.map(self.run_pod, pods):
                self.sandboxes[sandbox.pod.key] = sandbox

    def run_pod(self, pod: CriPod) -> Sandbox:
        """Make a sandbox with all its containers, as the kubelet does."""
        request: Message = {1: pod.config(self.lab.cgroup), 2: pod.net.value}
        sandbox = Sandbox(pod, self.cri.make("RunPodSandbox", request))
        for run in pod.runs:
            self.run_container(sandbox, run)
        if pod.stops:
            self.cri.call("RuntimeService/StopPodSandbox", {1: sandbox.id})
        return sandbox

    def run_container(self, sandbox: Sandbox, run: Run) -> None:
        """Make a container in a sandbox; one that ends has ended then."""
        config = sandbox.pod.config(self.lab.cgroup)
        made: Message = {1: sandbox.id, 2: sandbox.pod.container(run), 3: config}
        id_ = self.cri.make("CreateContainer", made)
        sandbox.containers.setdefault(run.name, []).append(id_)
        if run.starts:
            self.cri.call("RuntimeService/StartContainer", {1: id_})
        if run.ends:
            until(partial(self.exited, id_), f"{run.name} ends")

    def remove_pod(self, sandbox: Sandbox) -> None:
        """Stop and remove a sandbox with all that is in it."""
        self.cri.call("RuntimeService/StopPodSandbox", {1: sandbox.id})
        self.cri.call("RuntimeService/RemovePodSandbox", {1: sandbox.id})
        self.sandboxes.pop(sandbox.pod.key, None)

    def tasks(self) -> dict[str, int]:
        """Return the main pid of each sandbox and container, as `ctr` says it."""
        rows = self.lab.sh("ctr -n k8s.io tasks ls").splitlines()[1:]
        fields = (row.split() for row in rows)
        return {id_: int(pid) for id_, pid, state in fields if state == "RUNNING"}

    def ask(self, *command: str) -> dict[str, Any]:
        """Return what a headless command of ocnetview answers, as JSON."""
        return dict(json.loads(self.lab.do("ocnetview", *command, "--json")))

    def exited(self, container: str) -> bool:
        """Claim that the runtime calls a container ended (ContainerState EXITED)."""
        said = self.cri.call("RuntimeService/ContainerStatus", {1: container})
        (status,) = said[1]
        assert isinstance(status, bytes)
        return decode(status).get(3) == [2]
