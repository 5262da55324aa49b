"""Row of Open vSwitch's Interface table -> the pod that its external_ids name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ocnetview.facts import OvsInterface
from ocnetview.frozen import dataclass
from ocnetview.match.claims import Claim, Identities, is_live
from ocnetview.match.kernel import Kernel
from ocnetview.match.networks import plain_address
from ocnetview.model import Bridge, EvidenceKind, Pod, Port

SOURCE = "ovsdb"
_SANDBOX = ("sandbox", "container-id", "container_id")
"""OpenShift SDN and OVN-Kubernetes; Antrea; ovs-docker."""
_IFNAME = ("pod-if-name", "if-dev", "container_iface")
_MAC = ("attached_mac", "attached-mac", "mac_address")
_ADDRESSES = ("ip_addresses", "ip-address", "ip")
_NAD = "k8s.ovn.org/nad"


@dataclass(frozen=True, slots=True)
class Named:
    """What a row's external_ids say of the pod behind its port."""

    sandbox: str = ""
    uid: str = ""
    namespace: str = ""
    name: str = ""
    ifname: str = ""
    mac: str = ""
    addresses: tuple[str, ...] = ()
    """Without prefix length."""
    network: str = ""
    """The NetworkAttachmentDefinition, namespace/name; empty for the default."""
    function: bool = False
    """Claims that the pod has an SR-IOV function, this row its representor."""

    @property
    def identity(self) -> bool:
        """Claim that it says whose the port is, other than by address."""
        return bool(self.sandbox or self.uid or self.name)


@dataclass(frozen=True, slots=True)
class RowClaim:
    """A row, what it says, and the pod that is known by that."""

    port: Port
    says: Named
    pod: Pod | None
    how: str = ""
    """The keys and values that lead to the pod."""
    contradiction: str = ""
    """What else in the row leads to another pod, in words."""


def read_row(row: OvsInterface) -> Named:
    """Return what external_ids say, by the keys of whichever CNI wrote them."""
    ids = row.external_ids
    if not ids:
        return Named()
    name, namespace = _pod_name(ids)
    return Named(
        sandbox=_first(ids, _SANDBOX),
        uid=ids.get("iface-id-ver", ""),
        namespace=namespace,
        name=name,
        ifname=_first(ids, _IFNAME),
        mac=_first(ids, _MAC).lower(),
        addresses=_split(_first(ids, _ADDRESSES)),
        network=ids.get(_NAD, ""),
        function="vf-netdev-name" in ids or ids.get("vf-is-vfio") == "true",
    )


def _first(ids: Mapping[str, str], keys: tuple[str, ...]) -> str:
    for key in keys:
        if ids.get(key):
            return ids[key]
    return ""


def _split(text: str) -> tuple[str, ...]:
    """Return the addresses of a comma list, in whatever form they are written."""
    return tuple(filter(None, map(plain_address, text.split(",")))) if text else ()


def _pod_name(ids: Mapping[str, str]) -> tuple[str, str]:
    """Return the pod's name and namespace; empty where they are not said.

    Antrea and kube-ovn say them; OVN-Kubernetes' iface-id is NAMESPACE_POD, after
    the network's own prefix and _ on another network than the default one (its
    parts have `.` for `-` and `/`). No Kubernetes name has a `_`.
    """
    for name, namespace in (
        ("pod-name", "pod-namespace"),
        ("pod_name", "pod_namespace"),
    ):
        if ids.get(name):
            return ids[name], ids.get(namespace, "")
    parts = ids.get("iface-id", "").split("_")
    if len(parts) < 2:  # noqa: PLR2004 - a namespace and a name
        return "", ""
    return parts[-1], parts[-2]


def claim_rows(bridges: Iterable[Bridge], known: Identities) -> tuple[RowClaim, ...]:
    """Return what each row of Open vSwitch that says anything says."""
    return tuple(
        _identified(port, said, known)
        for bridge in bridges
        for port in bridge.ports
        if port.ovs is not None and port.ovs.external_ids
        for said in (read_row(port.ovs),)
        if said.identity or said.mac or said.addresses
    )


