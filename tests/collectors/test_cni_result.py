"""Files of the CNI result cache: recorded ones, and every form of the specification."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.collectors.cni_result import read_interfaces, read_result
from ocnetview.facts import CniInterface

RECORDINGS = Path(__file__).parents[1] / "recordings" / "cni"
_ID = "0ea9e448153771ed780b3322aa7f04f559286acb1ffa7d5aa9272809a396838e"


def cached(**fields: Any) -> bytes:  # noqa: ANN401 - JSON of any shape
    """Return a file with these fields."""
    whole = {"kind": "cniCacheV1", "containerId": "c", "ifName": "eth0", **fields}
    return json.dumps(whole).encode()


def test_a_recorded_file_names_sandbox_interface_and_pod() -> None:
    """What containerd's libcni wrote for a pod, but nothing of its configuration."""
    path = RECORDINGS / f"openshift-sdn-{_ID}-eth0"
    result = read_result(str(path), path.read_bytes())
    assert (result.network, result.container_id, result.ifname) == (
        "openshift-sdn",
        _ID,
        "eth0",
    )
    netns = "/var/run/netns/cni-efdb2b3d-0a2f-f1f5-750b-106539013bf1"
    eth0 = CniInterface("eth0", netns, "0a:58:0a:81:00:06", ("10.129.0.6/23",))
    assert result.interfaces == (eth0,)
    assert result.addresses == ()
    said = json.loads(path.read_bytes())
    arguments = dict(said["cniArgs"])
    namespace, name = arguments["K8S_POD_NAMESPACE"], arguments["K8S_POD_NAME"]
    assert result.pod == f"{namespace}/{name}"
    assert said["config"] not in repr(result)


def test_each_address_is_its_interfaces() -> None:
    """A bridge plugin's result (0.3.1): bridge and veth outside, eth0 with both."""
    interfaces = [
        {"name": "cni0", "mac": "8E:14:0e:0e:f1:b0"},
        {"name": "vethc4b25c20", "mac": "7e:a5:58:f4:d9:93"},
        {"name": "eth0", "mac": "4a:a6:1c:d8:66:2d", "sandbox": "/var/run/netns/n"},
    ]
    ips = [
        {"version": "4", "interface": 2, "address": "10.85.0.17/16"},
        {"version": "6", "interface": 2, "address": "1100:200::f/24"},
    ]
    both = ("10.85.0.17/16", "1100:200::f/24")
    assert read_interfaces({"interfaces": interfaces, "ips": ips}) == (
        (
            CniInterface("cni0", mac="8e:14:0e:0e:f1:b0"),
            CniInterface("vethc4b25c20", mac="7e:a5:58:f4:d9:93"),
            CniInterface("eth0", "/var/run/netns/n", "4a:a6:1c:d8:66:2d", both),
        ),
        (),
    )


@pytest.mark.parametrize(
    "result",
    [
        {"cniVersion": "0.2.0", "ip4": {"ip": "10.1.0.5/16"}, "ip6": {"ip": "fd00::5"}},
        {"ips": [{"address": "10.1.0.5/16"}, {"address": "fd00::5", "interface": 7}]},
        {"ips": [{"address": "10.1.0.5/16", "interface": -1}, {"address": "fd00::5"}]},
    ],
)
def test_an_address_without_an_interface_is_kept(result: dict[str, Any]) -> None:
    """CNI 0.2 has no interfaces, and later an index may be missing or lead nowhere."""
    assert read_interfaces(result) == ((), ("10.1.0.5/16", "fd00::5"))


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        (f"my-net-{_ID}-eth0", ("my-net", _ID, "eth0")),
        (f"a-{_ID}-eth-0", ("a", _ID, "eth-0")),
        ("my-net-cnitool1234-net1", ("my-net", "cnitool1234", "net1")),
    ],
)
def test_an_old_file_is_the_bare_result(name: str, whose: tuple[str, ...]) -> None:
    """Before cniCacheV1 the file's name said whose result it is."""
    content = b'{"cniVersion":"0.2.0","ip4":{"ip":"10.1.0.5/16"}}'
    result = read_result(f"/var/lib/cni/results/{name}", content)
    assert (result.network, result.container_id, result.ifname) == whose
    assert result.addresses == ("10.1.0.5/16",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b'{"kind":"cniCa', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "no JSON object"),
        (b"{}", "not of kind"),
        (b'{"kind":"cniCacheV2"}', "not of kind"),
        (cached(containerId=7), "names no container"),
        (cached(ifName=None), "names no container or no interface"),
        (b'{"cniVersion":"0.2.0"}', "NETWORK-CONTAINER-IFNAME"),
    ],
)
def test_what_is_no_result_is_refused(content: bytes, words: str) -> None:
    """Each broken file says what it is instead."""
    with pytest.raises(ValueError, match=words):
        read_result("/x/file", content)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["interfaces", "ips", "ip4", "name", "sandbox", "interface", "address"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(result=_JSON, arguments=_JSON, network=_JSON)
def test_any_json_is_read_or_refused(
    result: object, arguments: object, network: object
) -> None:
    """Wrong types anywhere leave things out and never raise anything else."""
    content = cached(result=result, cniArgs=arguments, networkName=network)
    read = read_result("/x/file", content)
    assert all(type(a) is str for i in read.interfaces for a in i.addresses)
    assert type(read.network) is str
