"""What a scrap of text may be."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.match import scraps

ID, INNER = "ab" * 32, "cd" * 32
UID = "0c585374-46b3-4332-a45c-33ffc39b170c"
HASH = "2ca5414c3e2a6991576c2c04c337b34a"
SLICE = "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod"


@pytest.mark.parametrize(
    ("scrap", "pid", "namespace"),
    [
        ("12", 12, False),
        ("/proc/12", 12, False),
        ("/proc/12/", 12, False),
        ("/proc/12/cgroup", 12, False),
        ("/proc/12/ns/net", 12, True),
        ("/proc/12/task/13/ns/net", 13, True),
        ("/proc/12/task/13", 13, False),
        ("/proc/x", None, False),
        ("/proc/12x", None, False),
        ("12x", None, False),
        ("١٢", None, False),
        ("1" * 400, None, False),
        ("", None, False),
    ],
)
def test_pids(scrap: str, pid: int | None, namespace: bool) -> None:  # noqa: FBT001 - a case
    """A number, or a path in /proc, of which some are namespaces."""
    assert (scraps.pid_in(scrap), scraps.names_namespace(scrap)) == (pid, namespace)


@pytest.mark.parametrize(
    ("scrap", "inode"),
    [
        ("4026531840", 4026531840),
        ("net:[4026531840]", 4026531840),
        ("[4026531840]", 4026531840),
        ("mnt:[4026531840]", None),
        ("net:[]", None),
    ],
)
def test_inodes(scrap: str, inode: int | None) -> None:
    """As stat prints it, and as readlink of /proc/PID/ns/net does."""
    assert scraps.inode_in(scrap) == inode


@pytest.mark.parametrize(
    ("scrap", "path"),
    [
        ("/run/netns/blue", "/run/netns/blue"),
        ("/var/run/netns/blue/", "/run/netns/blue"),
        ("/host/run/netns/blue", "/run/netns/blue"),
        ("/proc/1/root/var/run/netns/blue", "/run/netns/blue"),
        ("/mnt/run/netns/blue", "/run/netns/blue"),
        ("blue", ""),
        ("/", ""),
    ],
)
def test_pins(scrap: str, path: str) -> None:
    """However the path of a pin is written, it is the node's own."""
    assert scraps.pin_in(scrap, "/mnt") == path


@pytest.mark.parametrize(
    ("scrap", "port"),
    [
        ("br0:7", ("br0", 7)),
        ("br0:LOCAL", ("br0", 65534)),
        ("br0:local", ("br0", 65534)),
        ("br:x:7", ("br:x", 7)),
        ("br0:", None),
        (":7", None),
        ("br0", None),
        ("br0:x", None),
    ],
)
def test_ofports(scrap: str, port: tuple[str, int] | None) -> None:
    """BRIDGE:NUMBER, as OpenFlow counts, LOCAL too."""
    assert scraps.ofport_in(scrap) == port


@pytest.mark.parametrize(
    ("scrap", "mac"),
    [
        ("0A:58:0a:80:00:07", "0a:58:0a:80:00:07"),
        ("0a-58-0a-80-00-07", "0a:58:0a:80:00:07"),
        ("0a58.0a80.0007", "0a:58:0a:80:00:07"),
        ("0a580a800007", ""),
        ("0a:58:0a:80:00", ""),
        ("gg:58:0a:80:00:07", ""),
    ],
)
def test_macs(scrap: str, mac: str) -> None:
    """With colons, hyphens or dots; bare digits are an id's beginning."""
    assert scraps.mac_in(scrap) == mac


@pytest.mark.parametrize(
    ("scrap", "address"),
    [
        ("10.128.0.7", "10.128.0.7"),
        ("10.128.0.7/23", "10.128.0.7"),
        ("FD00:0::1/64", "fd00::1"),
        ("[fd00::1]", "fd00::1"),
        ("10.128.0", None),
        ("x", None),
    ],
)
def test_addresses(scrap: str, address: str | None) -> None:
    """IPv4 and IPv6, with a prefix length or between brackets."""
    assert scraps.address_in(scrap) == (ip_address(address) if address else None)


@pytest.mark.parametrize(
    ("scrap", "prefix"),
    [
        (ID, ID),
        ("ABAB", "abab"),
        (f"cri-o://{ID}", ID),
        (f"containerd://{ID}", ID),
        ("docker://abab", "abab"),
        ("docker://xyz", ""),
        ("://ab", ""),
        ("xyz", ""),
    ],
)
def test_ids(scrap: str, prefix: str) -> None:
    """With the runtime before it, as the API writes it, or bare."""
    assert scraps.id_in(scrap) == prefix


@pytest.mark.parametrize(
    ("scrap", "containers", "pod"),
    [
        (f"{SLICE}{UID.replace('-', '_')}.slice/crio-{ID}.scope", (ID,), UID),
        (f"0::{SLICE}{UID.replace('-', '_')}.slice/crio-{ID}.scope", (ID,), UID),
        (f"/sys/fs/cgroup{SLICE}{HASH}.slice", (), HASH),
        (f"kubepods-pod{UID.replace('-', '_')}.slice", (), UID),
        (f"/kubepods/burstable/pod{UID}/{ID}", (ID,), UID),
        (f"cri-containerd-{ID}.scope", (ID,), ""),
        (f"/system.slice/crio-conmon-{ID}.scope", (ID,), ""),
        (f"/docker/{ID}/kubelet/pod{UID}/{INNER}", (INNER, ID), UID),
        (f"/docker/{ID}/init.scope", (ID,), ""),
        (f"system.slice:docker:{ID}", (ID,), ""),
        ("/user.slice/user-1000.slice", (), ""),
        (f"/x/podcast-{HASH}", (), ""),
    ],
)
def test_cgroups(scrap: str, containers: tuple[str, ...], pod: str) -> None:
    """The containers' ids, the innermost first, and the pod's uid."""
    assert (scraps.containers_in(scrap), scraps.pod_in(scrap)) == (containers, pod)


def test_uids() -> None:
    """Eight digits at least; as the API writes it, or as a cgroup does."""
    assert scraps.uid_in(UID[:8].upper()) == UID[:8]
    assert scraps.uid_in(UID.replace("-", "_")) == UID
    assert scraps.uid_in(UID[:7]) == ""
    assert scraps.uid_in("no uid at all") == ""


@given(st.text(max_size=80))
def test_no_text_is_too_odd(scrap: str) -> None:
    """Whatever is typed, it is something or nothing."""
    scraps.pid_in(scrap)
    scraps.inode_in(scrap)
    scraps.address_in(scrap)
    scraps.ofport_in(scrap)
    assert scraps.id_in(scrap) == "" or scrap
    assert isinstance(scraps.mac_in(scrap), str)
    assert isinstance(scraps.containers_in(scrap), tuple)
    assert scraps.pin_in(scrap) == "" or scraps.pin_in(scrap)[0] == "/"
