"""Credential plugins: small programs, run as a kubeconfig says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from collectors.kube_server import KubeServer
from collectors.kube_shapes import NODE, made_pod
from collectors.kube_watching import watching

from ocnetview.collectors.kube_exec import run_plugin
from ocnetview.config import Settings
from ocnetview.errors import CollectorError

pytestmark = pytest.mark.usefixtures("no_cluster")

VERSION = "client.authentication.k8s.io/v1"


def plugin(folder: Path, script: str, **more: object) -> dict[str, Any]:
    """Return the `exec` of a plugin that runs this."""
    (folder / "plugin").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "plugin").chmod(0o755)
    return {"command": "./plugin", "apiVersion": VERSION, **more}


def test_its_token_is_what_we_ask_with(tmp_path: Path) -> None:
    """It stands beside the kubeconfig, and gets its arguments and variables."""
    script = 'echo "{\\"status\\": {\\"token\\": \\"$1-$WHO\\"}}"'
    env = [{"name": "WHO", "value": "me"}]
    with KubeServer([made_pod("a")]) as server:
        server.token = "given-me"
        about = plugin(tmp_path, script, args=["given"], env=env)
        path = server.kubeconfig(tmp_path / "k", exec=about)
        with watching(Settings(kubeconfig=path, node_name=NODE)) as told:
            assert len(told.next().pods) == 1


def test_it_is_told_that_nobody_can_be_asked(tmp_path: Path) -> None:
    """It gets no terminal, what the API's version is, and the cluster if it wants."""
    script = f'cat; echo "$KUBERNETES_EXEC_INFO" > {tmp_path}/info; echo "{{}}"'
    about = plugin(tmp_path, script, provideClusterInfo=True)
    with pytest.raises(CollectorError, match="gives is no credential"):
        run_plugin({"exec": about}, {"server": "here"}, str(tmp_path))
    told = (tmp_path / "info").read_text()
    assert '"interactive": false' in told
    assert VERSION in told
    assert '"server": "here"' in told


def test_its_certificate_is_put_where_a_kubeconfig_has_it(tmp_path: Path) -> None:
    """In base64, as the fields that end in data are."""
    status = '{"status": {"clientCertificateData": "C", "clientKeyData": "K"}}'
    user: dict[str, Any] = {"exec": plugin(tmp_path, f"echo '{status}'")}
    run_plugin(user, {}, str(tmp_path))
    assert user == {"client-certificate-data": "Qw==", "client-key-data": "Sw=="}


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("printf 'no\\033 way' >&2; exit 3", r"exit code 3: no\\x1b way"),
        ("echo 5", "no credential"),
        ("echo '{\"status\": 5}'", "no credential"),
        ("exec /not/there", "exit code 12[67]"),
        ("exec sleep 60", "no answer within 0.2 s"),
    ],
)
def test_one_that_fails_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, told: str
) -> None:
    """Its complaint is shown; without a credential nothing is asked."""
    if "sleep" in script:
        monkeypatch.setattr("ocnetview.collectors.kube_exec._SECONDS", 0.2)
    with pytest.raises(CollectorError, match=told):
        run_plugin({"exec": plugin(tmp_path, script)}, {}, str(tmp_path))


def test_one_that_is_not_there_is_told_with_its_hint(tmp_path: Path) -> None:
    """The kubeconfig may say how to get it."""
    about = {
        "command": "no-such-plugin",
        "apiVersion": VERSION,
        "installHint": "get it",
    }
    with pytest.raises(CollectorError, match=r"No such file .*\(get it\)"):
        run_plugin({"exec": about}, {}, str(tmp_path))
