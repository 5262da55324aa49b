"""What a detail is about: the row that the user was on when it was opened."""

from __future__ import annotations

from dataclasses import dataclass

from ocnetview.match.openflow import Wired, wired_pod, wired_port
from ocnetview.model import NodeModel, Pod, Port, TreeProcess
from ocnetview.probes.base import Target
from ocnetview.tui.selection import PaneId
from ocnetview.units import printable


@dataclass(frozen=True, slots=True)
class Subject:
    """A row of a pane, by its key; what it is now the model says."""

    pane: PaneId
    key: str

    def port(self, model: NodeModel) -> Port | None:
        """Return the port; None where it is another thing, or gone."""
        return model.ports_by_key.get(self.key) if self.pane is PaneId.PORTS else None

    def process(self, model: NodeModel) -> TreeProcess | None:
        """Return the process; None where it is another thing, or gone."""
        if self.pane is not PaneId.PROCESSES:
            return None
        return next((row for row in model.processes if row.key == self.key), None)

    def pod(self, model: NodeModel) -> Pod | None:
        """Return the pod that it is, or that it belongs to."""
        if self.pane is PaneId.PODS:
            return model.pods_by_key.get(self.key)
        port, process = self.port(model), self.process(model)
        key = port.pod if port else process.pod if process else ""
        return model.pods_by_key.get(key)

    def is_there(self, model: NodeModel) -> bool:
        """Claim that it is still on the node."""
        found = (self.port(model), self.process(model), self.pod(model))
        return any(one is not None for one in found)

    def target(self, model: NodeModel) -> Target | None:
        """Return what a probe is asked about; None where there is no pod behind."""
        pod, process = self.pod(model), self.process(model)
        if process:
            return Target.of_process(process.process, pod, model)
        return Target.of(pod, model) if pod else None

    def wired(self, model: NodeModel) -> tuple[Wired, ...]:
        """Return what names it on the bridges of Open vSwitch."""
        port, pod = self.port(model), self.pod(model)
        if port:
            return wired_port(model, port)
        return wired_pod(model, pod) if pod else ()

    def title(self, model: NodeModel) -> str:
        """Return what it is called, safe to print; empty when it is gone."""
        port, process, pod = self.port(model), self.process(model), self.pod(model)
        if process:
            name = f"process {process.process.name} ({process.process.pid})"
        elif port:
            name = f"port {port.name} of {port.bridge}"
        elif pod:
            return printable(f"{pod.kind} {pod.title}")
        else:
            return ""
        return printable(f"{name} · {pod.title}" if pod else name)
