"""Whom a certificate names: the common name of its subject (RFC 5280)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple

_PEM = re.compile(
    rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----"
)
_SEQUENCE, _OID, _VERSION = 0x30, 0x06, 0xA0
_COMMON_NAME = b"\x55\x04\x03"
"""The object identifier 2.5.4.3, as DER has it."""
_UTF16, _UTF32 = 0x1E, 0x1C
"""BMPString and UniversalString; the others that are used are UTF-8 or less."""
_LONG_FORM = 0x80
_MAX_LENGTH = 4
"""Octets of a length: no certificate needs more."""


class _Value(NamedTuple):
    """A value of DER (X.690): tag and contents."""

    tag: int
    data: bytes


def common_name(pem: bytes) -> str:
    """Return the subject's common name in the first certificate of a PEM file.

    A file of the kubelet's holds its private key too; nothing of that is read.

    Raises:
        ValueError: there is no certificate, or one without a common name.
    """
    found = _PEM.search(pem)
    if found is None:
        raise ValueError("no certificate")
    try:
        der = base64.b64decode(b"".join(found[1].split()), validate=True)
    except binascii.Error as error:
        raise ValueError("a certificate that is no base64") from error
    certificate = _only(_values(der), _SEQUENCE)
    signed = _only(_values(certificate), _SEQUENCE)
    fields = [one for one in _values(signed) if one.tag != _VERSION]
    # TBSCertificate: serial number, signature, issuer, validity, subject, ...
    subject = _only(iter(fields[4:5]), _SEQUENCE)
    for names in _values(subject):
        for pair in _values(names.data):
            kind, *rest = _values(pair.data)
            if kind == (_OID, _COMMON_NAME) and rest:
                return _decoded(rest[0])
    raise ValueError("a certificate without a common name")


def _values(data: bytes) -> Iterator[_Value]:
    """Yield the values that stand one after the other."""
    at = 0
    while at < len(data):
        head, at = data[at : at + 2], at + 2
        if len(head) < 2:  # noqa: PLR2004 - a tag and a length
            raise ValueError("a certificate cut short")
        tag, length = head
        if length & _LONG_FORM:
            octets = length & ~_LONG_FORM
            if not 0 < octets <= _MAX_LENGTH:
                raise ValueError("a certificate with an impossible length")
            length = int.from_bytes(data[at : at + octets])
            at += octets
        if at + length > len(data):
            raise ValueError("a certificate cut short")
        yield _Value(tag, data[at : at + length])
        at += length


def _only(values: Iterator[_Value], tag: int) -> bytes:
    """Return the contents of the first value, which has to have this tag."""
    first = next(values, None)
    if first is None or first.tag != tag:
        raise ValueError("no X.509 certificate")
    return first.data


def _decoded(value: _Value) -> str:
    encodings = {_UTF16: "utf-16-be", _UTF32: "utf-32-be"}
    return value.data.decode(encodings.get(value.tag, "utf-8"))
