"""The kubernetes package's configuration, made from a credential."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from kubernetes.client.configuration import Configuration
from kubernetes.config.config_exception import ConfigException
from kubernetes.config.incluster_config import InClusterConfigLoader
from kubernetes.config.kube_config import KubeConfigLoader, KubeConfigMerger
from yaml import YAMLError

from ocnetview.collectors.kube_credentials import Credential, Whose
from ocnetview.collectors.kube_exec import run_plugin
from ocnetview.collectors.kube_paths import node_file
from ocnetview.config import Settings
from ocnetview.errors import CollectorError
from ocnetview.units import printable

_FILES = ("client-certificate", "client-key", "tokenFile", "certificate-authority")
"""The fields of a kubeconfig that name files, relative to its own folder."""
_WITH_DATA = ("client-certificate", "client-key", "certificate-authority")
"""Those of them whose content may stand in the kubeconfig itself, in NAME-data."""


def configure(
    credential: Credential, settings: Settings, held: ExitStack
) -> Configuration:
    """Return how to ask the API with this credential, as long as `held` is open.

    The package's words are shown in part only: it puts whole users into them.

    Raises:
        CollectorError: the credential cannot be used.
    """
    doing = f"use {printable(credential.where)}"
    configuration = Configuration()
    try:
        if credential.whose is Whose.ACCOUNT:
            folder = credential.where
            InClusterConfigLoader(f"{folder}/token", f"{folder}/ca.crt").load_and_set(
                configuration
            )
        else:
            _load(configuration, credential, settings, held)
    except ConfigException as error:
        reason = printable(str(error).partition("\n")[0].partition(" in ")[0])
        raise CollectorError("kube", doing, reason) from None
    except PermissionError as error:
        what = printable(str(error.filename or credential.where))
        reason, hint = f"{what}: permission denied", "needs root, or another user"
        raise CollectorError("kube", doing, reason, hint) from None
    except OSError as error:
        what, why = str(error.filename or credential.where), error.strerror or "error"
        raise CollectorError("kube", doing, f"{printable(what)}: {why}") from None
    except (ValueError, LookupError, TypeError, AttributeError, YAMLError):
        # Without the cause: its text may hold a part of the file.
        raise CollectorError("kube", doing, "it is no kubeconfig") from None
    return configuration


def _load(
    configuration: Configuration,
    credential: Credential,
    settings: Settings,
    held: ExitStack,
) -> None:
    """Read a kubeconfig; nothing is ever written back to it."""
    for path in credential.where.split(":"):
        with open(path, "rb"):
            pass  # the package takes a file that may not be read for one not there
    config = KubeConfigMerger(credential.where).config
    if config is None:
        raise ConfigException("it is empty")
    if credential.named:
        for entry in _entries(config.value):
            _below(entry, credential, settings)
    user, cluster = _chosen(config.value)
    if not str(cluster.get("server")).startswith(("https://", "http://")):
        raise ConfigException("its context names no server, as https://HOST:PORT")
    if "exec" in user:
        run_plugin(user, cluster, os.path.dirname(credential.where.split(":")[0]))
    for entry in (user, cluster):
        _keep_in_memory(entry, held)
    KubeConfigLoader(config, config_base_path=None).load_and_set(configuration)


def _keep_in_memory(entry: dict[str, Any], held: ExitStack) -> None:
    """Make files in memory of what an entry holds, which TLS takes from files only.

    The package would write them to disk, a private key too, where they stay when a
    signal ends us.
    """
    for field in _WITH_DATA:
        if isinstance(data := entry.get(f"{field}-data"), str) and data:
            content = base64.standard_b64decode(data)
            fd = os.memfd_create(field, os.MFD_CLOEXEC)
            held.callback(os.close, fd)
            with open(fd, "wb", closefd=False) as file:
                file.write(content)
            del entry[f"{field}-data"]
            entry[field] = f"/proc/self/fd/{fd}"


def _entries(config: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - the package's
    """Yield every user and cluster."""
    for many, one in (("users", "user"), ("clusters", "cluster")):
        for node in config[many]:
            if isinstance(node.value.get(one), dict):
                yield node.value[one]


def _below(entry: dict[str, Any], credential: Credential, settings: Settings) -> None:
    """Make the files that an entry names those of the node, as found from here."""
    folder = os.path.dirname(credential.named)
    for field in _FILES:
        if isinstance(entry.get(field), str) and entry[field]:
            entry[field] = node_file(settings, os.path.join(folder, entry[field]))


def _chosen(config: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401
    """Return the user and the cluster of the current context; empty without."""

    def named(many: str, one: str, name: object) -> dict[str, Any]:
        for node in config[many]:
            if node.value.get("name") == name and isinstance(node.value.get(one), dict):
                entry: dict[str, Any] = node.value[one]
                return entry
        return {}

    context = named("contexts", "context", config.get("current-context"))
    return (
        named("users", "user", context.get("user")),
        named("clusters", "cluster", context.get("cluster")),
    )
