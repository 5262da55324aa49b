"""The collector's facts from a scripted server, and the keys of a made cluster."""

from __future__ import annotations

import queue
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from collectors.kube_server import KubeServer
from collectors.kube_shapes import NODE
from heard import news

from ocnetview.collectors.base import Stop
from ocnetview.collectors.kube import KubeCollector
from ocnetview.config import Settings
from ocnetview.errors import CollectorError
from ocnetview.facts import KubeFacts, KubePod

needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="makes certificates with openssl"
)


class Told:
    """What a collector's thread tells, in order."""

    def __init__(self, settings: Settings) -> None:
        self.stop = Stop()
        self._said: queue.SimpleQueue[KubeFacts | CollectorError] = queue.SimpleQueue()
        self._collector = KubeCollector(settings)
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            for facts in news(self._collector.watch(self.stop)):
                self._said.put(facts)
        except CollectorError as error:
            self._said.put(error)

    def next(self) -> KubeFacts:
        """Return the next facts, or raise what the collector raised."""
        said = self._said.get(timeout=30)
        if isinstance(said, CollectorError):
            raise said
        return said

    def until(self, enough: Callable[[KubeFacts], bool]) -> KubeFacts:
        """Return the first of the next facts that are as wanted."""
        while not enough(facts := self.next()):
            pass
        return facts

    def rest(self) -> list[KubeFacts | CollectorError]:
        """Return what was told and not taken yet."""
        return [self._said.get() for _ in range(self._said.qsize())]


@contextmanager
def watching(settings: Settings) -> Iterator[Told]:
    """Let a collector watch, and give what it tells."""
    told = Told(settings)
    told.thread.start()
    try:
        yield told
    finally:
        told.stop.set()
        told.thread.join()
        told.stop.close()


def asking(server: KubeServer, folder: Path, name: str = NODE) -> Settings:
    """Return settings that ask this server for the pods of a node."""
    path = server.kubeconfig(folder / "kubeconfig")
    return Settings(kubeconfig=path, node_name=name)


def by_name(facts: KubeFacts) -> dict[str, KubePod]:
    """Return the pods by their names."""
    return {pod.name: pod for pod in facts.pods}


@dataclass(frozen=True)
class Keys:
    """A cluster's authority, and what it signed."""

    folder: Path
    authority: str

    def server(self) -> ssl.SSLContext:
        """Return how a server of this cluster proves itself, asking whom it serves."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.signed("server", "/CN=apiserver"))
        context.load_verify_locations(self.authority)
        context.verify_mode = ssl.CERT_OPTIONAL
        return context

    def signed(self, name: str, subject: str) -> tuple[str, str]:
        """Return the files of a new certificate for a subject, and of its key."""
        file, key = f"{self.folder}/{name}.pem", f"{self.folder}/{name}.key"
        _openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *(
                "-nodes",
                "-utf8",
                "-subj",
                subject,
                "-addext",
                "subjectAltName=IP:127.0.0.1",
            ),
            *("-addext", "basicConstraints=critical,CA:FALSE"),
            *("-addext", "authorityKeyIdentifier=keyid"),
            *("-CA", self.authority, "-CAkey", f"{self.folder}/ca.key"),
            *("-keyout", key, "-out", file, "-days", "2"),
        )
        return file, key


def make_keys(folder: Path) -> Keys:
    """Return the keys of a new cluster."""
    keys = Keys(folder, f"{folder}/ca.pem")
    _openssl(
        *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
        *("-nodes", "-subj", "/CN=made-ca", "-keyout", f"{folder}/ca.key"),
        *("-addext", "keyUsage=critical,keyCertSign"),
        *("-out", keys.authority, "-days", "2"),
    )
    return keys


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
