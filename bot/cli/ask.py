"""``desk ask``: the knowledge base from the command line; needs no settings, database or Redis."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from bot.cli.exits import REFUSED, WRONG, stop

if TYPE_CHECKING:
    from knowledge.library import Answer, Engine, Library

_SHOWN = 3


def ask_command(
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="the question")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
    batch: Annotated[
        Path | None, typer.Option("--batch", help="a question a line in (- is standard input), JSON out")
    ] = None,
    articles: Annotated[
        Path | None, typer.Option("--articles", help="answer from this TOML or JSONL file instead")
    ] = None,
    engine: Annotated[
        str | None, typer.Option("--engine", help="lexical or semantic; semantic where it is installed")
    ] = None,
) -> None:
    """Say what the knowledge base answers to a question.

    Exits 0 when done, whatever the outcome; 1 where a batch line was bad; 2 for wrong usage or file.
    """
    if (text is None) == (batch is None):
        stop("one question or --batch FILE, and not both", WRONG, command="ask")
    from knowledge.errors import ArticleError, EngineMissing
    from knowledge.library import ENGINES, Library

    if engine not in (None, *ENGINES):
        stop(f"--engine {engine}: unknown (accepted: {', '.join(ENGINES)})", WRONG, command="ask")
    try:
        # The operator tries what is there, so unverified articles answer here too, with their mark.
        library = Library.load(
            None if articles is None else [articles], unverified_answers=True, engine=cast("Engine", engine)
        )
        if batch is not None:
            raise typer.Exit(_batch(library, batch))
        # Bytes of the command line that are no UTF-8 come as lone surrogates, which nothing can print.
        answer = library.ask((text or "").encode("utf-8", "replace").decode())
    except (ArticleError, EngineMissing) as error:
        stop(str(error), WRONG, command="ask")
    typer.echo(_line(answer) if as_json else _prose(answer))


def _batch(library: Library, batch: Path) -> int:
    """Answer every line of a file; the exit code."""
    try:
        raw = sys.stdin.buffer.read() if str(batch) == "-" else batch.read_bytes()
    except OSError as error:
        stop(f"{batch}: cannot be read: {error.strerror} (accepted: a question a line)", WRONG, command="ask")
    questions = list(_questions(raw))
    answers = library.ask_all(question for question in questions if question is not None)
    for question in questions:
        if question is None:
            sys.stdout.write('{"error": "not a question: the line is empty or not UTF-8"}\n')
        else:
            sys.stdout.write(_line(next(answers)) + "\n")
    return REFUSED if None in questions else 0


def _questions(raw: bytes) -> Iterator[str | None]:
    """Each line of a batch; None for one that holds no question."""
    for line in raw.removeprefix(b"\xef\xbb\xbf").splitlines():
        try:
            yield line.decode("utf-8").strip() or None
        except UnicodeDecodeError:
            yield None


def _line(answer: Answer) -> str:
    """The answer as the one line of JSON of design §6."""
    article = answer.article
    shape: dict[str, Any] = {
        "question": answer.question,
        "outcome": answer.outcome,
        "confidence": round(answer.confidence, 6),
        "article": None if article is None else article.id,
        "answer": None if article is None else article.answer,
        "choices": [
            {
                "article": choice.article.id,
                "question": choice.article.question,
                "confidence": round(choice.confidence, 6),
            }
            for choice in answer.choices
        ],
    }
    return json.dumps(shape, ensure_ascii=False)


def _prose(answer: Answer) -> str:
    """The answer as a person at a terminal reads it."""
    if answer.article is not None:
        mark = "（未经核实）" if answer.article.unverified else ""
        return f"{answer.article.question}{mark}\n\n{answer.article.answer}"
    if answer.outcome == "choose":
        lines = [
            f"{sign} {choice.article.question}"
            for sign, choice in zip("①②③", answer.choices[:_SHOWN], strict=False)
        ]
        return "您是想问：\n" + "\n".join(lines)
    return "没有找到答案。"
