"""Pods as the Kubernetes API writes them: recorded ones, and small ones of our own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RECORDINGS = Path(__file__).parents[1] / "recordings" / "kube"
NODE = "worker-0"

Json = dict[str, Any]


def recorded_pods(name: str) -> list[Json]:
    """Return the pods of a real node: `crio-openshift-sdn` or `containerd-ovs`."""
    listed = json.loads((RECORDINGS / f"{name}.json").read_text())
    assert isinstance(listed["items"], list)
    return listed["items"]


def made_pod(name: str, namespace: str = "default", **status: object) -> Json:
    """Return a small pod of this node."""
    about = {"name": name, "namespace": namespace, "uid": f"uid-of-{name}"}
    container = {"name": "main", "image": "box"}
    return {
        "metadata": about,
        "spec": {"nodeName": NODE, "containers": [container]},
        "status": {"phase": "Running", **status},
    }


def status(code: int, message: str) -> Json:
    """Return a Status, as the API answers instead of what was asked for."""
    return {"kind": "Status", "status": "Failure", "code": code, "message": message}
