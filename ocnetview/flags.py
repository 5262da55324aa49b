"""The flags that are settings: what each is called, and which node it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import click

from ocnetview.frozen import dataclass

Command = TypeVar("Command", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag; its setting has the same name, with underscores."""

    name: str
    metavar: str
    """Empty for a flag that is given or not."""
    help: str
    of_node: bool = True
    """Claims that it says where a node is, so it cannot be the demo's."""

    @property
    def setting(self) -> str:
        """Return the setting's name."""
        return self.name.replace("-", "_")


FLAGS = (
    Flag("host-root", "DIR", "The node's root directory [default: found by itself]."),
    Flag("docker-host", "URL", "Docker API [env: DOCKER_HOST]."),
    Flag("podman", "URL,...", "Podman's sockets [env: CONTAINER_HOST]."),
    Flag("cri", "URL,...", "CRI endpoints [env: CONTAINER_RUNTIME_ENDPOINT]."),
    Flag("ovsdb", "REMOTE", "OVSDB, as unix:PATH [env: OVS_RUNDIR]."),
    Flag("kubeconfig", "FILE", "How to reach the Kubernetes API [env: KUBECONFIG]."),
    Flag("kubelet-credential", "", "Ask the Kubernetes API as the kubelet."),
    Flag("node-name", "NAME", "This node's name there [env: K8S_NODE, NODE_NAME]."),
    Flag("proc-events", "", "Hear of processes from the kernel, too.", of_node=False),
    Flag("refresh", "SECONDS", "Time between two readings.", of_node=False),
    Flag("timeout", "SECONDS", "Longest wait for a source.", of_node=False),
)


def setting_flags(command: Command) -> Command:
    """Give a command every flag."""
    for flag in reversed(FLAGS):
        if flag.metavar:
            option = click.option(
                f"--{flag.name}", metavar=flag.metavar, help=flag.help
            )
        else:
            option = click.option(
                f"--{flag.name}", is_flag=True, default=None, help=flag.help
            )
        command = option(command)
    return command


def flags_for_demo(given: Mapping[str, object]) -> Iterator[str]:
    """Yield the flags that stand before `demo`, for the ocnetview that looks at it.

    Raises:
        click.UsageError: one that names another node than the demo's.
    """
    if given.get("replay"):
        raise click.UsageError("--replay is of another node than the demo")
    if given.get("as_json"):
        yield "--json"
    if given.get("config"):
        yield from ("--config", str(given["config"]))
    for flag in FLAGS:
        value = given.get(flag.setting)
        if value is None:
            continue
        if flag.of_node:
            raise click.UsageError(f"--{flag.name} is of another node than the demo")
        yield f"--{flag.name}"
        if flag.metavar:
            yield str(value)
