"""A file of the CNI result cache, in every form that libcni has written."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from ocnetview.facts import CniInterface, CniResult
from ocnetview.untyped import list_of, object_of, objects_of, text_of

_KIND = "cniCacheV1"
_NAME = re.compile(
    r"(?P<network>.+)-(?P<container>[0-9a-f]{64})-(?P<ifname>[^-].*)"
    r"|(?P<network_>.+)-(?P<container_>[^-]+)-(?P<ifname_>[^-]+)",
    re.DOTALL,
)
"""`NETWORK-CONTAINER-IFNAME` (libcni getCacheFilePath); all may hold a hyphen."""


def read_result(path: str, content: bytes) -> CniResult:
    """Return what a file of the cache says, without its `config`.

    It is libcni's cachedInfo (pkg libcni, api.go); before cniCacheV1 it was the bare
    result, and the rest stands in the file's name alone.

    Raises:
        ValueError: it is neither, with what it is instead.
    """
    try:
        cached = json.loads(content)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    except ValueError as error:
        raise ValueError("not JSON") from error
    if not isinstance(cached, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - bad input, no bug
    if "kind" not in cached and "cniVersion" in cached:
        return _bare(path, cached)
    if cached.get("kind") != _KIND:
        raise ValueError(f"not of kind {_KIND}")
    container, ifname = (
        text_of(cached.get("containerId")),
        text_of(cached.get("ifName")),
    )
    if not container or not ifname:
        raise ValueError("names no container or no interface")
    interfaces, addresses = read_interfaces(cached.get("result"))
    return CniResult(
        path=path,
        network=text_of(cached.get("networkName")),
        container_id=container,
        ifname=ifname,
        interfaces=interfaces,
        addresses=addresses,
        pod=_pod(cached.get("cniArgs")),
    )


def _bare(path: str, result: Mapping[str, Any]) -> CniResult:
    """Return a result whose file's name says whose it is."""
    name = _NAME.fullmatch(path.rpartition("/")[2])
    if name is None:
        raise ValueError("its name is not NETWORK-CONTAINER-IFNAME")
    network, container, ifname = (
        name[field] or name[f"{field}_"] for field in ("network", "container", "ifname")
    )
    interfaces, addresses = read_interfaces(result)
    return CniResult(path, network, container, ifname, interfaces, addresses)


def read_interfaces(
    result: object,
) -> tuple[tuple[CniInterface, ...], tuple[str, ...]]:
    """Return a result's interfaces, and the addresses that it gives to none of them.

    From 0.3.0 on it has `interfaces` and `ips`, whose `interface` is an index into
    them and may be missing; before, `ip4` and `ip6` with one address each (CNI
    specification, "Result").
    """
    fields = object_of(result)
    named = objects_of(fields.get("interfaces"))
    by_index: defaultdict[int, list[str]] = defaultdict(list)
    unnamed: list[str] = []
    for entry in objects_of(fields.get("ips")):
        index, address = entry.get("interface"), text_of(entry.get("address"))
        if isinstance(index, int) and 0 <= index < len(named):
            by_index[index].append(address)
        else:
            unnamed.append(address)
    old = (text_of(object_of(fields.get(key)).get("ip")) for key in ("ip4", "ip6"))
    interfaces = tuple(
        CniInterface(
            name=text_of(entry.get("name")),
            netns_path=text_of(entry.get("sandbox")),
            mac=text_of(entry.get("mac")).lower(),
            addresses=tuple(filter(None, by_index[index])),
        )
        for index, entry in enumerate(named)
    )
    return interfaces, tuple(filter(None, (*unnamed, *old)))


def _pod(arguments: object) -> str:
    """Return the pod that the kubelet's runtime named in CNI_ARGS."""
    pairs = (tuple(map(text_of, list_of(pair))) for pair in list_of(arguments))
    said = dict(pair for pair in pairs if len(pair) == 2)  # noqa: PLR2004 - key, value
    name = said.get("K8S_POD_NAME")
    return f"{said.get('K8S_POD_NAMESPACE', '')}/{name}" if name else ""
