"""Pods as the Kubernetes API writes them: recorded ones, and small ones of our own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RECORDINGS = Path(__file__).parents[1] / "recordings" / "kube"
NODE = "worker-0"

Json = dict[str, Any]

KUBELET = b"""
-----BEGIN CERTIFICATE-----
MIIB0TCCAXegAwIBAgIUGcn/CzNisuYIlg2hk3yBjnDXU9IwCgYIKoZIzj0EAwIw
PjEVMBMGA1UECgwMc3lzdGVtOm5vZGVzMSUwIwYDVQQDDBxzeXN0ZW06bm9kZTp3
b3JrZXItMC5leGFtcGxlMB4XDTI2MTEyMjIzMjgyN1oXDTM2MTExOTIzMjgyN1ow
PjEVMBMGA1UECgwMc3lzdGVtOm5vZGVzMSUwIwYDVQQDDBxzeXN0ZW06bm9kZTp3
b3JrZXItMC5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAaWW+yxZ
6RZsp91w/TsmEtDs3eVz/bE5C/SVLFkTmpizaPC+9W7o2nP7XrxyY5c8OW7bVsSN
sR1XHyIPFeh7GqNTMFEwHQYDVR0OBBYEFO10BH/2W4nmb0PrFsZLIVpiglh5MB8G
A1UdIwQYMBaAFO10BH/2W4nmb0PrFsZLIVpiglh5MA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoZIzj0EAwIDSAAwRQIhAKMtAkwgZfMpz1o0NmlnhPxeKrxCu5tzKsFbkolJ
42vhAiAuMAWlqc1OVdqtxyvTXLmTouUirJWr5/ucge4nTcjDzg==
-----END CERTIFICATE-----
"""
"""A certificate of system:node:worker-0.example, in system:nodes."""


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
