"""The Kubernetes collector as a whole, its real client against a scripted server."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from collectors.kube_server import KubeServer
from collectors.kube_shapes import NODE, made_pod
from collectors.kube_watching import asking, watching

from ocnetview.collectors.kube import KubeCollector
from ocnetview.config import Settings
from ocnetview.errors import CollectorError
from ocnetview.facts import KubeFacts, SourceKind

pytestmark = pytest.mark.usefixtures("no_cluster")


def test_a_token_that_was_renewed_is_read_anew(tmp_path: Path) -> None:
    """When the old one is refused, the file says the new one, and it goes on."""
    token = tmp_path / "token"
    token.write_text("first\n")
    with KubeServer([made_pod("a")]) as server:
        server.token = "first"
        path = server.kubeconfig(tmp_path / "k", tokenFile=str(token))
        with watching(Settings(kubeconfig=path, node_name=NODE)) as told:
            told.next()
            server.wait_for_watches(1)
            server.token = "second"
            token.write_text("second\n")
            server.end()
            server.event("ADDED", made_pod("b"))
            told.until(lambda facts: len(facts.pods) == 2)
            server.token = "third"
            server.end()
            with pytest.raises(CollectorError, match=r"401.*credential is not valid"):
                told.next()


@pytest.mark.parametrize("hanging", ["watch", "list"])
def test_watching_ends_at_once_on_stop(tmp_path: Path, hanging: str) -> None:
    """Waiting for events or for an API that hangs, it ends and leaves no thread."""
    with KubeServer() as server:
        if hanging == "list":
            server.hold.clear()
        with watching(asking(server, tmp_path)) as told:
            if hanging == "watch":
                server.wait_for_watches(1)
            server.asked.wait()
        said = told.rest()
        assert said == ([KubeFacts(NODE, (), "given")] if hanging == "watch" else [])
        server.hold.set()
        for other in threading.enumerate():
            if other.name.startswith("ocnetview-"):
                other.join()


def test_its_name_and_kind_are_fixed(tmp_path: Path) -> None:
    """It is one source of pods; where it asks is the kubeconfig that was given."""
    collector = KubeCollector(Settings(kubeconfig=str(tmp_path)))
    assert (collector.name, collector.kind) == ("kube", SourceKind.PODS)
    assert collector.where == str(tmp_path)
