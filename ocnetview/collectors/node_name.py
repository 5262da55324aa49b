"""This node's name in the API, and how it is known."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from typing import NamedTuple

from ocnetview.collectors.kube_certificate import common_name
from ocnetview.collectors.kube_paths import node_file
from ocnetview.config import Settings
from ocnetview.errors import CollectorError
from ocnetview.units import printable

CERTIFICATES = (
    "/var/lib/kubelet/pki/kubelet-client-current.pem",
    "/var/lib/rancher/k3s/agent/client-kubelet.crt",
    "/var/lib/rancher/rke2/agent/client-kubelet.crt",
)
"""Where a kubelet keeps the certificate that it shows to the API."""
_IDENTITY = "system:node:"
"""How the Node authorizer knows a kubelet."""
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
"""RFC 1123 subdomain, as the API demands of a node's name."""
_LONGEST = 253
_KUBELETS = {b"kubelet", b"hyperkube"}
_OVERRIDE = b"--hostname-override"
_FIRST_UTS = 0xEFFFFFFE
"""PROC_UTS_INIT_INO of linux/proc_ns.h: the machine's own host name is in it."""
_BYTES = 1 << 16
"""So much of a file is read."""


class NodeName(NamedTuple):
    """A node's name and where it was found."""

    name: str
    origin: str
    guessed: bool = False
    """Claims that only the host's name says so, which clouds and flags override."""


def find_node_name(
    settings: Settings, certificate: str = "", token: str = ""
) -> NodeName:
    """Return what this node is called.

    Args:
        settings: where the node's files and processes are, or the name itself.
        certificate: a file of the kubelet's client certificate besides the usual.
        token: the file of a token that was made for a pod of this node.

    Raises:
        CollectorError: no name of a node is found, or the given one is none.
    """
    if settings.node_name:
        if not is_node_name(settings.node_name):
            doing = f"look for node {printable(settings.node_name)}"
            raise CollectorError("kube", doing, "no node can be called that")
        return NodeName(settings.node_name, "given")
    for found in _candidates(settings, certificate, token):
        if is_node_name(found.name):
            return found
    raise CollectorError(
        "kube", "find this node's name", "nothing here says it", "give --node-name"
    )


def is_node_name(name: str) -> bool:
    """Claim that the API accepts this as a node's name."""
    return len(name) <= _LONGEST and _NAME.fullmatch(name) is not None


def _candidates(settings: Settings, certificate: str, token: str) -> Iterator[NodeName]:
    """Yield what may be the name, the surest first."""
    usual = (node_file(settings, path) for path in CERTIFICATES)
    for path in filter(None, (certificate, *usual)):
        with suppress(OSError, ValueError):
            identity = common_name(_read(path))
            if identity.startswith(_IDENTITY):
                name = identity.removeprefix(_IDENTITY)
                yield NodeName(name, "the kubelet's certificate")
    with suppress(OSError, ValueError, RecursionError):
        name = _bound_to(_read(token)) if token else ""
        yield NodeName(name, "the token of the pod's account")
    for name in _overrides(settings.proc):
        yield NodeName(name, "the kubelet's --hostname-override")
    for name, origin in _host_names(settings):
        yield NodeName(name.strip().casefold(), origin, guessed=True)


def _bound_to(token: bytes) -> str:
    """Return the node in a token's claims, which Kubernetes 1.29 began to write.

    Raises:
        ValueError: it is no JSON Web Token (RFC 7519).
    """
    body = token.split(b".")[1:2]
    claims = json.loads(base64.urlsafe_b64decode(b"".join(body) + b"=="))
    for name in ("kubernetes.io", "node", "name"):
        claims = claims.get(name) if isinstance(claims, dict) else None
    return claims if isinstance(claims, str) else ""


def _overrides(proc: str) -> Iterator[str]:
    """Yield what a kubelet that runs was told to call its node."""
    with suppress(OSError):
        for pid in sorted(filter(str.isdigit, os.listdir(proc)), key=int):
            with suppress(OSError):
                program, *flags = _read(f"{proc}/{pid}/cmdline").split(b"\0")
                if os.path.basename(program) not in _KUBELETS or _inner(proc, pid):
                    continue
                for flag, following in pairwise(flags):
                    name, equals, value = flag.partition(b"=")
                    if name == _OVERRIDE:
                        text = value if equals else following
                        yield text.decode("ascii", "replace")


def _inner(proc: str, pid: str) -> bool:
    """Claim that it runs in a container: as a node of a cluster within this one."""
    for line in _read(f"{proc}/{pid}/status").splitlines():
        if line.startswith(b"NSpid:"):
            return len(line.split()) > 2  # noqa: PLR2004 - the word, and one pid
    return False


def _host_names(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield what the host may be called: in a container, our own name is not it."""
    own = os.uname().nodename
    if settings.host_root:
        if _in_first_uts(settings.proc):
            yield own, "the host's name"
        for path in (
            node_file(settings, "/etc/hostname"),
            f"{settings.proc}/1/root/etc/hostname",
        ):
            with suppress(OSError):
                yield _read(path).decode("ascii", "replace"), f"the host's name, {path}"
    yield own, "our host name"


def _in_first_uts(proc: str) -> bool:
    """Claim that we have the machine's own host name (uts_namespaces(7))."""
    try:
        return os.stat(f"{proc}/self/ns/uts").st_ino == _FIRST_UTS
    except OSError:
        return False


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(_BYTES)
