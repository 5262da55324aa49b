"""Run in the lab: a scripted Kubernetes API, or CRI runtime, for the pods that stand.

python servers.py kube VERSION PODS, or: python servers.py cri SOCKET PODS, the pods
as JSON. Each further line of the input adds a pod, or removes the one of that name.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from collectors.cri_server import Runtime, cri_server
from collectors.kube_server import KubeServer
from collectors.kube_shapes import made_pod

from ocnetview.collectors import cri_pb2 as cri

Row = dict[str, Any]


def say(value: object) -> None:
    """Print one line of JSON."""
    print(json.dumps(value), flush=True)  # noqa: T201 - the answer to the soak


def follow(add: Callable[[Row], None], remove: Callable[[Row], None]) -> None:
    """Add and remove pods until the input ends."""
    for line in sys.stdin:
        row = json.loads(line)
        (remove if row.pop("gone") else add)(row)
        say("done")


def kube(version: int, pods: list[Row]) -> None:
    """Serve the API; versions only grow, and all before this one are forgotten."""
    server = KubeServer()
    server._version = version
    server.compact()

    def told(kind: str) -> Callable[[Row], None]:
        return lambda row: server.event(kind, api_pod(row))

    for row in pods:
        told("ADDED")(row)
    server.compact()
    with server:
        say(server.url.rpartition(":")[2])
        follow(told("ADDED"), told("DELETED"))


def api_pod(row: Row) -> Row:
    """Return a pod as the API has it."""
    pod = made_pod(f"pod{row['number']}", "soak", podIPs=[{"ip": row["ip"]}])
    pod["metadata"]["uid"] = f"uid-{row['number']}"
    return pod


def cri_runtime(path: str, pods: list[Row]) -> None:
    """Serve the CRI."""
    runtime = Runtime()
    for row in pods:
        add_sandbox(runtime, row)
    with cri_server(path, runtime):
        say("ready")
        follow(
            lambda row: add_sandbox(runtime, row),
            lambda row: remove_sandbox(runtime, row),
        )


def add_sandbox(runtime: Runtime, row: Row) -> None:
    """Have a sandbox and its container in the namespace of a pod of the world."""
    sandbox = runtime.sandbox(row["number"])
    sandbox.metadata.namespace = "soak"
    namespace = {"type": "network", "path": f"/proc/{row['pid']}/ns/net"}
    status = cri.PodSandboxStatus(id=sandbox.id)
    status.network.ip = row["ip"]
    spec = {"linux": {"namespaces": [namespace]}}
    runtime.told(sandbox.id, {"pid": row["pid"], "runtimeSpec": spec}, status)
    container = runtime.container(row["number"] + 1_000_000, sandbox)
    runtime.container_told(container.id, row["pid"])


def remove_sandbox(runtime: Runtime, row: Row) -> None:
    """Have neither any more."""
    number = row["number"]
    for one in (runtime.containers, runtime.sandboxes):
        for shift in (number, number + 1_000_000):
            if found := one.get(f"{shift:064x}"):
                runtime.remove(found)


def main() -> None:
    """Serve until the input ends."""
    what, where, pods = sys.argv[1:]
    rows: list[Row] = json.loads(pods)
    if what == "kube":
        kube(int(where), rows)
    else:
        cri_runtime(where, rows)


if __name__ == "__main__":
    main()
