"""What the sources say of a pod that cannot all be true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ocnetview.match import shapes
from ocnetview.match.claims import is_live, sandboxes
from ocnetview.match.claims_ovs import RowClaim
from ocnetview.match.counterparts import Homes
from ocnetview.match.drafts import Draft
from ocnetview.match.kernel import leads_to, may_be
from ocnetview.match.networks import plain_address
from ocnetview.model import Pod, PodKind


def about_rows(
    rows: Iterable[RowClaim], pods: Iterable[Pod], homes: Homes
) -> Mapping[str, tuple[str, ...]]:
    """Return, by pod key, whose ports Open vSwitch says are another pod's.

    Of a row that names one pod while its device leads to another, both are told.
    """
    by_key = {pod.key: pod for pod in pods}
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.contradiction and row.pod is not None:
            text = f"OVS port {row.port.name}: {row.how}, but {row.contradiction}"
            found[row.pod.key].append(text)
        link = row.port.link
        there = leads_to(link, homes.kernel) if link else None
        if link is None or there is None or there == link.netns:
            continue
        owner = homes.owners.get(there)
        behind = by_key[owner.key] if owner else None
        if not _differ(row, behind):
            continue
        if row.pod and row.pod.netns and may_be(row.pod.netns, there, homes.kernel):
            continue
        said = row.pod.title if row.pod else f"sandbox {row.says.sandbox[:13]}"
        real = behind.title if behind else str(there)
        text = (
            f"OVS port {row.port.name} is of {said} by {row.how or 'external_ids'},"
            f" but the kernel leads to {real}"
        )
        for pod in (row.pod, behind):
            if pod is not None and (pod is behind or is_live(pod)):
                found[pod.key].append(text)
    return {key: tuple(dict.fromkeys(texts)) for key, texts in found.items()}


def _differ(row: RowClaim, behind: Pod | None) -> bool:
    """Claim that a row names another pod than the one its device leads to."""
    said = row.pod
    if said is None:
        # Nobody knows the sandbox: then it is not the one of a pod that we know.
        known = behind is not None and behind.kind is PodKind.POD and sandboxes(behind)
        return bool(known and row.says.sandbox)
    if behind is None:
        return said.netns is not None and is_live(said)
    same = said.key == behind.key or (said.netns and said.netns == behind.netns)
    return not same and behind.kind is not PodKind.NETNS


def about_addresses(pod: Pod, drafts: list[Draft]) -> tuple[str, ...]:
    """Return which addresses others give a pod that the kernel does not know there.

    Not where a virtual machine or gVisor has taken them, nor of an interface that
    has none at all: then it is still being made.
    """
    found = _claimed(drafts) + _runtime(pod, drafts)
    if not found or shapes.withholds(pod):
        return ()
    links = [draft.link for draft in drafts if draft.link]
    return () if shapes.is_vm(links) else tuple(found)


def _claimed(drafts: list[Draft]) -> list[str]:
    """Return the addresses of the rows of Open vSwitch that the interfaces lack."""
    found: list[str] = []
    for draft in drafts:
        if draft.link is None or not draft.claims:
            continue
        own, agreed, name = draft.addresses, draft.agreed, draft.link.name
        for claim in draft.claims:
            if claim.source != "ovsdb" or claim.says not in agreed:
                continue
            strange = [a for a in claim.addresses if a not in own] if own else []
            if strange:
                found.append(
                    f"OVS port {claim.says} gives {', '.join(strange)},"
                    f" the kernel has {', '.join(own)} on {name}"
                )
            if claim.mac and draft.link.mac and claim.mac != draft.link.mac:
                found.append(
                    f"OVS port {claim.says} gives {claim.mac},"
                    f" the kernel has {draft.link.mac} on {name}"
                )
    return found


def _runtime(pod: Pod, drafts: list[Draft]) -> list[str]:
    """Return the addresses of the sandbox that none of its interfaces has."""
    sandbox = pod.sandbox
    if sandbox is None or not sandbox.ready or not sandbox.addresses:
        return []
    own = {address for draft in drafts for address in draft.addresses}
    said = [a for a in map(plain_address, sandbox.addresses) if a]
    strange = [a for a in said if a not in own] if own else []
    if not strange:
        return []
    has = ", ".join(sorted(own))
    return [f"{sandbox.runtime} gives {', '.join(strange)}, the kernel has {has}"]
