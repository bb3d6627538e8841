"""The simulated mail server, and clients that fall silent."""

from __future__ import annotations

import io

import pytest

from bot.simulator.mailbox import _Conversation


class Silent(io.BytesIO):
    """A client that says nothing more."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def readline(self, _size: int | None = -1, /) -> bytes:
        raise self.error


@pytest.mark.parametrize("error", [TimeoutError("timed out"), ConnectionResetError()])
def test_a_client_that_falls_silent_is_no_traceback_in_the_demo(error: OSError) -> None:
    conversation = _Conversation.__new__(_Conversation)
    conversation.rfile, conversation.wfile = Silent(error), io.BytesIO()
    conversation.handle()

    assert conversation.wfile.getvalue() == b"220 simulated mail\r\n"
