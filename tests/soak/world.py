"""Pods that are born and die by the hundred, names and indexes reused on purpose."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.inside.births import LIGHT, Birth, Midwife
from bench.inside.veths import Plug
from soak.switch import Switch

NAMES, INDEXES = 160, 130
"""So few are used again and again; with other numbers, in other pairs each time."""
FIRST_INDEX = 20_000
ALIVE = 60
"""Pods that live at a time, beside those that stand; each about a second."""
AT_ONCE = 6
"""Births under way at a time."""
TICK = 0.02
"""Seconds between two looks."""
NETS = Path("/sys/class/net")


@dataclass(slots=True)
class Pod:
    """A pod that lives, or whose end is not complete."""

    name: str
    """Of the veth's end on the node."""
    ifindex: int
    pid: int = 0
    ovs: bool = False
    pin: str = ""
    pinning: subprocess.Popen[bytes] | None = None
    """What pins it, which may be late."""
    moved: bool = False
    """Its veth's end is not on the node any more."""
    killed: float = 0.0
    """When nothing of ours held its namespace any more."""


@dataclass(slots=True)
class World:
    """The pods, and what happens to them."""

    lbr0: int
    """The ifindex of the Linux bridge."""
    rate: float = 0.0
    switch: Switch = field(default_factory=Switch)
    alive: dict[int, Pod] = field(default_factory=dict)
    standing: dict[int, Pod] = field(default_factory=dict)
    dying: list[Pod] = field(default_factory=list)
    unborn: dict[int, Pod] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    lags: list[float] = field(default_factory=list)
    """Seconds from the end of a pod to the end of its veth."""
    _midwife: Midwife = field(default_factory=Midwife)
    _names: deque[str] = field(default_factory=deque)
    _indexes: deque[int] = field(default_factory=deque)
    _number: int = 0
    _owed: float = 0.0
    _jobs: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Fill the pools."""
        self._names.extend(f"v{number:03d}" for number in range(NAMES))
        self._indexes.extend(FIRST_INDEX + n for n in range(INDEXES))

    def fileno(self) -> int:
        """Return a descriptor that is readable when a birth is done."""
        return self._midwife.fileno()

    def bear(self) -> None:
        """Begin the next birth."""
        self._number += 1
        number = self._number
        pod = Pod(self._names.popleft(), self._indexes.popleft(), ovs=number % 2 == 0)
        address = (
            f"10.{140 + number // 65536 % 16}.{number // 256 % 256}.{number % 256}"
        )
        master = 0 if pod.ovs else self.lbr0
        plug = Plug(pod.name, pod.ifindex, f"{address}/12", master)
        self.unborn[number] = pod
        self._midwife.bear(number, plug, LIGHT, signal.pause)

    def take(self, seconds: float = 0.0) -> None:
        """Take the births that are done by now."""
        for birth in self._midwife.births(seconds):
            self._born(birth)

    def _born(self, birth: Birth) -> None:
        pod = self.unborn.pop(birth.number)
        if birth.errno:
            self.counts["refused"] += 1
            self._free(pod)
            return
        pod.pid = birth.pid
        self.alive[birth.number] = pod
        self.counts["births"] += 1
        if pod.ovs:
            self.switch.add(pod.name, f"10.140.0.{birth.number % 250}")
        self._happen(birth.number, pod)

    def _happen(self, number: int, pod: Pod) -> None:
        """Let something happen to a pod of each kind now and then."""
        inside = ("nsenter", f"--net=/proc/{pod.pid}/ns/net", "ip")
        match number % 25:
            case 3 | 14:
                pod.pin = f"soak-{number % 40}"
                attach = ("ip", "netns", "attach", pod.pin, str(pod.pid))
                pod.pinning = self._job(*attach)
                self.counts["pinned"] += 1
            case 5 | 16:
                self._job(
                    *inside,
                    "address",
                    "add",
                    f"10.200.0.{number % 250}/32",
                    "dev",
                    "eth0",
                )
                self.counts["addresses"] += 1
            case 7:
                self._job(*inside, "link", "set", "eth0", "name", "lan0")
                self.counts["renamed"] += 1
            case 9:
                other = self.standing[number % len(self.standing) + 1]
                pod.moved = not pod.ovs
                if pod.moved:
                    self._job("ip", "link", "set", pod.name, "netns", str(other.pid))
                    self.counts["moved"] += 1
            case 11:
                self._job("ip", "link", "set", pod.name, "mtu", "1400")
                self.counts["changed"] += 1

    def _job(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a command; a pod may die under it, so it may fail."""
        null = subprocess.DEVNULL
        job = subprocess.Popen(command, stdin=null, stdout=null, stderr=null)
        self._jobs.append(job)
        return job

    def kill(self, number: int) -> None:
        """End a pod, and all that we keep of it."""
        pod = self.alive.pop(number)
        os.kill(pod.pid, signal.SIGKILL)
        os.waitpid(pod.pid, 0)
        self.counts["deaths"] += 1
        if pod.ovs:
            self.switch.remove(pod.name)
        pod.killed = time.monotonic()
        self.dying.append(pod)

    def bury(self) -> None:
        """Unpin what is dead, and note whose veth is gone."""
        self._jobs = [job for job in self._jobs if job.poll() is None]
        now, left = time.monotonic(), []
        for pod in self.dying:
            if pod.pin:
                pinned = pod.pinning is None or pod.pinning.poll() is not None
                if pinned and now - pod.killed > 10 * TICK:
                    self._unpin(pod)
                left.append(pod)
            elif (NETS / pod.name).exists():
                left.append(pod)
            else:
                if not pod.moved:
                    self.lags.append(now - pod.killed)
                self._free(pod)
        self.dying = left

    def _unpin(self, pod: Pod) -> None:
        """Let go of the pin; the clock of its end begins now."""
        subprocess.run(
            ["ip", "netns", "delete", pod.pin], capture_output=True, check=False
        )
        pod.pin, pod.killed = "", time.monotonic()

    def _free(self, pod: Pod) -> None:
        self._names.append(pod.name)
        self._indexes.append(pod.ifindex)

    def turn(self, seconds: float) -> None:
        """Go on for as long as one look is apart from the next."""
        self._owed = min(self._owed + self.rate * seconds, self.rate / 2)
        while self._owed >= 1 and len(self.unborn) < AT_ONCE:
            if not self._names or not self._indexes:
                break
            self._owed -= 1
            self.bear()
        self.take()
        if self.rate:
            for number in list(self.alive)[: max(0, len(self.alive) - ALIVE)]:
                self.kill(number)
        self.bury()
        self.switch.turn(lively=self.rate > 0)

    def stand(self, count: int) -> list[dict[str, Any]]:
        """Bear pods that live until the end; return what they are."""
        while len(self.standing) < count:
            self.bear()
            while self.unborn:
                self.take(1)
            number, pod = self.alive.popitem()
            self.standing[number] = pod
        self.switch.finish()
        return [self._row(number) for number in self.standing]

    def pick(self) -> dict[str, Any]:
        """Return the youngest pod."""
        number = next(reversed(self.alive), 0) or next(iter(self.standing))
        return self._row(number)

    def living(self) -> list[int]:
        """Return the numbers of those that live."""
        return [*self.standing, *self.alive]

    def _row(self, number: int) -> dict[str, Any]:
        pod = self.alive.get(number) or self.standing[number]
        ip = f"10.150.{number // 250 % 250}.{number % 250}"
        return {"number": number, "name": pod.name, "pid": pod.pid, "ip": ip}

    def pause(self) -> None:
        """Let those that live stay, and wait until nothing of the others is left."""
        self.rate = self._owed = 0.0
        while self.unborn:
            self.take(1)
        while self.dying or self._jobs:
            select.select([], [], [], TICK)
            self.bury()
            self.switch.turn(lively=self.rate > 0)
        self.switch.finish()

    def rest(self) -> None:
        """End all pods but those that stand, and wait until nothing of them is left."""
        self.rate = 0.0
        while self.unborn:
            self.take(1)
        for number in list(self.alive):
            self.kill(number)
        self.pause()

    def storm(self, count: int) -> None:
        """Let the kernel tell of so many changes, faster than anyone can read."""
        name = next(iter(self.standing.values())).name
        flip = "".join(
            f"link set {name} mtu {1300 + number % 2}\n" for number in range(count)
        )
        flip += f"link set {name} mtu 1500\n"
        subprocess.run(["ip", "-batch", "-"], input=flip.encode(), check=True)

    def told(self) -> dict[str, Any]:
        """Return what happened until now, and forget the lags."""
        lags, self.lags = sorted(self.lags), []
        return {"counts": dict(self.counts), "lags": lags}

    def end(self) -> None:
        """End everything."""
        self.rest()
        self.alive, self.standing = self.standing, {}
        self.rest()
