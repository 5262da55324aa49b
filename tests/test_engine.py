"""Threads, retry, join, publish."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from math import inf

import pytest
from builders import HOST, KINDS, container, docker, link, link_facts, process

from ocnetview.build import Joiner
from ocnetview.collectors.base import Attention, Focus, How, Stale, Stop
from ocnetview.engine import JOIN_EAGER, SECOND_PATIENCE, Engine
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import (
    Counters,
    Facts,
    LinkFacts,
    NestedFacts,
    ProcessFacts,
    Sample,
    SourceKind,
    SourceState,
)
from ocnetview.joined import JOIN
from ocnetview.model import NodeModel
from ocnetview.reading import Reading

WAIT = 10.0
Step = Facts | How | Stale


class Scripted:
    """A collector that plays what a test hands it: facts, notices, errors to raise."""

    def __init__(self, name: str, *script: Step | Exception) -> None:
        self.name = name
        self.kind = KINDS.get(name, SourceKind.OTHER)
        self.where = f"scripted {name}"
        self.hand: queue.Queue[Step | Exception | None] = queue.Queue()
        for step in script:
            self.hand.put(step)
        self.watches = 0

    def watch(self, stop: Stop) -> Iterator[Step]:
        """Yield what comes to hand until told to stop."""
        self.watches += 1
        with stop.closing(lambda: self.hand.put(None)):
            while not stop:
                step = self.hand.get()
                if isinstance(step, Exception):
                    raise step
                if step is not None:
                    yield step


class Published:
    """Keeps what an engine publishes, to be waited for."""

    def __init__(self) -> None:
        self._models: list[NodeModel] = []
        self._more = threading.Condition()

    def __call__(self, model: NodeModel) -> None:
        """Take a model."""
        with self._more:
            self._models.append(model)
            self._more.notify_all()

    def until(self, claim: Callable[[NodeModel], bool]) -> NodeModel:
        """Return the first model that the claim holds for."""

        def found() -> NodeModel | None:
            return next((m for m in self._models if claim(m)), None)

        with self._more:
            model = self._more.wait_for(found, WAIT)
        assert model is not None, "no such model was published"
        return model

    def last(self) -> NodeModel:
        """Return the last one."""
        with self._more:
            return self._models[-1]

    def count(self) -> int:
        """Return how many were published."""
        with self._more:
            return len(self._models)


def joined(engine: Engine, at: float) -> None:
    """Wait until the joining thread has taken the facts that were read then."""

    def taken() -> bool:
        facts = engine._facts.get("rtnetlink")
        return isinstance(facts, LinkFacts) and facts.at == at and engine._due == inf

    with engine._news:
        while not taken():
            engine._news.wait(0.01)


class Clock:
    """A clock that goes only as far as a test sets it."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def monotonic(self) -> float:
        """Return the seconds that a test has come to."""
        return self.seconds

    def time(self) -> float:
        """Return the same as the time of the day."""
        return self.seconds

    def thread_time(self) -> float:
        """Return how long a thread has worked: not at all."""
        return 0.0


def kept(engine: Engine, claim: Callable[[], bool]) -> None:
    """Wait until the claim holds for what the engine keeps."""
    with engine._news:
        while not claim():
            engine._news.wait(0.01)


def heard(engine: Engine, joins: list[Sample], pid: int) -> None:
    """Wait until the process with this pid was joined."""
    facts = ProcessFacts((process(pid),))
    kept(engine, lambda: bool(joins) and joins[-1].facts.get("procfs") == facts)


def wake(engine: Engine) -> None:
    """Let the joining thread look at the clock, as its own timeout would."""
    with engine._news:
        engine._news.notify_all()


def count_joins(monkeypatch: pytest.MonkeyPatch) -> list[Sample]:
    """Return a list that gets the sample of each join from now on."""
    joins: list[Sample] = []

    join = Joiner.join

    def counted(self: Joiner, now: Sample, before: Sample | None) -> NodeModel:
        joins.append(now)
        return join(self, now, before)

    monkeypatch.setattr(Joiner, "join", counted)
    return joins


def state(model: NodeModel, name: str) -> SourceState:
    """Return how a source is doing."""
    return next(s.state for s in model.sources if s.name == name)


