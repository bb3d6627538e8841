"""Keeps the simulated world between runs: one SQLite file of JSON documents, written as things happen."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

FILE = "simulator.sqlite"


class Store:
    """Documents by kind and key. Written at once, so that a killed process keeps its chats.

    Args:
        folder: where the file lives; None keeps nothing beyond the process.
    """

    def __init__(self, folder: Path | None) -> None:
        self._lock = threading.Lock()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(
            ":memory:" if folder is None else str(folder / FILE),
            check_same_thread=False,
            isolation_level=None,
        )
        self._open = True
        self._db.execute("PRAGMA journal_mode=WAL")
        # A power cut may cost the last moments of a simulated chat; a killed process costs nothing.
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS document (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key))"
        )

    def load(self, kind: str) -> dict[str, Any]:
        """All documents of a kind, by key."""
        with self._lock:
            rows = self._db.execute("SELECT key, body FROM document WHERE kind = ?", (kind,)).fetchall()
        return {key: json.loads(body) for key, body in rows}

    def put(self, kind: str, key: str, value: Any) -> None:
        """Write one document."""
        self._write("INSERT OR REPLACE INTO document VALUES (?, ?, ?)", kind, key, json.dumps(value))

    def drop(self, kind: str, key: str) -> None:
        """Remove one document, if it is there."""
        self._write("DELETE FROM document WHERE kind = ? AND key = ?", kind, key)

    def empty(self) -> None:
        """Remove everything."""
        self._write("DELETE FROM document")

    def close(self) -> None:
        """Let go of the file; what a callback still in flight would write is dropped."""
        with self._lock:
            self._open = False
            self._db.close()

    def _write(self, statement: str, *values: str) -> None:
        with self._lock:
            if self._open:
                self._db.execute(statement, values)
