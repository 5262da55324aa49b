"""What the sources say, each fact set whole, as frozen data."""

from ocnetview.facts.containers import (
    CniFacts,
    CniInterface,
    CniResult,
    Container,
    ContainerFacts,
    ContainerState,
    NamespaceMode,
    NestedFacts,
    Sandbox,
)
from ocnetview.facts.kernel import (
    PAIRED_KINDS,
    Counters,
    Link,
    LinkCounters,
    LinkFacts,
    NamespaceLinks,
    Netns,
    OperState,
)
from ocnetview.facts.kube import (
    KubeContainer,
    KubeContainerKind,
    KubeContainerState,
    KubeFacts,
    KubePod,
)
from ocnetview.facts.ovs import OvsBridge, OvsFacts, OvsInterface, OvsPort
from ocnetview.facts.place import Place, PlaceKind, Right
from ocnetview.facts.processes import Brief, Process, ProcessFacts, Thread
from ocnetview.facts.sample import (
    Facts,
    FactSet,
    Sample,
    Source,
    SourceKind,
    SourceState,
)

__all__ = [
    "PAIRED_KINDS",
    "Brief",
    "CniFacts",
    "CniInterface",
    "CniResult",
    "Container",
    "ContainerFacts",
    "ContainerState",
    "Counters",
    "FactSet",
    "Facts",
    "KubeContainer",
    "KubeContainerKind",
    "KubeContainerState",
    "KubeFacts",
    "KubePod",
    "Link",
    "LinkCounters",
    "LinkFacts",
    "NamespaceLinks",
    "NamespaceMode",
    "NestedFacts",
    "Netns",
    "OperState",
    "OvsBridge",
    "OvsFacts",
    "OvsInterface",
    "OvsPort",
    "Place",
    "PlaceKind",
    "Process",
    "ProcessFacts",
    "Right",
    "Sample",
    "Sandbox",
    "Source",
    "SourceKind",
    "SourceState",
    "Thread",
]
