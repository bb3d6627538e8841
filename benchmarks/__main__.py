"""Measure every published figure: ``python -m benchmarks`` (``make bench``), ``ONLY=a,b`` for some.

Each module in this folder that publishes figures holds ``FIGURES: dict[str, Benchmark]``. The table goes
to standard output, and ``var/bench.json`` holds what this run measured:
``{name: {"ours", "theirs", "ratio", "unit", "what"}}``.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import pkgutil
import sys
import traceback
from collections.abc import Collection, Mapping
from pathlib import Path

import structlog

import benchmarks
from benchmarks.figure import Benchmark, Figure

RESULTS = Path("var/bench.json")


def collect() -> dict[str, Benchmark]:
    """Every benchmark of this folder by its name, in order of modules and of their tables.

    Raises:
        ValueError: two modules publish a figure under one name.
    """
    found: dict[str, Benchmark] = {}
    for module in sorted(pkgutil.iter_modules(benchmarks.__path__), key=lambda module: module.name):
        if module.name == "__main__":
            continue
        table = getattr(importlib.import_module(f"benchmarks.{module.name}"), "FIGURES", {})
        if twice := found.keys() & table.keys():
            raise ValueError(f"{module.name}: {', '.join(sorted(twice))} already stands in another module")
        found.update(table)
    return found


def row(name: str, figure: Figure) -> str:
    """One line of the table."""
    theirs = "–" if figure.theirs is None else f"{figure.theirs:,.4g}"
    ratio = "–" if figure.ratio is None else f"{figure.ratio:.2f}×"
    return f"{name:28} {figure.ours:>12,.4g} {theirs:>12} {ratio:>8}  {figure.unit:14} {figure.what}"


def write(figures: Mapping[str, Figure], path: Path) -> None:
    """Write the figures as JSON; the file is whole at every moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        name: {
            "ours": figure.ours,
            "theirs": figure.theirs,
            "ratio": figure.ratio,
            "unit": figure.unit,
            "what": figure.what,
        }
        for name, figure in figures.items()
    }
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    partial.replace(path)


def main(only: Collection[str]) -> int:
    """Run the named benchmarks, or all; 1 when one of them failed, 2 when one does not exist."""
    # The table is what is read here, not what ten thousand messages had to say.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    known = collect()
    if unknown := [name for name in only if name not in known]:
        print(f"bench: no figure {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    figures: dict[str, Figure] = {}
    failed: list[str] = []
    print(f"{'figure':28} {'ours':>12} {'theirs':>12} {'ratio':>8}  {'unit':14} what")
    for name in only or known:
        try:
            figures[name] = known[name]()
        except Exception:  # noqa: BLE001 -- one benchmark that cannot run must not cost the others
            traceback.print_exc()
            failed.append(name)
        else:
            print(row(name, figures[name]), flush=True)
            write(figures, RESULTS)
    if failed:
        print(f"bench: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main([name for name in os.environ.get("ONLY", "").split(",") if name]))
