"""Run in the lab: a small server of the Docker Engine API that knows the rig's pods.

It reads one line, a list of number, sandbox's pid and container's pid of each pod,
says when it listens, and ends with its input.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from bench.inside.names import PodName, pod_name

from ocnetview.demo.containers import Described
from ocnetview.demo.runtime import Runtime, RuntimeServer

SOCKET = "/run/docker.sock"


def labels(name: PodName, kind: str, container: str) -> dict[str, str]:
    """Return what cri-dockerd writes on each container."""
    own = {"io.kubernetes.sandbox.id": name.sandbox} if kind == "container" else {}
    return own | {
        "io.kubernetes.docker.type": kind,
        "io.kubernetes.container.name": container,
        "io.kubernetes.pod.namespace": name.namespace,
        "io.kubernetes.pod.name": name.name,
        "io.kubernetes.pod.uid": name.uid,
    }


def described(name: PodName, pid: int, main: int) -> Iterator[Described]:
    """Yield a pod's sandbox and its container."""
    tail = f"{name.name}_{name.namespace}_{name.uid}_0"
    for id_, container, kind, mode, process in (
        (name.sandbox, "POD", "podsandbox", "none", pid),
        (name.container, "app", "container", f"container:{name.sandbox}", main),
    ):
        yield Described(
            id_,
            f"k8s_{container}_{tail}",
            f"registry.example/{container.lower()}:1",
            ("sleep",),
            time.time(),
            labels(name, kind, container),
            mode,
            pid=process,
            started=time.time(),
        )


def main() -> None:
    """Serve until the input ends."""
    rows = json.loads(sys.stdin.readline())
    found = [
        one for number, *pids in rows for one in described(pod_name(number), *pids)
    ]
    Path(SOCKET).unlink(missing_ok=True)
    server = RuntimeServer(SOCKET, Runtime(found))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("true", flush=True)  # noqa: T201 - the answer to the rig
    sys.stdin.read()


if __name__ == "__main__":
    main()
