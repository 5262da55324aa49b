"""Run inside the lab: passes calls on to a runtime, and writes down what they are.

python cri_proxy.py SOCKET RUNTIME'S-SOCKET LOG
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc


class Proxy(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpc has no types
    """Answers every method with the runtime's answer, whatever it holds."""

    def __init__(self, socket: str, log: Path) -> None:
        """Pass calls on to this socket; a line of LOG is the name of a method."""
        options = [("grpc.default_authority", "localhost")]
        self._channel = grpc.insecure_channel(f"unix:{socket}", options=options)
        self._log = log

    def service(self, call: Any) -> Any:  # noqa: ANN401 - grpc has no types
        """Return what answers this call; a stream of answers passes one by one."""

        def answer(request: bytes, context: Any) -> Any:  # noqa: ANN401 - as above
            with self._log.open("a") as log:
                log.write(f"{call.method}\n")
            pass_on = self._channel.unary_stream(call.method)
            try:
                yield from pass_on(request, timeout=context.time_remaining())
            except grpc.RpcError as error:
                context.abort(error.code(), error.details())

        return grpc.unary_stream_rpc_method_handler(answer)


def main() -> None:
    """Serve until the input ends."""
    socket, target, log = sys.argv[1:]
    server = grpc.server(ThreadPoolExecutor(8), [Proxy(target, Path(log))])
    server.add_insecure_port(f"unix:{socket}")
    server.start()
    print("ready", flush=True)  # noqa: T201 - the answer to the test
    sys.stdin.read()
    server.stop(0)


if __name__ == "__main__":
    main()
