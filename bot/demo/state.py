"""What the demo keeps below its state directory: who holds it, its secrets, and how it is emptied."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import string
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class DemoError(Exception):
    """The demo cannot do what it was asked to; one line for the operator.

    Args:
        line: what, where, and what to do about it.
        code: the exit code: 2 wrong usage, 1 refused.
    """

    def __init__(self, line: str, code: int) -> None:
        self.code = code
        super().__init__(line)


@contextmanager
def held(state: Path) -> Iterator[int]:
    """Hold the state directory; yields a descriptor for the children to inherit.

    Two locks: ``lock`` says that a demo runs. ``remains``, which children inherit, says that processes of a
    killed one are still ending; a new start waits for those.

    Raises:
        DemoError: another demo runs here, or the remains of one do not end within 10 seconds.
    """
    state.mkdir(parents=True, exist_ok=True)
    running = os.open(state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    remains = os.open(state / "remains", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _locked(running):
            raise DemoError(f"a demo is running in {state}; stop it first", 1)
        deadline = time.monotonic() + 10
        while not _locked(remains):
            if time.monotonic() > deadline:
                raise DemoError(f"processes of an earlier demo in {state} have not ended", 1)
            time.sleep(0.1)
        yield remains
    finally:
        os.close(remains)
        os.close(running)


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def reset(state: Path) -> int:
    """Empty the state directory.

    Raises:
        DemoError: a demo is running in it.
    """
    if state.exists():
        with held(state.resolve()):
            shutil.rmtree(state)
    return 0


def secrets_in(path: Path) -> dict[str, str]:
    """The demo's secrets, drawn at random the first time and kept for its owner's eyes only."""
    if not path.exists():
        alphabet = string.ascii_letters + string.digits

        def letters(count: int) -> str:
            return "".join(secrets.choice(alphabet) for _ in range(count))

        def aes_key() -> str:
            # 43 characters carry 258 bits, a key 256: of the last character two bits stay zero.
            return letters(42) + secrets.choice("AEIMQUYcgkosw048")

        drawn = {
            "SECRET_KEY": letters(48),
            "WECOM_CORP_ID": "ww" + secrets.token_hex(8),
            "WECOM_AGENT_ID": "1000002",
            "WECOM_SECRET": letters(43),
            "WECOM_TOKEN": letters(24),
            "WECOM_AES_KEY": aes_key(),
            "AIBOT_TOKEN": letters(24),
            "AIBOT_AES_KEY": aes_key(),
        }
        partial = path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(drawn, file, indent=2)
        partial.rename(path)
    return dict(json.loads(path.read_text()))
