"""The OVSDB collector, against recorded and scripted servers."""

from __future__ import annotations

import queue
import socket
import tempfile
import threading
from pathlib import Path

import pytest
from collectors.ovsdb_server import Client, Script, first, recorded, served, watching
from heard import news

from ocnetview.collectors.base import Stop
from ocnetview.collectors.ovsdb import OvsdbCollector, connect_error
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import OvsFacts


@pytest.mark.parametrize("step", [1, 7, 1 << 20])
@pytest.mark.parametrize("conditional", [True, False])
def test_a_recorded_exchange_gives_its_facts(step: int, conditional: bool) -> None:  # noqa: FBT001 - a parameter of pytest's
    """Both protocols, cut at every byte or not at all, give the same facts."""
    turns: queue.SimpleQueue[str] = queue.SimpleQueue()
    steps = recorded("monitor_cond" if conditional else "monitor")

    def script(client: Client) -> None:
        asked = first(client, conditional=conditional)
        assert asked["method"] == ("monitor_cond" if conditional else "monitor")
        while turn := turns.get():
            client.say(steps[turn])

    with served(script, step) as collector, watching(collector) as facts:
        ports = {p.name: p for p in next(facts).bridges[1].ports}
        assert ports["vxlan0"].interfaces[0].ofport == 1
        assert "vethpod" not in ports
        for turn in list(steps)[2:]:
            turns.put(turn)
            shown = next(facts)
        assert [bridge.name for bridge in shown.bridges] == ["br0"]
        assert {p.name: p for p in shown.bridges[0].ports} == ports
        turns.put("")


def test_only_columns_that_the_server_has_are_asked_for() -> None:
    """An older schema without a column is no error; the others are asked for."""
    schema = recorded("monitor_cond")["schema"]
    del schema["result"]["tables"]["Interface"]["columns"]["ifindex"]

    def script(client: Client) -> None:
        client.answer(schema)
        columns = client.answer({"result": {}, "error": None})["params"][2]
        asked = columns["Interface"]["columns"]
        assert "ofport" in asked
        assert "ifindex" not in asked
        assert "statistics" not in asked

    with served(script) as collector, watching(collector) as facts:
        assert next(facts) == OvsFacts()


def test_a_burst_of_updates_gives_one_fact_set() -> None:
    """Updates that come together are shown together, none of them lost."""
    steps = recorded("monitor_cond")

    def script(client: Client) -> None:
        first(client)
        client.say(*list(steps.values())[2:])
        client.wait_for_end()

    with served(script) as collector, watching(collector) as facts:
        before, after = next(facts), next(facts)
        assert len(before.bridges) == 2
        assert after.bridges == before.bridges[1:]


def test_an_update_in_the_replys_packet_is_not_lost() -> None:
    """What follows the first reply at once is applied."""
    steps = recorded("monitor_cond")

    def script(client: Client) -> None:
        client.answer(steps["schema"])
        number = client.hear()["id"]
        client.say(steps["first"] | {"id": number}, steps["a bridge goes"])
        client.wait_for_end()

    with served(script) as collector, watching(collector) as facts:
        assert len(next(facts).bridges) == 2
        assert len(next(facts).bridges) == 1


def test_updates_that_change_nothing_are_not_shown() -> None:
    """Notifications of other monitors, and of columns we do not know, are ignored."""
    steps = recorded("monitor_cond")

    def script(client: Client) -> None:
        first(client)
        other = steps["a bridge goes"]["params"][1]
        client.say({"method": "update2", "params": ["other", other], "id": None})
        client.say({"method": "stolen", "params": ["lock"], "id": None})
        client.say({"method": "update2", "params": ["ocnetview", {}], "id": None})
        client.say({"method": "echo", "params": ["still"], "id": "there?"})
        assert client.hear() == {"result": ["still"], "error": None, "id": "there?"}
        client.say(steps["a bridge goes"])
        client.wait_for_end()

    with served(script) as collector, watching(collector) as facts:
        assert len(next(facts).bridges) == 2
        assert len(next(facts).bridges) == 1


def _hang_up(_: Client) -> None:
    """End the connection at once."""


def _hang_up_later(client: Client) -> None:
    first(client)


def _rubbish(client: Client) -> None:
    client.hear()
    client.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    client.wait_for_end()


def _no_database(client: Client) -> None:
    error = {"error": "unknown database", "details": "Open_vSwitch", "syntax": "..."}
    client.answer({"result": None, "error": error})
    client.wait_for_end()


def _other_schema(client: Client) -> None:
    client.answer({"result": {"name": "Open_vSwitch", "tables": {}}, "error": None})
    client.wait_for_end()


def _no_schema(client: Client) -> None:
    client.answer({"result": ["?"], "error": None})
    client.wait_for_end()


