"""Published replies of runtimes, answered again over a real socket."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import netns
from collectors.cri_server import Runtime, cri_server
from google.protobuf import text_format
from google.protobuf.json_format import ParseDict

from ocnetview.collectors import cri_pb2 as cri
from ocnetview.collectors.cri_reader import CriReader
from ocnetview.facts import ContainerFacts, Sandbox

REAL = Path(__file__).parents[2] / "shared" / "realdata"
_CRIO = "io.kubernetes.cri-o"
_CONTAINERD = "io.kubernetes.cri"


def real(number: str) -> str:
    """Return the text of the file of this number; skip where it is not at hand."""
    paths = [*REAL.glob(f"{number}-*")] if REAL.exists() else []
    if not paths:
        pytest.skip("without what real clusters printed")
    return paths[0].read_text()


def served(proc: Path, *numbers: str) -> ContainerFacts:
    """Return what our reader learns of the runtime that answers with these files.

    `proc` is a folder for the processes that they name, each in the cgroup that its
    spec names. Sandboxes with a path are in namespaces of their own, from 1 on.
    """
    runtime = Runtime()
    for number in numbers:
        _add(runtime, number, proc)
    with cri_server(runtime=runtime) as (_, path):
        reader = CriReader(path, str(proc))
        facts = reader.read()
        reader.close()
    assert facts.troubles == ()
    held = [one.id for one in facts.sandboxes if one.netns_path]
    return replace(
        facts,
        sandboxes=tuple(_held(one, held) for one in facts.sandboxes),
    )


def _held(sandbox: Sandbox, held: list[str]) -> Sandbox:
    if sandbox.id not in held:
        return sandbox
    return replace(sandbox, netns=netns(1 + held.index(sandbox.id)))


def _add(runtime: Runtime, number: str, proc: Path) -> None:
    """Let a runtime answer with a file."""
    text = real(number)
    if number in {"04", "05"}:
        for one in json.loads(text).get("items", ()):
            sandbox = ParseDict(one, cri.PodSandbox(), ignore_unknown_fields=True)
            runtime.sandboxes[sandbox.id] = sandbox
            runtime.told(sandbox.id)
        for one in json.loads(text).get("containers", ()):
            container = ParseDict(one, cri.Container(), ignore_unknown_fields=True)
            runtime.containers[container.id] = container
            runtime.container_statuses[container.id] = cri.ContainerStatusResponse()
        return
    if number == "08":
        _add_container(runtime, json.loads(text), proc)
        return
    listed, reply = _of_text(text) if number in {"09", "10"} else _of_json(text)
    info = json.loads(reply.info["info"]) if "info" in reply.info else {}
    listed.id = listed.id or info["snapshotKey"]
    runtime.sandboxes[listed.id] = listed
    runtime.sandbox_statuses[listed.id] = reply
    _start(proc, info)


def _add_container(runtime: Runtime, info: dict[str, Any], proc: Path) -> None:
    """Add the container that verbose information alone describes."""
    told = info["runtimeSpec"]["annotations"]
    one = cri.Container(
        id=told[f"{_CRIO}.ContainerID"],
        pod_sandbox_id=info["sandboxID"],
        state=cri.CONTAINER_RUNNING,
    )
    one.metadata.name = json.loads(told[f"{_CRIO}.Metadata"])["name"]
    runtime.containers[one.id] = one
    runtime.container_told(one.id, info["pid"])
    _start(proc, info)


def _of_text(text: str) -> tuple[cri.PodSandbox, cri.PodSandboxStatusResponse]:
    """Return a reply that was written as a text of protobuf, by a lax writer.

    The list has of a sandbox what its status has, but for the networks.
    """
    clean = re.sub(r'"\s*,\s*\n', '"\n', text)
    reply, page = cri.PodSandboxStatusResponse(), cri.ListPodSandboxResponse()
    text_format.Parse(clean, reply, allow_unknown_field=True)
    as_list = clean.replace("status {", "items {", 1)
    text_format.Parse(as_list, page, allow_unknown_field=True)
    return page.items[0], reply


def _of_json(text: str) -> tuple[cri.PodSandbox, cri.PodSandboxStatusResponse]:
    """Return a reply that crictl printed, or of which the verbose part is known."""
    said = json.loads(text)
    if "status" not in said:
        said = {"status": _status(said), "info": said}
    # crictl writes it as a date.
    said["status"].pop("createdAt", None)
    listed, reply = cri.PodSandbox(), cri.PodSandboxStatusResponse()
    ParseDict(said["status"], listed, ignore_unknown_fields=True)
    ParseDict(said["status"], reply.status, ignore_unknown_fields=True)
    reply.info["info"] = json.dumps(said["info"])
    return listed, reply


def _status(info: Mapping[str, Any]) -> dict[str, Any]:
    """Return the status that goes with verbose information."""
    told = info["runtimeSpec"]["annotations"]
    if f"{_CRIO}.SandboxID" in told:
        address = {"ip": told[f"{_CRIO}.IP.0"]}
        metadata = json.loads(told[f"{_CRIO}.Metadata"])
        return {
            "id": told[f"{_CRIO}.SandboxID"],
            "metadata": metadata,
            "network": address,
        }
    metadata = info["config"]["metadata"]
    return {"id": told[f"{_CONTAINERD}.sandbox-id"], "metadata": metadata}


def _start(proc: Path, info: Mapping[str, Any]) -> None:
    """Make the process that verbose information names, in the cgroup of its spec."""
    if "pid" not in info:
        return
    cgroup = info["runtimeSpec"]["linux"]["cgroupsPath"]
    if ":" in cgroup:
        # The systemd driver's SLICE:PREFIX:ID.
        within, prefix, number = cgroup.split(":")
        cgroup = f"/kubepods.slice/{within}/{prefix}-{number}.scope"
    pid = info["pid"]
    (proc / str(pid)).mkdir()
    (proc / str(pid) / "cgroup").write_text(f"0::{cgroup}\n")
    (proc / str(pid) / "stat").write_text(f"{pid} (x) S 1{' 0' * 17} {pid} 0 0\n")
