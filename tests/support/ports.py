"""Ports of this machine for servers that must know theirs before they listen, or come back to it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager


@contextmanager
def kept_ports(count: int = 1) -> Iterator[int]:
    """The first of so many ports in a row, given to nobody else while this is open.

    A server that reuses addresses, as all of ours do, may listen there; while none does, nobody answers.
    """
    while True:
        with ExitStack() as stack:
            first = _kept(stack, 0)
            try:
                for port in range(first + 1, first + count):
                    _kept(stack, port)
            except OSError:
                continue
            yield first
            return


def _kept(stack: ExitStack, port: int) -> int:
    # Bound and never listening: the kernel gives the port to nobody who asks for any.
    holder = stack.enter_context(socket.socket())
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", port))
    return int(holder.getsockname()[1])
