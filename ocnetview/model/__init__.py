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
from ocnetview.model.packets import Became, Fate, Header, PacketRow
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
    "Became",
    "Below",
    "Branch",
    "Bridge",
    "BridgeKind",
    "Counterpart",
    "Evidence",
    "EvidenceKind",
    "Fate",
    "Header",
    "Interface",
    "NodeModel",
    "PacketRow",
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
