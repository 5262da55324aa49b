"""Which right to ask the Kubernetes API there is, without using it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from enum import StrEnum

from ocnetview.collectors.kube_paths import node_file
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.frozen import dataclass

ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
"""Where a pod finds its account's token and the API's authority."""
HOME = "~/.kube/config"
KUBELET = (
    "/var/lib/kubelet/kubeconfig",
    "/etc/kubernetes/kubelet.conf",
    "/var/lib/rancher/k3s/agent/kubelet.kubeconfig",
    "/var/lib/rancher/rke2/agent/kubelet.kubeconfig",
    "/var/lib/k0s/kubelet.conf",
    "/var/snap/microk8s/current/credentials/kubelet.config",
)
"""The kubelet's kubeconfig: OpenShift's, kubeadm's, then the distributions'."""
_SEPARATOR = ":"


class Whose(StrEnum):
    """Whose right it is."""

    GIVEN = "the kubeconfig that was given"
    USER = "the user's kubeconfig"
    ACCOUNT = "the account of the pod that we are in"
    KUBELET = "the kubelet's own"


@dataclass(frozen=True, slots=True)
class Credential:
    """A right to ask the API."""

    whose: Whose
    where: str
    """The kubeconfig as it is found from here, several with colons; or a folder."""
    named: str = ""
    """The kubelet's kubeconfig as the node calls it."""


def find_credential(settings: Settings) -> Credential:
    """Return the first right that there is; the kubelet's only where it was asked for.

    Raises:
        CollectorError: what was asked for is not there.
        SourceAbsentError: there is none.
    """
    if settings.kubelet_credential:
        return _kubelet(settings)
    if settings.kubeconfig:
        return Credential(Whose.GIVEN, _given(settings))
    there = _SEPARATOR.join(_users())
    if there:
        return Credential(Whose.USER, there)
    if os.environ.get("KUBERNETES_SERVICE_HOST") and os.path.exists(f"{ACCOUNT}/token"):
        return Credential(Whose.ACCOUNT, ACCOUNT)
    raise SourceAbsentError(
        "kube",
        "ask the Kubernetes API",
        "no kubeconfig, and no account of a pod",
        "give --kubeconfig FILE, or --kubelet-credential to use the kubelet's own",
    )


def _given(settings: Settings) -> str:
    """Return the kubeconfig that was given, ours or else the node's."""
    path = os.path.expanduser(settings.kubeconfig)
    there = node_file(settings, path) if path.startswith("/") else path
    return path if os.path.exists(path) or not os.path.exists(there) else there


def _users() -> Iterator[str]:
    """Yield the user's kubeconfigs that are there, as kubectl takes them.

    One that cannot be read counts: what it would say is not to be ignored.
    """
    paths = os.environ.get("KUBECONFIG") or HOME
    for path in paths.split(_SEPARATOR):
        expanded = os.path.expanduser(path)
        if expanded and os.path.lexists(expanded):
            yield expanded


def _kubelet(settings: Settings) -> Credential:
    for named in KUBELET:
        where = node_file(settings, named)
        try:
            os.stat(where)
        except PermissionError:
            reason, hint = "permission denied", "needs root"
            raise CollectorError("kube", f"read {where}", reason, hint) from None
        except OSError:
            continue
        return Credential(Whose.KUBELET, where, named)
    raise CollectorError(
        "kube",
        "use the kubelet's credential",
        "no kubelet has one here",
        f"looked for {', '.join(node_file(settings, named) for named in KUBELET)}",
    )
