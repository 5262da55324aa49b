"""Pods as JSON, with their interfaces, containers and all evidence."""

from __future__ import annotations

from collections.abc import Iterable

from ocnetview.columns import POD_COLUMNS, Column, Json, Row
from ocnetview.facts import Container, Link, Netns, Sandbox
from ocnetview.match.names import container_name, sandbox_id
from ocnetview.model import Counterpart, Evidence, Interface, Pod


def columns_json(columns: Iterable[Column[Row]], row: Row) -> dict[str, Json]:
    """Return what the columns show; rates need two samples and are left out."""
    return {c.key: c.value(row) for c in columns if not c.live}


def pod_json(pod: Pod) -> Json:
    """Return a pod, or what else has a namespace, with all its interfaces."""
    return {
        **columns_json(POD_COLUMNS, pod),
        "key": pod.key,
        "kind": pod.kind,
        "namespace": pod.namespace,
        "name": pod.name,
        "uid": pod.uid,
        "host_network": pod.host_network,
        "netns": _inode(pod.netns),
        "reason": pod.reason,
        "ready": pod.ready,
        "expected": pod.expected,
        "restarts": pod.restarts,
        "traits": pod.traits,
        "joined": pod.joined,
        "engine": pod.engine or None,
        "disputed": pod.disputed,
        "disputes": pod.disputes,
        "interfaces": [interface_json(interface) for interface in pod.interfaces],
        "containers": [container_json(container) for container in pod.containers],
        "sandbox": _sandbox(pod.sandbox) if pod.sandbox else None,
        "attempts": [_sandbox(sandbox) for sandbox in pod.attempts],
    }


def interface_json(interface: Interface) -> Json:
    """Return an interface inside a pod, what belongs to it, and how that is known."""
    other = interface.counterpart
    outside = link_json(other.link) if other and other.link else None
    evidences = [_evidence(evidence) for evidence in interface.evidence]
    return {
        **_inside(interface),
        "host": outside if interface.host else None,
        "port": interface.port or None,
        "network": interface.network or None,
        "note": interface.note,
        "counterpart": _counterpart(other, outside) if other else None,
        "evidence": evidences[0] if evidences else None,
        "evidences": evidences,
        "disputed": interface.disputed,
    }


def _inside(interface: Interface) -> dict[str, Json]:
    """Return the link inside; null for each key where it cannot be read."""
    if interface.link:
        return link_json(interface.link)
    return _NO_LINK | {"name": interface.name}


def _counterpart(other: Counterpart, link: Json) -> Json:
    """Return the link outside, and where it is."""
    return {
        "relation": other.relation,
        "where": other.where,
        "owner": other.owner or None,
        "text": other.text,
        "link": link,
    }


def _evidence(evidence: Evidence) -> Json:
    """Return one piece of what is known of a match."""
    return {
        "kind": evidence.kind,
        "detail": evidence.detail,
        "says": evidence.says or None,
        "source": evidence.source,
        "agrees": evidence.agrees,
    }


def _inode(netns: Netns | None) -> int | None:
    """Return the inode, which alone a namespace is not known by without rights."""
    return netns.ino if netns and netns.dev else None


def link_json(link: Link) -> dict[str, Json]:
    """Return a link with the namespace that its index counts in."""
    return {
        "name": link.name,
        "ifindex": link.ifindex,
        "netns": _inode(link.netns),
        "kind": link.kind,
        "peer_index": link.peer_index,
        "nsid": link.nsid,
        "peer_netns": _inode(link.peer_netns),
        "mac": link.mac,
        "mtu": link.mtu,
        "up": link.up,
        "operstate": link.operstate,
        "addresses": link.addresses,
        "altnames": link.altnames,
        "vlan": link.vlan,
        "parent_dev": link.parent_dev or None,
        "phys_port": link.phys_port or None,
        "phys_switch": link.phys_switch or None,
    }


_NO_LINK: dict[str, Json] = dict.fromkeys(link_json(Link(Netns(0, 0), 0, "")))
"""All keys of a link that nothing is known of."""


def container_json(container: Container) -> dict[str, Json]:
    """Return a container as its runtime and the kernel describe it."""
    return {
        "id": container.id,
        "name": container_name(container),
        "runtime_name": container.name,
        "runtime": container.runtime,
        "state": container.state,
        "image": container.image,
        "pid": container.pid,
        "netns": _inode(container.netns),
        "network_mode": container.network_mode,
        "sandbox_id": sandbox_id(container) or None,
        "attempt": container.attempt,
        "exit_code": container.exit_code,
        "reason": container.reason,
    }


def _sandbox(sandbox: Sandbox) -> Json:
    """Return a sandbox; as Docker runs it, it has a container's keys, too."""
    return {
        **(container_json(sandbox.container) if sandbox.container else {}),
        "id": sandbox.id,
        "runtime": sandbox.runtime,
        "attempt": sandbox.attempt,
        "ready": sandbox.ready,
        "pid": sandbox.pid,
        "netns": _inode(sandbox.netns),
        "netns_path": sandbox.netns_path or None,
        "handler": sandbox.handler or None,
        "network": sandbox.network,
        "pids": sandbox.pids,
        "userns": sandbox.userns,
        "addresses": sandbox.addresses,
    }
