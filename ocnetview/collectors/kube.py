"""This node's pods, from the Kubernetes API, by a list and a watch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from functools import partial
from typing import TYPE_CHECKING

from ocnetview.collectors.base import How, Stale, Stop
from ocnetview.collectors.kube_credentials import Whose, find_credential
from ocnetview.collectors.kube_rest import Rest
from ocnetview.collectors.request import ask_unless_stopped
from ocnetview.config import Settings
from ocnetview.errors import CollectorError
from ocnetview.facts import KubeFacts, SourceKind

if TYPE_CHECKING:
    from ocnetview.collectors.kube_client import Api
    from ocnetview.collectors.kube_pods import NodePods


class KubeCollector:
    """Gives the pods that the API binds to this node, again after each change."""

    name = "kube"
    kind = SourceKind.PODS

    def __init__(self, settings: Settings) -> None:
        """Ask the API with what the settings, or the place we run in, offer."""
        self._settings = settings
        try:
            self.where = find_credential(settings).where
        except CollectorError:
            self.where = settings.kubeconfig  # told when it is used

    def watch(self, stop: Stop) -> Iterator[KubeFacts | How | Stale]:
        """Yield all pods, then again after each burst of events.

        Raises:
            CollectorError: the API cannot be asked, or does not answer as one.
            SourceAbsentError: nothing here gives a right to ask it.
        """
        rest = Rest()
        with suppress(InterruptedError):
            while not stop:
                yield from self._connected(stop, rest)
                rest.before_next(stop)

    def _connected(self, stop: Stop, rest: Rest) -> Iterator[KubeFacts | How | Stale]:
        """Yield the facts until the credential is no longer good."""
        api, pods = ask_unless_stopped(
            stop, self._connect, lambda late: late[0].close()
        )
        from ocnetview.collectors.kube_reply import (  # noqa: PLC0415 - as in _connect
            UNAUTHORIZED,
            StatusError,
        )

        with closing(api):
            try:
                yield from pods.follow(stop, rest)
            except StatusError as error:
                # One that was good until now may have been renewed: it is read anew.
                if error.code != UNAUTHORIZED or not pods.listed:
                    raise api.failure("ask for the pods", error) from error
                yield Stale("the credential is good no longer: reading it anew")

    def _connect(self) -> tuple[Api, NodePods]:
        """Return the API and the pods that will be read from it."""
        credential = find_credential(self._settings)
        # Here, for what they cost: where there is no credential, nothing.
        from ocnetview.collectors.kube_client import Api  # noqa: PLC0415
        from ocnetview.collectors.kube_config import configure  # noqa: PLC0415
        from ocnetview.collectors.kube_node import confirmed  # noqa: PLC0415
        from ocnetview.collectors.kube_pods import NodePods  # noqa: PLC0415
        from ocnetview.collectors.node_name import find_node_name  # noqa: PLC0415

        with ExitStack() as held:
            configuration = configure(credential, self._settings, held)
            certificate = token = ""
            if credential.whose is Whose.KUBELET:
                certificate = str(configuration.cert_file or "")
            elif credential.whose is Whose.ACCOUNT:
                token = f"{credential.where}/token"
            node = find_node_name(self._settings, certificate, token)
            api = Api(configuration, held.pop_all())
        confirm = partial(confirmed, api, self._settings.proc, credential.whose)
        return api, NodePods(api, node, confirm)
