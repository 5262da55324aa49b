"""What the API refuses, and what else may answer or not answer."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from collectors.kube_server import KubeServer
from collectors.kube_shapes import made_pod, status
from collectors.kube_watching import asking, watching
from kubernetes.client.configuration import Configuration
from kubernetes.config.config_exception import ConfigException

from ocnetview.collectors.kube_client import Api
from ocnetview.errors import CollectorError

pytestmark = pytest.mark.usefixtures("no_cluster")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (401, "ask for the pods: HTTP status 401: no.*not valid"),
        (403, "HTTP status 403: no.*list and watch on pods of all namespaces"),
        (404, "HTTP status 404: no.*API's address"),
        (429, "HTTP status 429: no.*busy"),
        (500, "HTTP status 500: no"),
        (302, "HTTP status 302: no"),
    ],
)
def test_a_refusal_is_told_with_what_would_help(
    tmp_path: Path, code: int, words: str
) -> None:
    """Each HTTP status has its meaning, and what the API says is shown safely."""
    with KubeServer() as server:
        server.failures = [(code, status(code, "no\x1b[31m\n way"))]
        with (
            watching(asking(server, tmp_path)) as told,
            pytest.raises(CollectorError, match=words) as raised,
        ):
            told.next()
    assert str(raised.value).isprintable()


@pytest.mark.parametrize("body", [b"<html>", b"", b"5", b"[" * 100_000, b"\xff"])
def test_something_else_that_answers_is_an_error(tmp_path: Path, body: bytes) -> None:
    """A proxy's page is not taken for a node without pods."""
    with KubeServer() as server:
        server.failures = [(200, body)]
        with (
            watching(asking(server, tmp_path)) as told,
            pytest.raises(CollectorError, match=r"no JSON|not the Kubernetes API"),
        ):
            told.next()


def test_an_answer_without_an_end_is_not_read_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what is no list of pods fills the memory, nor an event of a watch."""
    monkeypatch.setattr("ocnetview.collectors.kube_client._LARGEST", 5000)
    with KubeServer([made_pod("a")]) as server:
        with watching(asking(server, tmp_path)) as told:
            told.next()
            server.wait_for_watches(1)
            server.raw(b"x" * 6000)
            with pytest.raises(CollectorError, match="an event without an end"):
                told.next()
        server.failures = [(200, b" " * 6000)]
        with (
            watching(asking(server, tmp_path)) as told,
            pytest.raises(CollectorError, match="answers 5000 bytes and more"),
        ):
            told.next()


def test_an_account_without_a_token_is_told() -> None:
    """A file that is empty when it is read again is no error of ours."""

    def renewed(_: Configuration) -> None:
        raise ConfigException("Token file exists but empty.")

    configuration = Configuration(host="http://127.0.0.1:1")
    configuration.refresh_api_key_hook = renewed  # type: ignore[assignment]  # the library's None
    configuration.api_key["authorization"] = "x"
    with (
        closing(Api(configuration, ExitStack())) as api,
        pytest.raises(CollectorError, match="the file of its token holds none"),
    ):
        api.get("/api")


def test_an_api_that_is_down_is_told(tmp_path: Path) -> None:
    """Nobody listens there any more."""
    with KubeServer() as server:
        settings = asking(server, tmp_path)
    with (
        watching(settings) as told,
        pytest.raises(CollectorError, match=r"refused .is the API server up"),
    ):
        told.next()


@pytest.mark.parametrize("silent", ["list", "watch"])
def test_a_connection_that_is_silent_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: str
) -> None:
    """An API that hangs is down; a watch that hangs is begun again."""
    with KubeServer() as server:
        if silent == "list":
            monkeypatch.setattr("ocnetview.collectors.kube_client._READ_SECONDS", 0.2)
            server.hold.clear()
            with (
                watching(asking(server, tmp_path)) as told,
                pytest.raises(CollectorError, match="no answer in time"),
            ):
                told.next()
        else:
            monkeypatch.setattr("ocnetview.collectors.kube_pods._SILENCE_SECONDS", 0.2)
            with watching(asking(server, tmp_path)) as told:
                told.next()
                server.wait_for_watches(3)
                server.event("ADDED", made_pod("a"))
                assert len(told.next().pods) == 1
