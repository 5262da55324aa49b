"""What can be asked of a pod, known without what the answers look like."""

from __future__ import annotations

from enum import StrEnum


class Inside(StrEnum):
    """What can be asked of a pod."""

    INTERFACES = "interfaces"
    ROUTES = "routes"
    NEIGHBOURS = "neighbours"
    DNS = "dns"
    SOCKETS = "sockets"
    CONNTRACK = "conntrack"
    CONTAINERS = "containers"
    LIMITS = "limits"
    ENVIRONMENT = "environment"
