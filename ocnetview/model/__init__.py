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
from ocnetview.model.pods import (
    Below,
    Branch,
    Pod,
    PodKind,
    TreeProcess,
    TreeThread,
)

__all__ = [
    "LOCAL_OFPORT",
    "Below",
    "Branch",
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
    "TreeThread",
    "Whereabouts",
]
