"""Why no OpenFlow entry names a port, a pod, or what a scrap means."""

from __future__ import annotations

from ocnetview.model import BridgeKind, NodeModel, Pod, Port

_NO_PORT = "has no port that a bridge of Open vSwitch uses"
_LINUX = "only those of Open vSwitch have flows"


def flowless_port(port: Port) -> str:
    """Return why no entry can name a port; nothing where one can."""
    if port.datapath is not BridgeKind.OVS:
        return f"port {port.key} is of a Linux bridge: {_LINUX}"
    if port.ofport is None or port.ofport < 0:
        return f"port {port.key} {_NO_PORT}"
    return ""


def flowless_pod(pod: Pod) -> str:
    """Return why no entry can name a pod that is behind no port of Open vSwitch."""
    return f"{pod.kind} {pod.title} {_NO_PORT}"


def flowless_scrap(model: NodeModel, scrap: str) -> str:
    """Return why no entry names the bridge or port of this name; nothing for none."""
    bridge = model.bridges_by_name.get(scrap)
    if bridge and bridge.kind is not BridgeKind.OVS:
        return f"{bridge.name} is a Linux bridge: {_LINUX}"
    if bridge:
        return f"{bridge.name} is a bridge: name one of its ports, as {scrap}/NAME"
    ports = model.ports_by_key.values()
    whys = (flowless_port(port) for port in ports if scrap in (port.name, port.key))
    return next(whys, "")
