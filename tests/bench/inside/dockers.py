"""Run in the lab: starts containers over Docker's API, and says their pids.

python dockers.py [COUNT, IMAGE]. `docker run` takes longer than what it asks for.
"""

from __future__ import annotations

import http.client
import json
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

SOCKET = "/run/docker.sock"
AT_ONCE = 4


class Daemon(http.client.HTTPConnection):
    """A connection to Docker's socket."""

    def connect(self) -> None:
        """Connect."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(SOCKET)

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - a reply
        """Return the answer to a request.

        Raises:
            OSError: Docker refused it.
        """
        headers = {"Content-Type": "application/json"}
        text = None if body is None else json.dumps(body)
        self.request(method, f"/v1.41{path}", text, headers)
        reply = self.getresponse()
        said = reply.read()
        if reply.status >= http.client.BAD_REQUEST:
            raise OSError(f"{method} {path}: {said.decode()}")
        return json.loads(said or "null")


def start(image: str, number: int) -> int:
    """Start one container without a network of its own; return its pid."""
    daemon = Daemon("docker", timeout=300)
    wanted = {
        "Image": image,
        "Cmd": ["sleep", "100000"],
        "HostConfig": {"NetworkMode": "none"},
    }
    made = daemon.ask("POST", f"/containers/create?name=plain-{number:04d}", wanted)
    daemon.ask("POST", f"/containers/{made['Id']}/start")
    pid = daemon.ask("GET", f"/containers/{made['Id']}/json")["State"]["Pid"]
    daemon.close()
    return int(pid)


def main() -> None:
    """Start them, some at a time."""
    count, image = json.loads(sys.argv[1])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        pids = list(pool.map(partial(start, image), range(count)))
    print(json.dumps(pids))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