def _no_monitor(client: Client) -> None:
    client.answer(recorded("monitor")["schema"])
    client.answer({"result": None, "error": "unknown method"})
    client.answer({"result": None, "error": "unknown method"})
    client.wait_for_end()


def _bad_update(client: Client) -> None:
    first(client)
    client.say({"method": "update2", "params": ["ocnetview", {"Port": 1}], "id": None})
    client.wait_for_end()


def _unknown_row(client: Client) -> None:
    first(client)
    change = {"Port": {"nowhere": {"modify": {"tag": 1}}}}
    client.say({"method": "update2", "params": ["ocnetview", change], "id": None})
    client.wait_for_end()


def _monitor_ended(client: Client) -> None:
    first(client)
    client.say({"method": "monitor_canceled", "params": ["ocnetview"], "id": None})
    client.wait_for_end()


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (_hang_up, "the daemon has gone|Broken pipe|Connection reset by peer"),
        (_hang_up_later, "cannot follow changes: the daemon has gone"),
        (_rubbish, "cannot follow changes: not a stream of JSON objects"),
        (_no_database, "cannot read the schema: Open_vSwitch: unknown database"),
        (_other_schema, "cannot read the schema: it has no table Open_vSwitch"),
        (_no_schema, "cannot read the schema: the reply is not what OVSDB answers"),
        (_no_monitor, "cannot read the tables: Open_vSwitch: unknown method"),
        (_bad_update, "cannot follow changes: an update that is no object"),
        (_unknown_row, "cannot follow changes: a change of a row that is not there"),
        (_monitor_ended, "cannot follow changes: the server ended the monitor"),
    ],
)
def test_a_server_that_fails_us_is_named(script: Script, words: str) -> None:
    """Whatever the server does wrong is one CollectorError that says what."""
    with (
        served(script) as collector,
        watching(collector) as facts,
        pytest.raises(CollectorError, match=rf"^ovsdb: .*({words})$"),
    ):
        list(facts)


def test_a_silent_server_is_given_up() -> None:
    """A daemon that is there but answers nothing is down, not waited for for ever."""
    with served(Client.wait_for_end) as collector:
        impatient = OvsdbCollector(Settings(ovsdb=collector.where), probe=0.01)
        with (
            watching(impatient) as facts,
            pytest.raises(CollectorError, match="nothing heard"),
        ):
            next(facts)


@pytest.mark.parametrize("answering", [True, False])
def test_watching_ends_at_once_on_stop(answering: bool) -> None:  # noqa: FBT001 - a parameter of pytest's
    """Waiting for a reply or for a change, the iteration ends when told to stop."""
    asked = threading.Event()

    def script(client: Client) -> None:
        if answering:
            first(client)
        else:
            client.hear()
        asked.set()
        client.wait_for_end()

    with served(script) as collector:
        stop = Stop()
        seen: list[OvsFacts] = []
        said = news(collector.watch(stop))
        thread = threading.Thread(target=lambda: seen.extend(said))
        thread.start()
        asked.wait()
        stop.set()
        thread.join()
        stop.close()
        assert len(seen) <= answering


def test_no_socket_is_a_source_that_is_not_there(tmp_path: Path) -> None:
    """A node without Open vSwitch is no failure."""
    collector = OvsdbCollector(Settings(ovsdb=f"unix:{tmp_path}/none"))
    with (
        watching(collector) as facts,
        pytest.raises(SourceAbsentError, match="no such socket"),
    ):
        next(facts)


def test_a_socket_without_a_daemon_is_down() -> None:
    """A file left behind by a daemon that died says that no daemon answers."""
    with tempfile.TemporaryDirectory() as folder:
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(f"{folder}/s")
        collector = OvsdbCollector(Settings(ovsdb=f"unix:{folder}/s"))
        with (
            watching(collector) as facts,
            pytest.raises(CollectorError, match="no daemon answers") as failed,
        ):
            next(facts)
        assert not isinstance(failed.value, SourceAbsentError)


@pytest.mark.parametrize("remote", ["ssl:127.0.0.1:6640", "unix:" + "x" * 200, "\x1b"])
def test_a_remote_that_cannot_be_used_is_named(remote: str) -> None:
    """A setting that makes no sense is an error, and safe to print."""
    collector = OvsdbCollector(Settings(ovsdb=remote))
    with watching(collector) as facts, pytest.raises(CollectorError) as failed:
        next(facts)
    assert str(failed.value).isprintable()


def test_a_socket_that_may_not_be_opened_says_what_would_help() -> None:
    """Without permission, the hint names root and the group."""
    error = connect_error("unix:/run/db.sock", PermissionError(13, "Permission denied"))
    assert not isinstance(error, SourceAbsentError)
    assert error.hint == "needs root or group openvswitch"
