"""The library: articles, and the answer to a question, or the honest word that there is none."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self, get_args

from knowledge.files import read_files
from knowledge.ranking import Lexical

Outcome = Literal["answer", "choose", "none"]
Engine = Literal["lexical", "semantic"]
ENGINES: tuple[str, ...] = get_args(Engine)

SURE, UNSURE = 0.6, 0.3


@dataclass(frozen=True)
class Article:
    """One FAQ entry.

    Attributes:
        id: short and stable, ASCII: ``pay-insufficient-balance``.
        question: the question it answers, as it is shown.
        also: other ways people ask it; for finding only.
        answer: markdown, the conclusion first, then steps; settings filled in.
        category: 支付过程, 入网过程 or 查询网址 in the shipped articles; anything in an operator's file.
        source: a public page that says so, None where there is none.
        unverified: nobody with authority has confirmed it.
        settings: names of the ``{{…}}`` in the answer that the operator has not filled.
    """

    id: str
    question: str
    also: tuple[str, ...] = ()
    answer: str = ""
    category: str = ""
    source: str | None = None
    unverified: bool = False
    settings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """An article offered, and how likely it is the one meant (0 to 1)."""

    article: Article
    confidence: float


@dataclass(frozen=True)
class Answer:
    """What the library says to a question.

    Attributes:
        question: as it was asked.
        outcome: ``answer`` (``article`` is it), ``choose`` (show the first few ``choices``) or ``none``.
        confidence: of the nearest article, 0 to 1.
        article: only when the outcome is ``answer``.
        choices: the nearest articles, best first, whatever the outcome.
    """

    question: str
    outcome: Outcome
    confidence: float
    article: Article | None
    choices: tuple[Choice, ...]


class Library:
    """Articles and one engine to find them.

    Args:
        articles: in the order they are listed.
        unverified_answers: whether an unverified article may answer directly (the demo and ``desk ask``);
            otherwise it is offered as a choice, which shows its mark.
    """

    def __init__(self, articles: Iterable[Article], *, unverified_answers: bool = False) -> None:
        self.articles = tuple(articles)
        self._by_id = {article.id: article for article in self.articles}
        self._unverified_answers = unverified_answers
        self._lexical = Lexical([(article.question, *article.also) for article in self.articles])

    @classmethod
    def load(
        cls,
        paths: Iterable[Path] | None = None,
        *,
        settings: Mapping[str, str] | None = None,
        unverified_answers: bool = False,
        engine: str | None = None,
    ) -> Self:
        """Read articles from files; None reads the shipped ones.

        Args:
            paths: TOML files as in ``knowledge/articles``, or JSON lines (``.jsonl``).
            settings: values for the ``{{…}}`` in answers, over those in the files' ``[settings]``.
            unverified_answers: see the class.
            engine: one of ``ENGINES``; None is semantic where it is installed.

        Raises:
            ArticleError: a file that cannot be used.
        """
        rows = read_files(paths, settings or {})
        return cls((Article(**row) for row in rows), unverified_answers=unverified_answers)

    def article(self, id: str) -> Article | None:
        """The article of that id, None where there is none."""
        return self._by_id.get(id)

    def ask(self, text: str, limit: int = 10) -> Answer:
        """Find what answers a question. Never raises, whatever the text.

        Args:
            text: as the person typed it.
            limit: how many choices at most.
        """
        scores = self._lexical.scores(text)
        nearest = heapq.nsmallest(limit, scores.items(), key=lambda item: (-item[1], item[0]))
        choices = tuple(Choice(self.articles[number], score) for number, score in nearest)
        if not choices or choices[0].confidence < UNSURE:
            return Answer(text, "none", choices[0].confidence if choices else 0.0, None, choices)
        best = choices[0]
        if best.confidence < SURE or (best.article.unverified and not self._unverified_answers):
            return Answer(text, "choose", best.confidence, None, choices)
        return Answer(text, "answer", best.confidence, best.article, choices)
