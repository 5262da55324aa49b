"""Which credential is taken, and that the kubelet's is only taken when asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ocnetview.collectors.kube_credentials import Credential, Whose, find_credential
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError

pytestmark = pytest.mark.usefixtures("no_cluster")


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Give the folder of a pod's account, in which we run."""
    folder = tmp_path / "account"
    folder.mkdir()
    (folder / "token").write_text("t")
    monkeypatch.setattr("ocnetview.collectors.kube_credentials.ACCOUNT", str(folder))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    return str(folder)


@pytest.fixture
def kubelet(tmp_path: Path) -> Settings:
    """Give the settings of a node below our root, where a kubelet has its own."""
    path = tmp_path / "host/var/lib/kubelet/kubeconfig"
    path.parent.mkdir(parents=True)
    path.touch()
    return Settings(host_root=f"{tmp_path}/host")


def test_without_any_the_source_is_absent(kubelet: Settings) -> None:
    """The kubelet's is not used unasked; it is said what would help."""
    with pytest.raises(SourceAbsentError, match="--kubelet-credential") as raised:
        find_credential(kubelet)
    assert "--kubeconfig FILE" in raised.value.hint


def test_each_way_goes_before_the_next(
    account: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The flag, KUBECONFIG, the home's file, then the pod's account."""
    assert find_credential(Settings()) == Credential(Whose.ACCOUNT, account)
    home = tmp_path / ".kube/config"
    home.parent.mkdir()
    home.touch()
    assert find_credential(Settings()) == Credential(Whose.USER, str(home))
    one, two = tmp_path / "one", tmp_path / "two"
    one.touch()
    two.touch()
    monkeypatch.setenv("KUBECONFIG", f"{one}::{tmp_path}/gone:{two}")
    assert find_credential(Settings()) == Credential(Whose.USER, f"{one}:{two}")
    given = find_credential(Settings(kubeconfig="~/mine"))
    assert given == Credential(Whose.GIVEN, f"{tmp_path}/mine")


def test_a_kubeconfig_that_is_set_but_gone_counts_for_nothing(
    account: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As kubectl does, what else there is is used."""
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path}/gone")
    assert find_credential(Settings()).where == account


def test_a_pods_account_needs_the_apis_address(
    account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder alone is no account: it may be another's, mounted."""
    assert account
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST")
    with pytest.raises(SourceAbsentError):
        find_credential(Settings())


@pytest.mark.parametrize(
    "path",
    [
        "/var/lib/kubelet/kubeconfig",
        "/etc/kubernetes/kubelet.conf",
        "/var/lib/rancher/k3s/agent/kubelet.kubeconfig",
    ],
)
def test_the_kubelets_is_first_when_asked_for(
    account: str, tmp_path: Path, path: str
) -> None:
    """It is looked for below the node's root; nothing else is used instead."""
    root = f"{tmp_path}/node"
    settings = Settings(
        host_root=root, kubelet_credential=True, kubeconfig=f"{account}/token"
    )
    with pytest.raises(CollectorError, match="no kubelet has one here") as raised:
        find_credential(settings)
    assert f"{root}{path}" in raised.value.hint
    Path(root + path).parent.mkdir(parents=True)
    Path(root + path).touch()
    assert find_credential(settings) == Credential(Whose.KUBELET, root + path, path)


def test_the_nodes_own_kubeconfig_can_be_given(kubelet: Settings) -> None:
    """A path that is not ours is the node's."""
    path = "/var/lib/kubelet/kubeconfig"
    settings = Settings(host_root=kubelet.host_root, kubeconfig=path)
    assert find_credential(settings).where == kubelet.host_root + path


def test_without_a_credential_the_package_is_not_imported(tmp_path: Path) -> None:
    """A node without Kubernetes pays nothing for it."""
    code = (
        "import sys\n"
        "from ocnetview.collectors.base import Stop\n"
        "from ocnetview.collectors.kube import KubeCollector\n"
        "from ocnetview.config import Settings\n"
        "try:\n"
        "    next(iter(KubeCollector(Settings()).watch(Stop())))\n"
        "except Exception as error:\n"
        "    print(type(error).__name__)\n"
        "print('kubernetes' in sys.modules, 'urllib3' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout.split() == ["SourceAbsentError", "False", "False"]
