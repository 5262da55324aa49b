"""The name in a certificate, as real tools write certificates."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from collectors.kube_shapes import KUBELET
from collectors.kube_watching import make_keys, needs_openssl
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.collectors.kube_certificate import common_name

_DER = base64.b64decode(b"".join(KUBELET.split(b"-----")[2].split()))


def _pem(der: bytes) -> bytes:
    body = base64.encodebytes(der)
    return b"-----BEGIN CERTIFICATE-----\n%s-----END CERTIFICATE-----\n" % body


def test_the_subject_is_told_not_the_issuer() -> None:
    """A kubelet's file holds its key and its certificate, in any order."""
    key = b"-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"
    assert common_name(KUBELET) == "system:node:worker-0.example"
    assert common_name(key + KUBELET) == "system:node:worker-0.example"
    assert common_name(KUBELET + _pem(b"0")) == "system:node:worker-0.example"


@needs_openssl
@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("/O=system:nodes/CN=system:node:a.b", "system:node:a.b"),
        ("/CN=system:node:a/OU=x/L=y", "system:node:a"),
        ("/CN=" + "n" * 64 + "/O=" + "o" * 64, "n" * 64),
        ("/CN=na\u00efve", "na\u00efve"),
    ],
)
def test_every_certificate_of_openssl_is_read(
    tmp_path: Path, subject: str, name: str
) -> None:
    """One signed by an authority has another issuer, and lengths of any form."""
    file, _ = make_keys(tmp_path).signed("a", subject)
    assert common_name(Path(file).read_bytes()) == name


@needs_openssl
def test_a_certificate_without_a_common_name_is_none(tmp_path: Path) -> None:
    """Another attribute is not taken for it."""
    file, _ = make_keys(tmp_path).signed("a", "/O=system:node:a")
    with pytest.raises(ValueError, match="without a common name"):
        common_name(Path(file).read_bytes())


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----",
        _pem(b""),
        _pem(b"\x30"),
        _pem(b"\x30\x80\x00\x00"),
        _pem(b"\x30\x88" + b"\xff" * 8),
        _pem(b"\x02\x01\x00"),
    ],
)
def test_what_is_no_certificate_is_an_error(file: bytes) -> None:
    """Half-written and foreign files name nobody."""
    with pytest.raises(ValueError, match="certificate"):
        common_name(file)


@given(st.binary(max_size=200))
def test_random_bytes_are_no_certificate(der: bytes) -> None:
    """Whatever the file holds, it is refused as a value."""
    with pytest.raises(ValueError, match=r"certificate|X.509|codec"):
        common_name(_pem(der))


@given(at=st.integers(0, len(_DER) - 1), byte=st.integers(0, 255))
def test_a_spoilt_certificate_gives_a_name_or_an_error(at: int, byte: int) -> None:
    """No byte of it leads astray."""
    try:
        name = common_name(_pem(_DER[:at] + bytes([byte]) + _DER[at + 1 :]))
    except ValueError:
        return
    assert isinstance(name, str)
