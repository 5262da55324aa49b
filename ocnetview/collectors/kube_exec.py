"""A kubeconfig's credential plugin (client.authentication.k8s.io, ExecCredential)."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from typing import Any

from ocnetview.errors import CollectorError
from ocnetview.units import one_line, printable

_DOING = "run the kubeconfig's credential plugin"
_SECONDS = 20
"""What a plugin may take: it may have to ask a cloud."""


def run_plugin(user: dict[str, Any], cluster: dict[str, Any], folder: str) -> None:
    """Replace `exec` of a kubeconfig's user by the token or certificate that it gives.

    The package's own way would let the plugin talk to the terminal, which is ours,
    and would go on without a credential when it fails.

    Args:
        user: the entry of the kubeconfig; it is changed.
        cluster: the entry of the cluster, for a plugin that wants it.
        folder: that of the kubeconfig, which a command with a slash is relative to.

    Raises:
        CollectorError: the plugin fails.
    """
    plugin = user.pop("exec")
    command = str(plugin["command"])
    if "/" in command:
        command = os.path.join(folder, command)
    shown = printable(command)
    try:
        _take(user, _output(command, plugin, cluster))
    except subprocess.TimeoutExpired:
        reason = f"{shown}: no answer within {_SECONDS} s"
        raise CollectorError("kube", _DOING, reason) from None
    except subprocess.CalledProcessError as error:
        said = one_line(error.stderr.decode("utf-8", "replace"))
        reason = f"{shown}: exit code {error.returncode}: {said}"
        raise CollectorError("kube", _DOING, reason) from None
    except OSError as error:
        hint = one_line(plugin.get("installHint") or "")
        reason = f"{shown}: {error.strerror}"
        raise CollectorError("kube", _DOING, reason, hint) from None


def _output(command: str, plugin: dict[str, Any], cluster: dict[str, Any]) -> bytes:
    """Return what a plugin answers, told that nobody can be asked."""
    spec: dict[str, Any] = {"interactive": False}
    if plugin.get("provideClusterInfo") is True:
        spec["cluster"] = cluster
    about = {"apiVersion": plugin["apiVersion"], "kind": "ExecCredential", "spec": spec}
    given = {str(one["name"]): str(one["value"]) for one in plugin.get("env") or ()}
    return subprocess.run(
        [command, *map(str, plugin.get("args") or ())],
        env={**os.environ, **given, "KUBERNETES_EXEC_INFO": json.dumps(about)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_SECONDS,
        check=True,
    ).stdout


def _take(user: dict[str, Any], output: bytes) -> None:
    """Put what a plugin gave where a kubeconfig has it."""
    try:
        status = json.loads(output)["status"]
        if "token" in status:
            user["token"] = str(status["token"])
        if "clientCertificateData" in status:
            for field, name in (
                ("client-certificate-data", "clientCertificateData"),
                ("client-key-data", "clientKeyData"),
            ):
                user[field] = base64.b64encode(status[name].encode()).decode()
    except (ValueError, LookupError, TypeError, AttributeError):
        reason = "what it gives is no credential"
        raise CollectorError("kube", _DOING, reason) from None
