"""``python -m bot.simulator``: the simulated WeCom as a process of its own.

The secrets are read from the environment under the desk's own names (``WECOM_CORP_ID``, ``WECOM_AGENT_ID``,
``WECOM_SECRET``, ``WECOM_TOKEN``, ``WECOM_AES_KEY``, ``AIBOT_NAME``, ``AIBOT_TOKEN``, ``AIBOT_AES_KEY``), so
that one environment serves both processes. Exits 2 on wrong usage, settings or files, 1 if the port is taken.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from bot.simulator.clock import TurnableClock
from bot.simulator.config import ConfigError, SimulatorConfig, read_directory
from bot.simulator.server import Simulator


def main(argv: Sequence[str] | None = None, clock: TurnableClock | None = None) -> int:
    """Serve until INT or TERM; returns the exit code.

    Args:
        argv: the arguments; those of the process by default.
        clock: the desk's clock, where the caller has one that may be turned.
    """
    args = _parser().parse_args(argv)
    try:
        config = _config(args, os.environ)
    except ConfigError as e:
        print(e, file=sys.stderr)  # noqa: T201 - a program's one clear line
        return 2
    stop = threading.Event()

    def stopped(signum: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, stopped)
    signal.signal(signal.SIGTERM, stopped)
    simulator = Simulator(config, clock)
    try:
        if args.smtp_port:
            simulator.mailbox.start(args.smtp_port, args.host)
        simulator.start(args.port, args.host)
    except OSError as e:
        print(f"--port {args.port}: {e.strerror}", file=sys.stderr)  # noqa: T201
        return 1
    stop.wait()
    simulator.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot.simulator", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="the chat page's port (default 8000)")
    parser.add_argument(
        "--desk-url", required=True, help="where the desk listens, e.g. http://127.0.0.1:8001"
    )
    parser.add_argument("--directory", type=Path, required=True, help="directory file with people and groups")
    parser.add_argument("--smtp-port", type=int, help="where mail is taken; without it, none is")
    parser.add_argument("--state-dir", type=Path, help="where chats are kept; without it, in memory only")
    return parser


def _config(args: argparse.Namespace, environ: Mapping[str, str]) -> SimulatorConfig:
    parts = urlsplit(args.desk_url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ConfigError("--desk-url: is no URL (accepted: http://host:port)")
    names = (
        "WECOM_CORP_ID",
        "WECOM_AGENT_ID",
        "WECOM_SECRET",
        "WECOM_TOKEN",
        "WECOM_AES_KEY",
        "AIBOT_NAME",
        "AIBOT_TOKEN",
        "AIBOT_AES_KEY",
    )
    missing = [name for name in names if not environ.get(name)]
    if missing:
        raise ConfigError(f"{', '.join(missing)}: not set (the same values as the desk's)")
    if not environ["WECOM_AGENT_ID"].isdigit():
        raise ConfigError("WECOM_AGENT_ID: is no number")
    people, groups = read_directory(args.directory)
    if not people:
        raise ConfigError(f"{args.directory}: names nobody with a userid")
    return SimulatorConfig(
        corp_id=environ["WECOM_CORP_ID"],
        agent_id=int(environ["WECOM_AGENT_ID"]),
        secret=environ["WECOM_SECRET"],
        token=environ["WECOM_TOKEN"],
        aes_key=environ["WECOM_AES_KEY"],
        aibot_token=environ["AIBOT_TOKEN"],
        aibot_aes_key=environ["AIBOT_AES_KEY"],
        aibot_name=environ["AIBOT_NAME"],
        desk_url=args.desk_url.rstrip("/"),
        people=people,
        groups=groups,
        state_dir=args.state_dir,
    )


if __name__ == "__main__":
    sys.exit(main())