@pytest.fixture
def run() -> Iterator[Callable[..., tuple[Engine, Published]]]:
    """Start engines, and end them after the test."""
    engines: list[Engine] = []

    def start(*collectors: Scripted) -> tuple[Engine, Published]:
        engine, published = Engine(collectors, retry=0.01), Published()
        engines.append(engine)
        engine.start(published)
        return engine, published

    yield start
    for engine in engines:
        engine.stop()
    assert not [t for t in threading.enumerate() if t.name.startswith("ocnetview-")]


Run = Callable[..., tuple[Engine, Published]]


def test_facts_become_a_model(run: Run) -> None:
    """What a source says is in the next model, others still waited for."""
    _, published = run(
        Scripted("rtnetlink", link_facts([link(7, "eth0")])), Scripted("docker")
    )
    model = published.until(lambda m: bool(m.links))
    assert state(model, "rtnetlink") is SourceState.UP
    assert state(model, "docker") is SourceState.WAITING


def test_the_first_rows_are_joined_once(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one source says waits for the others that answer at about the same time."""
    monkeypatch.setattr("ocnetview.engine.FIRST_PATIENCE", 1000.0)
    joins = count_joins(monkeypatch)
    links = Scripted("rtnetlink", How("events"), link_facts([link(7, "eth0")]))
    ovs, runtime = Scripted("ovsdb"), Scripted("docker")
    engine, published = run(links, ovs, runtime)
    kept(engine, lambda: "rtnetlink" in engine._facts)
    ovs.hand.put(SourceAbsentError("ovsdb", "connect", "no socket"))
    kept(engine, lambda: engine._health["ovsdb"].state is SourceState.ABSENT)
    assert not joins
    runtime.hand.put(docker(container(1)))
    model = published.until(lambda _: True)
    assert (len(model.links), len(model.pods), len(joins)) == (1, 1, 1)
    assert state(model, "ovsdb") is SourceState.ABSENT


def test_what_adds_to_the_first_rows_is_read_after_them(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The API takes no time from the node's own; what never answers holds up none."""
    monkeypatch.setattr("ocnetview.engine.LATE_SECONDS", 1000.0)
    runtime, far = Scripted("docker"), Scripted("kube")
    _, published = run(far, runtime)
    assert far.watches == 0
    runtime.hand.put(docker(container(1)))
    published.until(lambda m: bool(m.pods))
    far.hand.put(CollectorError("kube", "list pods", "refused"))
    published.until(lambda m: state(m, "kube") is SourceState.DOWN)
    monkeypatch.setattr("ocnetview.engine.LATE_SECONDS", 0.0)
    monkeypatch.setattr("ocnetview.engine.SETTLE_SECONDS", 0.0)
    _, others = run(
        Scripted("kube", CollectorError("kube", "list pods", "refused")),
        Scripted("docker"),
    )
    others.until(lambda m: state(m, "kube") is SourceState.DOWN)


def test_what_adds_to_the_first_rows_is_read_after_the_processes(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that the first rows lead to come first, as soon as they are looked at."""
    monkeypatch.setattr("ocnetview.engine.SETTLE_SECONDS", 1000.0)
    links, procs, far = Scripted("rtnetlink"), Scripted("procfs"), Scripted("kube")
    engine, published = run(far, links, procs)
    links.hand.put(link_facts([link(1, "lo")]))
    published.until(lambda m: bool(m.links))
    kept(engine, lambda: engine._whole)
    assert far.watches == 0
    engine.focus(Focus(frozenset({("id", 7)})))
    procs.hand.put(ProcessFacts((process(2),)))
    far.hand.put(CollectorError("kube", "list pods", "refused"))
    published.until(lambda m: state(m, "kube") is SourceState.DOWN)


def test_a_source_that_fails_is_down_and_comes_back(run: Run) -> None:
    """The reason and the next try are told, the last facts stay, and it recovers."""
    broken = CollectorError("rtnetlink", "read links", "gone", "try again")
    facts = link_facts([link(7, "eth0")])
    source = Scripted("rtnetlink", facts, broken)
    _, published = run(source)
    down = published.until(lambda m: state(m, "rtnetlink") is SourceState.DOWN)
    assert [one.name for one in down.links] == ["eth0"]
    (told,) = down.sources
    assert told.reason.startswith("cannot read links: gone (try again); next try ")
    source.hand.put(link_facts([link(8, "eth1")]))
    published.until(lambda m: [one.name for one in m.links] == ["eth1"])
    assert source.watches == 2


def test_a_stale_source_is_fresh_again_with_its_next_facts(run: Run) -> None:
    """The word comes at once, the last facts stay, and the reading is counted."""
    facts = docker(container(1))
    source = Scripted("docker", How("events"), facts, Stale("events were lost"))
    _, published = run(source)
    model = published.until(lambda m: state(m, "docker") is SourceState.STALE)
    (told,) = model.sources
    assert (told.reason, told.how, told.resyncs) == ("events were lost", "events", 0)
    assert [pod.name for pod in model.pods] == ["box1"]
    source.hand.put(facts)
    published.until(lambda m: m.sources[0].resyncs == 1)
    (told,) = published.last().sources
    assert (told.state, told.reason, told.how) == (SourceState.UP, "", "events")


def test_a_source_that_comes_back_is_down_until_it_was_read(run: Run) -> None:
    """To be connected again is not to know: the rows stay as they are until then."""
    broken = CollectorError("docker", "follow events", "gone")
    source = Scripted("docker", How("events"), docker(container(1)), broken)
    _, published = run(source)
    published.until(lambda m: state(m, "docker") is SourceState.DOWN)
    source.hand.put(How("polled every 1 s"))
    back = published.until(lambda m: m.sources[0].how.startswith("polled"))
    assert state(back, "docker") is SourceState.DOWN
    source.hand.put(docker(container(2)))
    model = published.until(lambda m: [pod.name for pod in m.pods] == ["box2"])
    assert (model.sources[0].state, model.sources[0].resyncs) == (SourceState.UP, 1)


def test_an_age_is_told_without_a_join(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source grows old on the screen by itself, and a confirmation makes it young."""
    clock = Clock()
    monkeypatch.setattr("ocnetview.engine.time", clock)
    joins = count_joins(monkeypatch)
    facts = docker(container(1))
    source = Scripted("docker", How("events"), facts)
    engine, published = run(source)
    published.until(lambda m: m.sources[0].age == 0 and bool(m.pods))
    before = len(joins)
    clock.seconds += 31
    wake(engine)
    assert published.until(lambda m: m.sources[0].age == 30).pods
    source.hand.put(facts)
    published.until(lambda _: published.last().sources[0].age == 0)
    assert len(joins) == before
    assert published.last().sources[0].resyncs == 0


def test_to_be_stopped_is_no_reason_to_rest(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What happens after a stop of half a minute in a join is shown at once."""
    clock = Clock()
    monkeypatch.setattr("ocnetview.engine.time", clock)
    join = Joiner.join

    def stopped(self: Joiner, now: Sample, before: Sample | None) -> NodeModel:
        clock.seconds += 30
        return join(self, now, before)

    monkeypatch.setattr(Joiner, "join", stopped)
    source = Scripted("docker", docker(container(1)))
    _, published = run(source)
    published.until(lambda m: len(m.pods) == 1)
    source.hand.put(docker(container(1), container(2)))
    assert len(published.until(lambda m: len(m.pods) == 2).pods) == 2


def test_a_source_that_is_not_there_says_so(run: Run) -> None:
    """Absent is another state than down, and is looked for again."""
    absent = SourceAbsentError("ovsdb", "connect", "no such socket")
    source = Scripted("ovsdb", absent, absent)
    _, published = run(source)
    model = published.until(lambda m: state(m, "ovsdb") is SourceState.ABSENT)
    assert model.sources[0].reason == "cannot connect: no such socket"


def test_a_source_that_was_there_is_down_when_it_vanishes(run: Run) -> None:
    """A daemon that was stopped takes its socket along: that is no node without it."""
    gone = SourceAbsentError("docker", "connect", "no such socket")
    _, published = run(Scripted("docker", docker(container(1)), gone))
    model = published.until(lambda m: state(m, "docker") is SourceState.DOWN)
    assert [pod.name for pod in model.pods] == ["box1"]


def test_a_bug_in_a_collector_is_shown_not_fatal(run: Run) -> None:
    """Even an unforeseen exception becomes a source that is down."""
    _, published = run(Scripted("docker", ZeroDivisionError("oops")))
    model = published.until(lambda m: state(m, "docker") is SourceState.DOWN)
    assert model.sources[0].reason.startswith("ZeroDivisionError: oops")


def test_equal_facts_publish_nothing(run: Run) -> None:
    """A reading that brings nothing new draws nothing, whenever it is joined."""
    links = link_facts([link(1, "lo")])
    source = Scripted("rtnetlink", links)
    engine, published = run(source)
    published.until(lambda m: bool(m.links))
    before = published.count()
    # Read at other moments, so other facts, but the same model each time.
    for at in (5.0, 6.0, 7.0):
        source.hand.put(link_facts([link(1, "lo")], at=at))
        joined(engine, at)
    source.hand.put(link_facts([link(2, "end")]))
    published.until(lambda m: [one.name for one in m.links] == ["end"])
    assert published.count() == before + 1


def test_facts_that_cannot_be_joined_do_not_end_the_screen(run: Run) -> None:
    """An impossible value is told, and later facts are shown again."""
    source = Scripted("docker", docker(container(1, created=float("inf"))))
    _, published = run(source)
    model = published.until(lambda m: m.sources[-1].name == JOIN)
    reason = model.sources[-1].reason
    assert reason.startswith("cannot join what the sources say: OverflowError")
    source.hand.put(docker(container(1)))
    published.until(lambda m: [pod.name for pod in m.pods] == ["box1"])


def test_rates_are_taken_over_a_whole_span(run: Run) -> None:
    """A reading right after another one is not what the next rate starts from."""
    bridge = [link(3, "br0", kind="bridge"), link(5, "v5", master=3)]

    def counted(at: float, total: int) -> LinkFacts:
        counters = {5: Counters(0, 0, total, 0, 0, 0, 0, 0)}
        return link_facts(bridge, counters=counters, at=at)

    def rate(model: NodeModel) -> float | None:
        port = model.ports_by_key.get("br0/v5")
        return port.rate.rx_bytes if port and port.rate else None

    source = Scripted("rtnetlink", counted(10.0, 0))
    _, published = run(source)
    published.until(lambda m: bool(m.bridges))
    source.hand.put(counted(11.0, 100))
    published.until(lambda m: rate(m) == 100)
    source.hand.put(counted(11.01, 200))
    published.until(lambda m: rate(m) is not None and 190 < (rate(m) or 0) < 200)


def test_a_tick_is_joined_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes wait for the counters of the next tick, unless just turned to."""
    clock = Clock()
    monkeypatch.setattr("ocnetview.engine.time", clock)
    joins = count_joins(monkeypatch)
    links, procs = Scripted("rtnetlink"), Scripted("procfs")
    engine, published = run(links, procs)
    links.hand.put(link_facts([link(1, "lo")]))
    procs.hand.put(ProcessFacts((process(1),)))
    published.until(lambda m: all(s.state is SourceState.UP for s in m.sources))
    engine.focus(Focus(frozenset({("id", 7)})))
    procs.hand.put(ProcessFacts((process(2),)))
    heard(engine, joins, 2)
    clock.seconds += 1 + JOIN_EAGER
    before = len(joins)
    procs.hand.put(ProcessFacts((process(3),)))
    kept(engine, lambda: engine._facts["procfs"] == ProcessFacts((process(3),)))
    assert len(joins) == before
    links.hand.put(link_facts([link(1, "end")]))
    published.until(lambda m: [one.name for one in m.links] == ["end"])
    assert len(joins) == before + 1
    assert joins[-1].facts["procfs"] == ProcessFacts((process(3),))
    procs.hand.put(ProcessFacts((process(4),)))
    kept(engine, lambda: engine._facts["procfs"] == ProcessFacts((process(4),)))
    clock.seconds += 2
    wake(engine)
    heard(engine, joins, 4)


def test_what_adds_to_the_first_rows_waits_for_the_processes(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the first seconds: what is turned to is joined at once, and that with it."""
    clock = Clock()
    monkeypatch.setattr("ocnetview.engine.time", clock)
    joins = count_joins(monkeypatch)
    links, procs = Scripted("rtnetlink"), Scripted("procfs")
    engine, published = run(links, procs)
    links.hand.put(link_facts([link(1, "lo")]))
    published.until(lambda m: bool(m.links))
    kept(engine, lambda: engine._whole)
    before = len(joins)
    links.hand.put(link_facts([link(1, "end")]))
    kept(engine, lambda: engine._due == clock.seconds + SECOND_PATIENCE)
    assert len(joins) == before
    engine.focus(Focus(frozenset({("id", 7)})))
    procs.hand.put(ProcessFacts((process(2),)))
    published.until(lambda m: [one.name for one in m.links] == ["end"])
    assert joins[-1].facts["procfs"] == ProcessFacts((process(2),))


def test_the_focus_reaches_the_collector() -> None:
    """What the front end looks at is handed to whoever reads by it."""
    attention = Attention()
    engine = Engine([], attention)
    focus = Focus(frozenset({("id", 7)}))
    engine.focus(focus)
    assert attention.focus == focus
    attention.wait(WAIT, Stop())
    engine.watch(frozenset({(HOST, 3)}))
    assert attention.watched == {(HOST, 3)}
    engine.stop()


def test_reading_once_gives_what_answers_and_why_the_rest_does_not() -> None:
    """Up, down, not there and silent sources stand side by side."""
    sample = Reading(
        [
            Scripted("rtnetlink", link_facts([link(7, "eth0")])),
            Scripted("docker", CollectorError("docker", "connect", "refused")),
            Scripted("ovsdb", SourceAbsentError("ovsdb", "connect", "no socket")),
            Scripted("procfs"),
        ],
        0.2,
    ).sample()
    assert set(sample.facts) == {"rtnetlink"}
    assert [(s.name, s.state) for s in sample.sources] == [
        ("rtnetlink", SourceState.UP),
        ("docker", SourceState.DOWN),
        ("ovsdb", SourceState.ABSENT),
        ("procfs", SourceState.DOWN),
    ]
    assert sample.sources[3].reason == "did not answer within 0.2 s"


class Nested(Scripted):
    """One that looks for engines, and notes whether the runtime was heard by then."""

    kind = SourceKind.ENGINES

    def __init__(self, heard: Callable[[], bool]) -> None:
        super().__init__("nested", NestedFacts())
        self.kind = SourceKind.ENGINES
        self._heard = heard
        self.late = False

    def watch(self, stop: Stop) -> Iterator[Step]:
        """Yield nothing that is nested."""
        self.late = self._heard()
        yield from super().watch(stop)


def test_engines_are_looked_for_once_the_runtimes_were_heard() -> None:
    """They share what those found, but do not wait for long."""
    heard = threading.Event()

    class Runtime(Scripted):
        """Says when it is heard."""

        def watch(self, stop: Stop) -> Iterator[Step]:
            """Yield what it says."""
            heard.set()
            yield from super().watch(stop)

    nested = Nested(heard.is_set)
    sample = Reading([nested, Runtime("docker", docker(container(1)))], 10).sample()
    assert nested.late
    assert set(sample.facts) == {"docker", "nested"}
    sample = Reading([Nested(heard.is_set), Scripted("docker")], 0.2).sample()
    assert set(sample.facts) == {"nested"}


def test_reading_once_does_not_wait_for_the_api_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When all else was told, a silent API is given up soon, and that is said."""
    monkeypatch.setattr("ocnetview.reading.FAR_SHARE", 0.0001)
    near, far = Scripted("rtnetlink", link_facts([])), Scripted("kube")
    sample = Reading([far, near], 1000).sample()
    assert [s.state for s in sample.sources] == [SourceState.DOWN, SourceState.UP]
    said = "did not answer within 0.1 s after the others (see --timeout)"
    assert sample.sources[0].reason == said


def test_reading_the_api_alone_waits_for_it() -> None:
    """Where nothing else is asked, it has all the time."""
    sample = Reading([Scripted("kube")], 0.2).sample()
    assert sample.sources[0].reason == "did not answer within 0.2 s"
