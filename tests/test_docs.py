"""What the documents say exists: commands, files, settings, and help for what people may say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from bot.cli import desk as cli
from bot.settings import Settings
from handlers import INTENTS
from handlers.phrases import help

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "README.zh-CN.md", "OPERATING.md", "CONTRIBUTING.md", "DECISIONS.md")
ANSWERS_BUT_IS_NO_COMMAND = {
    "welcome", "press", "attachments", "cancel", "menu", "thanks", "bot", "expected", "nudge", "about",
    "awaited", "follows", "draft", "faq", "settlement", "fill", "help",
}  # fmt: skip
"""Intents nobody asks for by name, so that 帮助 does not list them."""


@pytest.fixture(params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> Path:
    return ROOT / request.param


def _code(document: Path) -> list[str]:
    """The shell blocks' lines, and what stands in `backquotes`."""
    text = document.read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.S)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))
    return [line for block in blocks for line in block.splitlines()] + inline


def test_every_make_command_of_a_document_is_a_target(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))

    named = {m[1] for line in _code(document) if (m := re.match(r"make ([a-z-]+)", line))}

    assert named <= targets


def test_every_desk_command_of_a_document_exists(document: Path) -> None:
    root = get_command(cli.app)
    for line in _code(document):
        words = re.match(r"desk ([a-z]+)(?: ([a-z]+))?", line)
        if words:
            commands = root.commands  # type: ignore[attr-defined]
            assert words[1] in commands, line
            inner = getattr(commands[words[1]], "commands", None)
            assert inner is None or words[2] is None or words[2] in inner, line


def test_every_file_a_document_links_to_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)\)|src=\"([^\"]+)\"", text)

    missing = [
        link
        for pair in links
        for link in pair
        if link and "://" not in link and not (document.parent / link).exists()
    ]

    assert missing == []


def test_every_setting_stands_in_the_example_and_nothing_else_does() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    named = set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", example, re.M))

    assert named == {field.upper() for field in Settings.model_fields}


def test_every_target_of_make_says_what_it_is_for() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.M)
    assert phony is not None

    explained = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.M))

    assert set(phony[1].split()) == explained


def test_every_intent_is_in_the_help_or_is_one_nobody_asks_for_by_name() -> None:
    helped = {intent for section in (*help.PARTNERS, *help.DESK) for intent, _ in section.lines}

    assert {intent.name for intent in INTENTS} == helped | ANSWERS_BUT_IS_NO_COMMAND
    assert not helped & ANSWERS_BUT_IS_NO_COMMAND


def test_both_readmes_show_the_same_pictures_and_commands() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS[:2])

    for pattern in (r"docs/screenshots/[\w-]+\.png", r"^make .*?(?=\s+#|$)"):
        assert re.findall(pattern, english, re.M) == re.findall(pattern, chinese, re.M)


@pytest.mark.parametrize(
    "picture", sorted((ROOT / "docs" / "screenshots").glob("*.png")), ids=lambda p: p.name
)
def test_a_picture_of_the_documents_is_small_and_shown(picture: Path) -> None:
    assert picture.stat().st_size < 250_000
    assert picture.name in (ROOT / "README.md").read_text(encoding="utf-8")
