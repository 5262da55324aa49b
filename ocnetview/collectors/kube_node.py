"""Whether the API knows this node by the name that was found."""

from __future__ import annotations

from contextlib import suppress

from ocnetview.collectors.kube_client import Api
from ocnetview.collectors.kube_credentials import Whose
from ocnetview.collectors.kube_reply import NOT_FOUND, StatusError, read_boot_id
from ocnetview.collectors.node_name import NodeName
from ocnetview.errors import CollectorError, SourceAbsentError

_BOOT_ID = "sys/kernel/random/boot_id"
"""Below the proc file system: the same in every namespace of a machine."""


def confirmed(api: Api, proc: str, whose: Whose, node: NodeName) -> NodeName:
    """Return the name with what the API's Node says of it.

    Its boot id, when it is this kernel's, proves that it is this machine; another
    one is a machine of the same name in another cluster, or one that has not told of
    its restart yet.

    Raises:
        SourceAbsentError: no such node, in a cluster that nobody said we are of.
        CollectorError: no such node, or no answer.
    """
    try:
        theirs = read_boot_id(api.get(f"/api/v1/nodes/{node.name}"))
    except StatusError as error:
        if error.code != NOT_FOUND:
            return node._replace(origin=f"{node.origin}, not confirmed by the API")
        # A user's kubeconfig may be of any cluster, and often is of another one.
        ours = not (node.guessed and whose is Whose.USER)
        raise (CollectorError if ours else SourceAbsentError)(
            "kube",
            "find this node in the API",
            f"no node there is called {node.name}",
            "give --node-name",
        ) from None
    if not theirs:
        return node
    with suppress(OSError), open(f"{proc}/{_BOOT_ID}", encoding="ascii") as file:
        if file.read().strip() == theirs:
            return node._replace(origin=f"{node.origin}, confirmed by its boot id")
    return node._replace(origin=f"{node.origin}; the API's node has another boot id")
