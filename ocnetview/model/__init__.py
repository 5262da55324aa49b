"""The node, joined: what the screen and the reports show."""

from ocnetview.model.bridges import (
    LOCAL_OFPORT,
    Bridge,
    BridgeKind,
    Port,
    PortRole,
    Rate,
    Traffic,
)
from ocnetview.model.interfaces import (
    Counterpart,
    Evidence,
    EvidenceKind,
    Interface,
    Relation,
    Whereabouts,
)
from ocnetview.model.node import NodeModel, Problem
from ocnetview.model.pods import Pod, PodKind, TreeProcess

__all__ = [
    "LOCAL_OFPORT",
    "Bridge",
    "BridgeKind",
    "Counterpart",
    "Evidence",
    "EvidenceKind",
    "Interface",
    "NodeModel",
    "Pod",
    "PodKind",
    "Port",
    "PortRole",
    "Problem",
    "Rate",
    "Relation",
    "Traffic",
    "TreeProcess",
    "Whereabouts",
]
