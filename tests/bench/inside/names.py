"""What a pod of the rig is called, all of it from its number alone."""

from __future__ import annotations

import hashlib
import ipaddress
import uuid
from dataclasses import dataclass

from bench.inside.veths import Plug

_NETWORK = ipaddress.ip_network("10.128.0.0/9")
_IFINDEX = 1000
"""Host ends have this index and the pod's number."""


@dataclass(frozen=True, slots=True)
class PodName:
    """A pod of the rig, before it has a process."""

    number: int
    namespace: str
    name: str
    uid: str
    sandbox: str
    """The id of its sandbox."""
    container: str
    """The id of its container."""
    veth: str
    ifindex: int
    """Of the host's end."""
    address: str
    pin: str
    """Where its network namespace may be pinned."""

    def plug(self, master: int = 0) -> Plug:
        """Return its veth, a port of this Linux bridge where that is not 0."""
        return Plug(self.veth, self.ifindex, f"{self.address}/9", master)


def pod_name(number: int, word: str = "pod") -> PodName:
    """Return the names of a pod; those of another word differ, but for the index."""
    digest = hashlib.sha256(f"{word}-{number}".encode()).hexdigest()
    return PodName(
        number,
        f"project-{number % 40:02d}",
        f"{word}-{number:04d}-{digest[:5]}",
        str(uuid.UUID(digest[:32])),
        hashlib.sha256(f"sandbox {digest}".encode()).hexdigest(),
        hashlib.sha256(f"container {digest}".encode()).hexdigest(),
        f"veth{digest[:8]}",
        _IFINDEX + number,
        str(_NETWORK[10 + number]),
        f"/run/netns/cni-{uuid.UUID(digest[32:])}",
    )
