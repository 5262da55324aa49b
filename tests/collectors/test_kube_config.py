"""The credentials of kubeconfigs and of pods, as a server with TLS sees them."""

from __future__ import annotations

import base64
import json
import shutil
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from collectors.kube_server import KubeServer
from collectors.kube_shapes import NODE, made_pod
from collectors.kube_watching import Keys, make_keys, needs_openssl, watching

from ocnetview.collectors.kube_config import configure
from ocnetview.collectors.kube_credentials import Credential, Whose
from ocnetview.config import Settings
from ocnetview.errors import CollectorError

pytestmark = pytest.mark.usefixtures("no_cluster")

SECRET = "eyJhbGciOi-secret"


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """Give the keys of a made cluster."""
    (tmp_path / "pki").mkdir()
    return make_keys(tmp_path / "pki")


def _data(path: str) -> str:
    return base64.b64encode(Path(path).read_bytes()).decode()


def kubeconfig(server: KubeServer, keys: Keys, path: Path) -> str:
    """Return the path of a kubeconfig that has a node's certificate and key in it."""
    file, key = keys.signed("client", "/O=system:nodes/CN=system:node:worker-0")
    return server.kubeconfig(
        path,
        {"certificate-authority-data": _data(keys.authority)},
        **{"client-certificate-data": _data(file), "client-key-data": _data(key)},
    )


@needs_openssl
def test_a_certificate_can_stand_in_the_kubeconfig(tmp_path: Path, keys: Keys) -> None:
    """The server sees the client's certificate, and its own is checked."""
    with KubeServer([made_pod("a")], keys.server()) as server:
        path = kubeconfig(server, keys, tmp_path / "k")
        with watching(Settings(kubeconfig=path, node_name=NODE)) as told:
            assert [pod.name for pod in told.next().pods] == ["a"]
        assert server.clients == {"system:node:worker-0"}


