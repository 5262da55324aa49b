"""A kubeconfig's credential plugin (client.authentication.k8s.io, ExecCredential)."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from typing import Any

from ocnetview.errors import CollectorError
from ocnetview.units import printable

_SECONDS = 20
"""What a plugin may take: it may have to ask a cloud."""
_LONG = 200
"""Characters of what it complains about that are shown."""


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
    command, doing = str(plugin["command"]), "run the kubeconfig's credential plugin"
    if "/" in command:
        command = os.path.join(folder, command)
    spec: dict[str, Any] = {"interactive": False}
    if plugin.get("provideClusterInfo") is True:
        spec["cluster"] = cluster
    about = {"apiVersion": plugin["apiVersion"], "kind": "ExecCredential", "spec": spec}
    given = {str(one["name"]): str(one["value"]) for one in plugin.get("env") or ()}
    try:
        done = subprocess.run(
            [command, *map(str, plugin.get("args") or ())],
            env={**os.environ, **given, "KUBERNETES_EXEC_INFO": json.dumps(about)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        reason = f"{printable(command)}: no answer within {_SECONDS} s"
        raise CollectorError("kube", doing, reason) from None
    except subprocess.CalledProcessError as error:
        said = " ".join(error.stderr.decode("utf-8", "replace").split())[:_LONG]
        reason = f"{command}: exit code {error.returncode}: {said}"
        raise CollectorError("kube", doing, printable(reason)) from None
    except OSError as error:
        hint = str(plugin.get("installHint") or "")[:_LONG]
        reason = f"{printable(command)}: {error.strerror}"
        raise CollectorError("kube", doing, reason, printable(hint)) from None
    _take(user, done.stdout, doing)


def _take(user: dict[str, Any], output: bytes, doing: str) -> None:
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
        raise CollectorError("kube", doing, "what it gives is no credential") from None
