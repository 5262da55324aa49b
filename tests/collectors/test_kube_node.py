"""Whether the API knows this node by its name."""

from __future__ import annotations

from pathlib import Path

import pytest
from collectors.kube_server import KubeServer
from collectors.kube_shapes import NODE, made_pod, status
from collectors.kube_watching import asking, watching

from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError

pytestmark = pytest.mark.usefixtures("no_cluster")


def test_a_node_that_the_api_does_not_know_is_told(tmp_path: Path) -> None:
    """No pods because of a wrong name is no node without pods."""
    with (
        KubeServer([made_pod("a")]) as server,
        watching(asking(server, tmp_path, "worker-9")) as told,
        pytest.raises(CollectorError, match=r"called worker-9 .give --node-name"),
    ):
        told.next()


def test_a_users_cluster_elsewhere_is_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kubeconfig of a cluster that knows nothing of this machine is no fault."""
    with KubeServer() as server:
        monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "k"))
        settings = Settings(proc=str(tmp_path))
        with watching(settings) as told, pytest.raises(SourceAbsentError):
            told.next()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((200, {"status": {"nodeInfo": {"bootID": "b00t"}}}), "confirmed by its boot"),
        ((200, {"status": {"nodeInfo": {"bootID": "other"}}}), "another boot id"),
        ((403, status(403, "no")), "not confirmed by the API"),
    ],
)
def test_a_guessed_name_is_confirmed_by_the_boot_id(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: tuple[int, object],
    words: str,
) -> None:
    """The API's node of that name runs this very kernel, or it is said not to."""
    boot = tmp_path / "sys/kernel/random/boot_id"
    boot.parent.mkdir(parents=True)
    boot.write_text("b00t\n")
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/hostname").write_text("Worker-0\n")
    monkeypatch.setattr("ocnetview.collectors.node_name._FIRST_UTS", 0)
    with KubeServer([made_pod("a")]) as server:
        path = server.kubeconfig(tmp_path / "k")
        root = str(tmp_path)
        settings = Settings(kubeconfig=path, proc=root, host_root=root)
        server.answers[f"/api/v1/nodes/{NODE}"] = answer
        with watching(settings) as told:
            assert words in told.next().name_from