@needs_openssl
def test_a_key_in_a_kubeconfig_is_written_nowhere(
    tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file is made of it, and none stays open when the collector ends."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with KubeServer([made_pod("a")], keys.server()) as server:
        path = kubeconfig(server, keys, tmp_path / "k")
        with watching(Settings(kubeconfig=path, node_name=NODE)) as told:
            assert [pod.name for pod in told.next().pods] == ["a"]
            server.wait_for_watches(1)
            assert list(folder.iterdir()) == []
            assert len(_in_memory()) == 3
    assert _in_memory() == []


def _in_memory() -> list[str]:
    """Return what we have open that is a file in memory."""
    links = []
    for fd in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            links.append(str(fd.readlink()))
    return [link for link in links if link.startswith("/memfd:")]


@needs_openssl
def test_a_kubeconfig_may_want_no_proof(tmp_path: Path, keys: Keys) -> None:
    """No warning falls on the screen then."""
    with KubeServer([made_pod("a")], keys.server()) as server:
        path = server.kubeconfig(tmp_path / "k", {"insecure-skip-tls-verify": True})
        with watching(Settings(kubeconfig=path, node_name=NODE)) as told:
            assert len(told.next().pods) == 1


@needs_openssl
def test_a_server_of_another_authority_is_refused(tmp_path: Path, keys: Keys) -> None:
    """What is not proven to be the API gets no token."""
    with KubeServer([made_pod("a")], keys.server()) as server:
        path = server.kubeconfig(tmp_path / "k", {"tls-server-name": "x"})
        with (
            watching(Settings(kubeconfig=path, node_name=NODE)) as told,
            pytest.raises(CollectorError, match=r"certificate.*certificate-authority"),
        ):
            told.next()
        assert server.requests == []


@needs_openssl
@pytest.mark.parametrize("folder", ["", "/var/lib/kubelet/"])
def test_the_kubelets_files_are_found_below_the_nodes_root(
    tmp_path: Path, keys: Keys, folder: str
) -> None:
    """Its kubeconfig names files as the node calls them, one an absolute link.

    The node's name is in the certificate.
    """
    host = tmp_path / "host"
    (host / "var/lib/kubelet/pki").mkdir(parents=True)
    file, key = keys.signed("client", "/O=system:nodes/CN=system:node:worker-0")
    pem = host / "var/lib/kubelet/pki/kubelet-client-2026.pem"
    pem.write_bytes(Path(file).read_bytes() + Path(key).read_bytes())
    link = pem.with_name("kubelet-client-current.pem")
    link.symlink_to("/var/lib/kubelet/pki/kubelet-client-2026.pem")
    shutil.copy(keys.authority, host / "var/lib/kubelet/ca.crt")
    with KubeServer([made_pod("a")], keys.server()) as server:
        server.kubeconfig(
            host / "var/lib/kubelet/kubeconfig",
            {"certificate-authority": f"{folder}ca.crt"},
            **{
                "client-certificate": f"{folder}pki/kubelet-client-current.pem",
                "client-key": f"{folder}pki/kubelet-client-current.pem",
            },
        )
        settings = Settings(host_root=str(host), kubelet_credential=True)
        with watching(settings) as told:
            facts = told.next()
        assert (facts.node, facts.name_from) == (NODE, "the kubelet's certificate")
        assert [pod.name for pod in facts.pods] == ["a"]
        assert server.clients == {"system:node:worker-0"}


@needs_openssl
def test_a_pods_account_is_used_and_its_token_read_again(
    tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kubelet writes a new token into the same file every hour."""
    shutil.copy(keys.authority, tmp_path / "ca.crt")
    token = tmp_path / "token"
    token.write_text(f"{SECRET}-1")
    monkeypatch.setattr("ocnetview.collectors.kube_credentials.ACCOUNT", str(tmp_path))
    with KubeServer([made_pod("a")], keys.server()) as server:
        host, _, port = server.url.removeprefix("https://").partition(":")
        monkeypatch.setenv("KUBERNETES_SERVICE_HOST", host)
        monkeypatch.setenv("KUBERNETES_SERVICE_PORT", port)
        server.token = f"{SECRET}-1"
        with watching(Settings(node_name=NODE)) as told:
            told.next()
            server.wait_for_watches(1)
            server.token = f"{SECRET}-2"
            token.write_text(f"{SECRET}-2")
            server.end()
            server.event("ADDED", made_pod("b"))
            told.until(lambda facts: len(facts.pods) == 2)


def _reason(path: Path, **environment: str) -> str:
    """Return why a kubeconfig cannot be used."""
    with pytest.raises(CollectorError) as raised:
        configure(
            Credential(Whose.GIVEN, str(path)),
            Settings(**environment),  # type: ignore[arg-type]
            ExitStack(),
        )
    assert raised.value.__cause__ is None
    return str(raised.value)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "5",
        "a: [",
        "\x00",
        "\x1b[31m",
        "users: {}",
        "[]",
        f'{{"users": [{{"user": {{"token": "{SECRET}"}}}}]}}',
        f'{{"users": [{{"name": 5, "user": "{SECRET}"}}], "clusters": 5}}',
        f'{{"current-context": "x", "users": ["{SECRET}"]}}',
        f'{{"users": {{"{SECRET}": 1}}}}',
    ],
)
def test_what_is_no_kubeconfig_is_told_without_its_secrets(
    tmp_path: Path, content: str
) -> None:
    """The file is named; what stands in it is not repeated."""
    path = tmp_path / "k"
    path.write_text(content)
    told = _reason(path)
    assert str(path) in told
    assert SECRET not in told
    assert told.isprintable()


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("current-context", "other"),
        ("contexts", []),
        ("users", [{"name": "u", "user": {"tokenFile": "/not/there"}}]),
        ("clusters", [{"name": "c", "cluster": {}}]),
        ("clusters", [{"name": "c", "cluster": {"server": "127.0.0.1:1"}}]),
        ("clusters", []),
        ("users", [{"name": "u", "user": {"exec": {"token": SECRET}}}]),
        ("users", [{"name": "u", "user": {"exec": SECRET}}]),
        ("contexts", [{"name": "x", "context": SECRET}]),
    ],
)
def test_a_kubeconfig_with_a_wrong_part_is_told(
    tmp_path: Path, part: str, wrong: object
) -> None:
    """Every part that it needs may be missing or of a wrong type."""
    path = tmp_path / "k"
    config = {
        "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:1"}}],
        "users": [{"name": "u", "user": {"token": SECRET}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    }
    path.write_text(json.dumps(config))
    configure(Credential(Whose.GIVEN, str(path)), Settings(), ExitStack())
    path.write_text(json.dumps(config | {part: wrong}))
    assert SECRET not in _reason(path)


def test_a_kubeconfig_that_is_not_there_is_told(tmp_path: Path) -> None:
    """One that was given has to be there."""
    assert "No such file" in _reason(tmp_path / "gone")


def test_a_token_that_no_header_can_hold_is_not_repeated(tmp_path: Path) -> None:
    """The library would put it into its error's text."""
    with KubeServer() as server:
        path = server.kubeconfig(tmp_path / "k", token=f"{SECRET}\r\nX: y")
        with (
            watching(Settings(kubeconfig=path, node_name=NODE)) as told,
            pytest.raises(CollectorError, match="no token has") as raised,
        ):
            told.next()
    assert SECRET not in str(raised.value)
