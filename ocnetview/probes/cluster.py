"""Asks the Kubernetes API for other nodes, and for a service, when they are wanted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from ocnetview.collectors.base import Stop
from ocnetview.collectors.kube_credentials import find_credential
from ocnetview.collectors.request import ask_unless_stopped
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, ProbeAbsentError, ProbeError
from ocnetview.facts.cluster import NodesFacts, OtherNode, ServiceFacts

if TYPE_CHECKING:
    from ocnetview.collectors.kube_client import Api

_T = TypeVar("_T")
_NODES = "/api/v1/nodes"
_HOST_SUBNETS = "/apis/network.openshift.io/v1/hostsubnets"
_PAGE = {"limit": "500", "resourceVersion": "0"}
_MOST_PAGES = 40
"""Four times the nodes of the largest clusters that Kubernetes is made for (5000)."""
_REFUSED, _NOT_FOUND = 403, 404
_LIST_NODES = "needs list on nodes: a ClusterRole"
_READ_SERVICE = (
    "needs get on services and list on endpointslices of discovery.k8s.io"
    " in this namespace: a Role"
)

_LIST_SERVICES = "needs list on services of all namespaces: a ClusterRole"


class LiveCluster:
    """Asks the API that this node's cluster has, each thing once."""

    def __init__(self, settings: Settings) -> None:
        """Take how the API is reached; nothing is asked yet."""
        self._settings = settings
        self._lock = threading.Lock()
        self._nodes: NodesFacts | None = None

    def nodes(self, stop: Stop) -> NodesFacts:
        """Return the nodes of the cluster, as they were when they were first wanted.

        Raises:
            ProbeError: the API cannot be asked.
        """
        with self._lock:
            known = self._nodes
        if known is None:
            known = self._ask("cluster", "list its nodes", _LIST_NODES, _nodes, stop)
            with self._lock:
                self._nodes = known
        return known

    def service(self, namespace: str, name: str, stop: Stop) -> ServiceFacts:
        """Return a service with its endpoints.

        Raises:
            ProbeError: the API cannot be asked, or there is no such service.
        """

        def read(api: Api) -> ServiceFacts:
            return _service(api, namespace, name)

        who = f"service {namespace}/{name}"
        return self._ask(who, "read it", _READ_SERVICE, read, stop)

    def service_at(self, address: str, stop: Stop) -> ServiceFacts | None:
        """Return the service that has this cluster IP; None where none has it.

        Raises:
            ProbeError: the API cannot be asked.
        """

        def read(api: Api) -> ServiceFacts | None:
            return _service_at(api, address)

        who, doing = f"address {address}", "tell if a service has it"
        return self._ask(who, doing, _LIST_SERVICES, read, stop)

    def _ask(
        self, who: str, doing: str, right: str, read: Callable[[Api], _T], stop: Stop
    ) -> _T:
        """Return what the API says; `right` is what it takes where it refuses."""
        from ocnetview.collectors.kube_reply import (  # noqa: PLC0415 - as in _api
            StatusError,
        )

        def ask() -> _T:
            with _api(self._settings) as api:
                return read(api)

        try:
            return ask_unless_stopped(stop, ask)
        except InterruptedError:
            raise ProbeError(who, doing, "told to stop") from None
        except StatusError as error:
            if error.code == _NOT_FOUND:
                raise ProbeAbsentError(
                    who, doing, "there is none of this name"
                ) from None
            hint = right if error.code == _REFUSED else ""
            raise ProbeError(who, doing, f"the API answers {error}", hint) from error
        except CollectorError as error:
            raise ProbeError(who, doing, error.reason, error.hint) from error
        except ValueError as error:
            raise ProbeError(who, doing, str(error)) from error


@contextmanager
def _api(settings: Settings) -> Iterator[Api]:
    """Give the API, imported and connected now: few want it."""
    credential = find_credential(settings)
    from ocnetview.collectors.kube_client import Api  # noqa: PLC0415 - 260 ms
    from ocnetview.collectors.kube_config import configure  # noqa: PLC0415 - as above

    with ExitStack() as held:
        configuration = configure(credential, settings, held)
        api = Api(configuration, held.pop_all())
    with closing(api):
        yield api


def _nodes(api: Api) -> NodesFacts:
    """Return the Nodes, and what HostSubnets add to them where there are any."""
    from ocnetview.collectors import kube_cluster  # noqa: PLC0415 - as in _api
    from ocnetview.collectors.kube_reply import StatusError  # noqa: PLC0415 - as above

    nodes = _all(api, _NODES, kube_cluster.read_nodes)
    try:
        subnets = _all(api, _HOST_SUBNETS, kube_cluster.read_host_subnets)
    except StatusError as error:
        if error.code not in (_REFUSED, _NOT_FOUND):
            raise
        subnets = ()  # a cluster without OpenShift SDN, or one that hides them
    found = tuple(kube_cluster.joined(nodes, subnets))
    return NodesFacts("nodes of the API", time.time(), found)


def _all(
    api: Api, path: str, read: Callable[[object], tuple[tuple[OtherNode, ...], str]]
) -> tuple[OtherNode, ...]:
    """Return what all pages of a list say.

    Raises:
        ValueError: there are more than any cluster has.
    """
    found, more = read(api.get(path, _PAGE))
    for _ in range(_MOST_PAGES):
        if not more:
            return found
        page, more = read(api.get(path, {"limit": _PAGE["limit"], "continue": more}))
        found += page
    raise ValueError(f"the API's list does not end after {_MOST_PAGES} pages")


def _service(api: Api, namespace: str, name: str) -> ServiceFacts:
    """Return the Service and the endpoints of its slices."""
    from ocnetview.collectors import kube_cluster  # noqa: PLC0415 - as in _api

    # A name that somebody typed leads to nothing else than a service.
    within, called = quote(namespace, safe=""), quote(name, safe="")
    addresses, ports = kube_cluster.read_service(
        api.get(f"/api/v1/namespaces/{within}/services/{called}")
    )
    slices = api.get(
        f"/apis/discovery.k8s.io/v1/namespaces/{within}/endpointslices",
        {"labelSelector": f"kubernetes.io/service-name={name}"},
    )
    endpoints = tuple(kube_cluster.read_endpoints(slices, ports))
    source = "services and endpointslices of the API"
    return ServiceFacts(
        source, time.time(), namespace, name, addresses, ports, endpoints
    )


def _service_at(api: Api, address: str) -> ServiceFacts | None:
    """Return the service with this cluster IP, which the API has an index of."""
    from ocnetview.collectors import kube_cluster  # noqa: PLC0415 - as in _api

    query = {"fieldSelector": f"spec.clusterIP={address}", "limit": "1"}
    found = kube_cluster.read_named(api.get("/api/v1/services", query))
    return _service(api, *found) if found else None