def _identified(port: Port, said: Named, known: Identities) -> RowClaim:
    """Return the row with the pod that it names: by sandbox, uid, or name last."""
    ways = (
        (known.ids.get(said.sandbox), "sandbox", said.sandbox),
        (known.uids.get(said.uid), "iface-id-ver", said.uid),
        (_by_name(said, known), "pod", f"{said.namespace}/{said.name}"),
    )
    pod = next((pod for pod, _, _ in ways if pod), None)
    if pod is None:
        return RowClaim(port, said, None)
    same: list[str] = []
    others: list[str] = []
    for other, key, value in ways:
        if other and other.key == pod.key:
            same.append(f"{key} {value}")
        elif other and not _same_name(other, pod):
            others.append(f"{key} {value} is {other.title}")
    return RowClaim(port, said, pod, ", ".join(same), "; ".join(others))


def _by_name(said: Named, known: Identities) -> Pod | None:
    """Return the pod of the name that a row says."""
    return known.named(said.namespace, said.name) if said.name else None


def _same_name(one: Pod, other: Pod) -> bool:
    """Claim that one is the other made anew: StatefulSets keep their names."""
    return one.title == other.title


def claims(rows: Iterable[RowClaim]) -> Iterator[Claim]:
    """Yield the claims of rows that name a live pod by its live sandbox."""
    for row in rows:
        pod, said = row.pod, row.says
        if pod is None or not is_live(pod) or _is_earlier(pod, said.sandbox):
            continue
        yield Claim(
            EvidenceKind.OVS,
            SOURCE,
            row.port.name,
            f"external_ids of {row.port.name}: {row.how}",
            pod.key,
            ifname=said.ifname,
            mac=said.mac,
            addresses=said.addresses,
            network=said.network,
            port=_living(row.port),
            representor=said.function,
        )


def _living(port: Port) -> str:
    """Return the key of a port; none for a stale one, which leads to no pod."""
    return "" if port.state == "no device" else port.key


def _is_earlier(pod: Pod, sandbox: str) -> bool:
    """Claim that a row is left from an earlier attempt of the pod."""
    return any(attempt.id == sandbox for attempt in pod.attempts)


def claims_by_address(
    rows: Iterable[RowClaim], pods: Iterable[Pod], kernel: Kernel
) -> Iterator[Claim]:
    """Yield the claims of rows that name no pod, by a MAC or address of one pod only.

    Addresses repeat between networks, and a pod that moves to another node has its
    own twice: what is not one live pod's alone says nothing.
    """
    nameless = [row for row in rows if not row.says.identity]
    if not nameless:
        return
    owners = _by_address(pods, kernel)
    for row in nameless:
        texts = [*row.says.addresses, row.says.mac, address_of_mac(row.says.mac)]
        found = [
            (text, owners[text]) for text in texts if len(owners.get(text, ())) == 1
        ]
        keys = {key for _, (key,) in found}
        if len(keys) == 1:
            yield Claim(
                EvidenceKind.ADDRESS,
                SOURCE,
                row.port.name,
                f"external_ids of {row.port.name}: {found[0][0]}",
                keys.pop(),
                mac=row.says.mac,
                addresses=row.says.addresses,
                port=_living(row.port),
            )


def _by_address(pods: Iterable[Pod], kernel: Kernel) -> dict[str, set[str]]:
    """Return the keys of the live pods by each of their MACs and addresses."""
    owners: dict[str, set[str]] = defaultdict(set)
    for pod in pods:
        on_host = pod.netns is not None and pod.netns == kernel.host
        if pod.host_network or on_host or not is_live(pod):
            continue
        for address in pod.addresses:
            owners[plain_address(address)].add(pod.key)
        inside = kernel.namespaces.get(pod.netns) if pod.netns else None
        for link in (inside.links or ()) if inside else ():
            owners[link.mac].add(pod.key)
            for address in link.addresses:
                owners[plain_address(address)].add(pod.key)
    owners.pop("", None)
    return owners


def address_of_mac(mac: str) -> str:
    """Return the IPv4 address that OpenShift's CNIs put into a MAC: 0a:58 + address."""
    parts = mac.split(":")
    if len(parts) != 6 or parts[:2] != ["0a", "58"]:  # noqa: PLR2004 - a MAC's bytes
        return ""
    try:
        return ".".join(str(int(part, 16)) for part in parts[2:])
    except ValueError:
        return ""
