"""This node's name, by all the ways in which a node tells it."""

from __future__ import annotations

import base64
import json
import os
import tempfile
from pathlib import Path

import pytest
from collectors.kube_shapes import KUBELET
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.collectors.node_name import NodeName, find_node_name, is_node_name
from ocnetview.config import Settings
from ocnetview.errors import CollectorError

_PKI = "var/lib/kubelet/pki"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a node's root with a host name, and a proc file system at /proc."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/hostname").write_text("Host-Name.Example\n")
    (tmp_path / "proc").mkdir()
    (tmp_path / _PKI).mkdir(parents=True)
    return tmp_path


def at(root: Path, **others: str) -> Settings:
    """Return the settings of a place that has this node at its root."""
    return Settings(host_root=str(root), proc=f"{root}/proc", **others)  # type: ignore[arg-type]


def kubelet(root: Path, pid: int, *command: str, inner: bool = False) -> None:
    """Add a process to the node."""
    folder = root / "proc" / str(pid)
    folder.mkdir()
    (folder / "cmdline").write_bytes("\0".join([*command, ""]).encode())
    pids = f"{pid}\t77" if inner else f"{pid}"
    (folder / "status").write_text(f"Name:\tx\nNSpid:\t{pids}\nThreads:\t1\n")


def test_the_given_name_is_taken(root: Path) -> None:
    """What the user or the pod's environment says is believed first."""
    (root / _PKI / "kubelet-client-current.pem").write_bytes(KUBELET)
    found = find_node_name(at(root, node_name="given.example"))
    assert found == NodeName("given.example", "given")


@pytest.mark.parametrize("name", ["Worker", "a,b=c", "-a", "a..b", "a b", "a" * 254])
def test_a_given_name_that_none_can_have_is_refused(root: Path, name: str) -> None:
    """It would find nothing, or change what is asked for."""
    with pytest.raises(CollectorError, match="no node can be called that"):
        find_node_name(at(root, node_name=name))


def test_the_kubelets_certificate_is_believed_next(root: Path) -> None:
    """Its link leads to an absolute path, which is one of the node's."""
    real = root / _PKI / "kubelet-client-2026.pem"
    real.write_bytes(KUBELET)
    link = root / _PKI / "kubelet-client-current.pem"
    link.symlink_to(f"/{_PKI}/{real.name}")
    kubelet(root, 12, "/usr/bin/kubelet", "--hostname-override=other")
    found = find_node_name(at(root))
    assert found == NodeName("worker-0.example", "the kubelet's certificate")


def test_a_certificate_of_the_credential_is_believed_too(root: Path) -> None:
    """It may be in the kubeconfig itself, so in no usual place."""
    file = root / "else.pem"
    file.write_bytes(KUBELET)
    assert find_node_name(at(root), certificate=str(file)).name == "worker-0.example"


def _token(claims: object) -> bytes:
    """Return a JSON Web Token, as far as it is read."""
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")
    return b"e30." + body + b".c2ln"


def test_the_token_of_a_pods_account_names_its_node(root: Path) -> None:
    """A pod without NODE_NAME and without the host's files still knows it."""
    file = root / "token"
    claims = {"kubernetes.io": {"node": {"name": "node-8", "uid": "1"}}}
    file.write_bytes(_token(claims))
    found = find_node_name(at(root), token=str(file))
    assert found == NodeName("node-8", "the token of the pod's account")


@given(
    st.binary(max_size=30)
    | st.sampled_from(
        [5, [], {}, {"kubernetes.io": 5}, {"kubernetes.io": {"node": []}}]
    ).map(_token)
    | st.just(b"e30." + base64.urlsafe_b64encode(b"[" * 40_000) + b".c2ln")
)
def test_tokens_of_other_shapes_name_no_node(token: bytes) -> None:
    """Older clusters do not say it; nothing else in the file is taken for it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "token")
        file.write_bytes(token)
        found = find_node_name(Settings(proc=folder), token=str(file))
    assert found.guessed


def test_certificates_of_others_name_no_node(root: Path) -> None:
    """Only system:node: is a node's; broken files are passed by."""
    other = KUBELET.replace(b"MII", b"AII")
    (root / _PKI / "kubelet-client-current.pem").write_bytes(other)
    assert find_node_name(at(root)).name == "host-name.example"


@pytest.mark.parametrize(
    "command",
    [
        ("/usr/bin/kubelet", "--v=2", "--hostname-override=node-7", "--x"),
        ("kubelet", "--hostname-override", "node-7"),
        ("/usr/bin/hyperkube", "kubelet", "--hostname-override=node-7"),
    ],
)
def test_a_running_kubelets_flag_is_believed_next(
    root: Path, command: tuple[str, ...]
) -> None:
    """It is written in either form; processes without a command line are none."""
    kubelet(root, 3, "")
    kubelet(root, 5, "/bin/sh", "--hostname-override=wrong")
    kubelet(root, 20, *command)
    (root / "proc/21").mkdir()
    assert find_node_name(at(root)) == NodeName(
        "node-7", "the kubelet's --hostname-override"
    )


def test_a_kubelet_in_a_container_speaks_of_another_node(root: Path) -> None:
    """A node of kind runs on this machine and is none of it."""
    kubelet(root, 20, "kubelet", "--hostname-override=kind-worker", inner=True)
    assert find_node_name(at(root)).guessed


def test_the_hosts_name_is_a_guess_in_lower_case(root: Path) -> None:
    """Clouds and flags give other names, so the API has to confirm it."""
    found = find_node_name(at(root))
    assert (found.name, found.guessed) == ("host-name.example", True)
    (root / "etc/hostname").unlink()
    (root / "proc/1/root/etc").mkdir(parents=True)
    (root / "proc/1/root/etc/hostname").write_text("of-pid-1")
    assert find_node_name(at(root)).name == "of-pid-1"


def test_on_the_host_itself_the_kernel_tells_its_name(root: Path) -> None:
    """The file may be older than the name, as DHCP gives it."""
    found = find_node_name(Settings(proc=f"{root}/proc"))
    assert found.name == os.uname().nodename.casefold()


def test_our_own_name_is_the_hosts_in_the_first_namespace(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pod on the host's network has the machine's own name, which is no file's."""
    own = root / "proc/self/ns/uts"
    own.parent.mkdir(parents=True)
    own.touch()
    first = own.stat().st_ino
    monkeypatch.setattr("ocnetview.collectors.node_name._FIRST_UTS", first)
    assert find_node_name(at(root)).name == os.uname().nodename.casefold()


def test_names_that_are_none_are_passed_by(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nothing left, the user is asked for it."""
    kubelet(root, 20, "kubelet", "--hostname-override=")
    (root / "etc/hostname").write_text("not a name\x1b\n")
    unnamed = os.uname_result(["Linux", "(none)", "6", "1", "x86_64"])
    monkeypatch.setattr(os, "uname", lambda: unnamed)
    with pytest.raises(CollectorError, match="give --node-name"):
        find_node_name(at(root))


@given(st.text(max_size=20))
def test_a_node_name_needs_no_escape(name: str) -> None:
    """What is accepted changes no selector and no path."""
    assert not is_node_name(name) or not set(name) & set(",=!()%/?#&\n \\\x00")
