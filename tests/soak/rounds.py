"""The soak itself: churn, every fault once, calm, compare; round after round."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from contextlib import suppress
from typing import Any

from node.lab import Lab, LabError, until
from node.wiring import IMAGE
from soak.compare import differences, interpreters_words
from soak.faults import Fault, all_faults
from soak.report import Report, Round
from soak.screen import Screen
from soak.stage import Inside, Stage
from soak.usage import LOOK_SECONDS, Usage, Watch, lost_events, usage

RATE = 100
"""Pods born, and as many killed, in a second."""
SOURCES = ("rtnetlink", "ovsdb", "docker", "cri", "kube", "cni", "procfs", "nested")
"""Those that this node has."""
FAULT_BIRTHS = 50
"""A fault lasts twice as many births; between them the user presses a key."""
ALONE_BIRTHS = 800
"""So many pods are born without ocnetview, to compare with."""
RECOVERY_SECONDS = 45.0
"""Within this a source is up again: the longest pause between tries is ten."""
ROWS = ("pods", "bridges", "links", "namespaces", "processes", "results")
"""The parts of a model whose rows are counted: there is something to compare."""
FLITS = 3
"""Real containers that live at a time, beside those that stay."""
FLIT = f"""
docker run --detach --network=none --name=flit-{{0}} {IMAGE} sleep 100004
pid=$(docker inspect --format='{{{{{{{{.State.Pid}}}}}}}}' flit-{{0}})
ip link add flit-{{0}} type veth peer name eth0 netns $pid
"""


class Flits:
    """Real containers that come and go, one after the other, until the end."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._stop = threading.Event()
        self.counts: Counter[str] = Counter()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        """Run one more and remove the oldest; a dead daemon does neither."""
        number = 0
        while not self._stop.wait(1.0):
            number += 1
            failed = self._lab.run("sh", "-euc", FLIT.format(number)).returncode
            self.counts["containers refused" if failed else "containers run"] += 1
            old = f"flit-{number - FLITS}"
            self._lab.run("docker", "rm", "--force", old)

    def close(self) -> None:
        """End it; those that are there stay."""
        self._stop.set()
        self._thread.join()


class Soak:
    """One soak over a stage; `report` is what it saw."""

    def __init__(self, stage: Stage, seconds: float) -> None:
        """Soak for so many seconds, at least one round."""
        self.stage = stage
        self.report = Report(seconds)
        self._end = time.monotonic() + seconds
        self._alone()
        self.watched = Inside(stage.lab, "watched.py", "follow", stage.focus)
        assert self.watched.line() == "ready"
        self.pid = self.watched.pid
        self.watch = Watch(self.pid)
        self._flits: Flits | None = None
        self._screen: Screen | None = None
        self._before: Usage

    def run(self) -> Report:
        """Run it to its end, and return what it saw."""
        report = self.report
        first = Round()
        self._settle(first, "at the start")
        report.rounds.append(first)
        self._before = usage(self.pid)
        report.namespaces.append(self.stage.namespaces())
        took = 0.0
        while not took or time.monotonic() + took / 2 < self._end:
            began = time.monotonic()
            report.rounds.append(self._round())
            took = time.monotonic() - began
        report.namespaces.append(self.stage.namespaces())
        self._finish()
        report.namespaces.append(self.stage.namespaces())
        return report

    def _alone(self) -> None:
        """Churn for a while without ocnetview."""
        self.stage.ask("churn", rate=RATE)
        self.stage.ask("births", count=ALONE_BIRTHS)
        self.report.alone += self.stage.ask("told")["lags"]
        self.stage.ask("rest")
        self.stage.ask("told")

    def _round(self) -> Round:
        """Let everything change, let every fault happen, and compare in the calm."""
        done = Round()
        self._flits = Flits(self.stage.lab)
        self.stage.fork()
        self.stage.ask("churn", rate=RATE)
        faults = all_faults(self.stage, self.watched)
        for number, fault in enumerate(faults):
            if number == len(faults) // 2:
                self._screen = Screen(self.stage.lab)
            self._suffer(fault)
            done.faults.append((fault.source, fault.what))
        self._calm()
        self._settle(done, "with pods")
        self.stage.empty()
        self.report.counts = Counter(self.stage.ask("told")["counts"])
        self._settle(done, "without")
        done.kept += usage(self.pid).over(self._before)
        return done

    def _suffer(self, fault: Fault) -> None:
        """Let a fault happen for a while, once its source is up."""
        self._await_up(fault.source)
        own = fault.source == "rtnetlink"
        self.watch.paused = own
        fault.begin()
        for _ in range(2):
            self.stage.ask("births", count=FAULT_BIRTHS)
            if self._screen:
                self._screen.press()
        for source in ("kube", "cri"):
            if source != fault.source:
                self.stage.change(source)
        fault.mend()
        if own:
            self.report.lost = lost_events(self.pid)
            self.stage.ask("told")
        else:
            self.report.watched += self.stage.ask("told")["lags"]
        self.watch.paused = False

    def _await_up(self, source: str) -> None:
        """Wait until a source is up.

        Raises:
            LabError: it is not in time, with what is said of it.
        """
        try:
            until(
                lambda: self.told()["states"].get(source) == "up",
                f"{source} is up",
                RECOVERY_SECONDS,
            )
        except LabError as error:
            raise LabError(f"{error}; {self.told()['reasons']}") from error

    def told(self) -> dict[str, Any]:
        """Return how ocnetview's sources fare."""
        return dict(json.loads(self.watched.ask("told")))

    def _calm(self) -> None:
        """Let nothing change any more, the screen closed."""
        if self._flits:
            self._flits.close()
            self.report.others += self._flits.counts
        self.stage.calm()
        if self._screen:
            screen, self._screen = self._screen, None
            code = screen.close()
            self.report.shown += screen.shown
            self.report.said += [f"on the screen: {line}" for line in screen.wrong]
            if code:
                self.report.left.append(f"the screen ended with {code}")

    def _settle(self, done: Round, when: str) -> None:
        """Wait until what is published is what a fresh start gives."""
        began = time.monotonic()
        for source in SOURCES:
            self._await_up(source)
        found: list[str] = []

        def same() -> bool:
            published = json.loads(self.watched.ask("model"))
            fresh = Inside(self.stage.lab, "watched.py", "fresh", self.stage.focus)
            found[:] = differences(published, json.loads(fresh.line()))
            fresh.close()
            done.rows[when] = {name: len(published[name]) for name in ROWS}
            return not found

        with suppress(LabError):  # what is other then stands in the round
            until(same, "a model as of a fresh start", 2)
        done.settled[when] = time.monotonic() - began
        done.differences += [f"{when}: {line}" for line in found]

    def close(self) -> None:
        """End what still runs, as after a failure."""
        for part in (self._flits, self._screen, self.watch):
            if part:
                part.close()
        self.watched.end()

    def _finish(self) -> None:
        """End ocnetview, and look at what is left of it."""
        report, told = self.report, self.told()
        report.resyncs, report.seen = told["resyncs"], told["seen"]
        report.models = told["models"]
        report.said += [
            f"as a reason: {line}"
            for reason in told["reasons"]
            for line in interpreters_words(reason)
        ]
        self.watch.close()
        report.memory = self.watch.memory
        report.held = LOOK_SECONDS * self.watch.longest
        left = json.loads(self.watched.close())
        report.left += [f"thread {name}" for name in left["threads"]]
        if self.watched.popen.returncode:
            report.left.append(f"it ended with {self.watched.popen.returncode}")
        report.said += [
            f"on stderr: {x}" for x in self.watched.complaints().splitlines()
        ]
