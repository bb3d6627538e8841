"""The library: articles, and the answer to a question, or the honest word that there is none."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Literal, Self, get_args

from knowledge import faults, semantic, words
from knowledge.files import read_files
from knowledge.forbidden import forbidden
from knowledge.ranking import Lexical
from knowledge.semantic import Semantic

Outcome = Literal["answer", "choose", "none"]
Engine = Literal["lexical", "semantic"]
ENGINES: tuple[str, ...] = get_args(Engine)

SURE, UNSURE = 0.7, 0.4
"""From which confidence an answer is given, and from which a menu (measured: ``benchmarks/ask.py``)."""

_CLEAR = 0.04  # by how much of an engine's score the best must lead to be given alone
_TERSE = 2  # a question of no more content (退款, POS怎么办) names a subject: a menu asks what about it
_ALONE = UNSURE / 2  # below this confidence the next article is nobody's rival, and no menu shows it
_REFUSED = 0.1  # what is left of the confidence in a question the desk refuses
_VAGUE = 0.5  # what is left where a fault is stated and the nearest article is not surely about it
_TOGETHER = 64  # questions given to the engine at a time


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

    The engine is built when the first question comes: it costs 30 ms (lexical) to a second (semantic), and
    the semantic one must not be there before a server forks.

    Args:
        articles: in the order they are listed.
        unverified_answers: whether an unverified article may answer directly (the demo and ``desk ask``);
            otherwise it is offered as a choice; picked, it shows its mark.
        engine: which one.
    """

    def __init__(
        self, articles: Iterable[Article], *, unverified_answers: bool = False, engine: Engine = "lexical"
    ) -> None:
        self.articles = tuple(articles)
        self.engine = engine
        self._by_id = {article.id: article for article in self.articles}
        self._unverified_answers = unverified_answers

    @classmethod
    def load(
        cls,
        paths: Iterable[Path] | None = None,
        *,
        settings: Mapping[str, str] | None = None,
        unverified_answers: bool = False,
        engine: Engine | None = None,
    ) -> Self:
        """Read articles from files; None reads the shipped ones.

        Args:
            paths: TOML files as in ``knowledge/articles``, or JSON lines (``.jsonl``).
            settings: values for the ``{{…}}`` in answers, over those in the files' ``[settings]``.
            unverified_answers: see the class.
            engine: ``lexical`` or ``semantic``; None is semantic where it is installed.

        Raises:
            ArticleError: a file that cannot be used.
        """
        rows = read_files(paths, settings or {})
        return cls(
            (Article(**row) for row in rows),
            unverified_answers=unverified_answers,
            engine=engine or ("semantic" if semantic.installed() else "lexical"),
        )

    def article(self, id: str) -> Article | None:
        """The article of that id, None where there is none."""
        return self._by_id.get(id)

    @property
    def unfilled(self) -> tuple[str, ...]:
        """Names of the settings that answers show as （由运营填写）, in order of appearance."""
        return tuple(dict.fromkeys(name for article in self.articles for name in article.settings))

    def ask(self, text: str, limit: int = 10) -> Answer:
        """Find what answers a question, whatever the text is.

        Args:
            text: as the person typed it.
            limit: how many choices at most.

        Raises:
            EngineMissing: the semantic engine was asked for by name and cannot be had.
        """
        return next(self.ask_all([text], limit))

    def ask_all(self, texts: Iterable[str], limit: int = 10) -> Iterator[Answer]:
        """Answer many questions in order, some at a time: the semantic engine is quicker that way."""
        for some in _batched(texts, _TOGETHER):
            for text, scores in zip(some, self._engine.batch(some), strict=True):
                yield self._answer(text, scores if words.normal(text) else {}, limit)

    @cached_property
    def _asked(self) -> dict[str, int]:
        """Each way of asking, in normal form, and the number of its article."""
        return {
            words.normal(way): number
            for number, article in enumerate(self.articles)
            for way in (article.question, *article.also)
        }

    @cached_property
    def _engine(self) -> Lexical | Semantic:
        forms = [(article.question, *article.also) for article in self.articles]
        return Semantic(forms) if self.engine == "semantic" else Lexical(forms)

    def _answer(self, text: str, scores: Mapping[int, float], limit: int) -> Answer:
        nearest = heapq.nsmallest(max(limit, 2), scores.items(), key=lambda item: (-item[1], item[0]))
        trust = self._engine.calibration.confidence
        choices = tuple(Choice(self.articles[number], trust(score)) for number, score in nearest[:limit])
        if choices and self._refused(text, choices[0].article):
            choices = tuple(Choice(choice.article, choice.confidence * _REFUSED) for choice in choices)
        if choices and choices[0].confidence < SURE and faults.stated(text):
            # Whoever states a fault wants it mended: a menu of guesses would stand before the order.
            choices = tuple(Choice(choice.article, choice.confidence * _VAGUE) for choice in choices)
        best = choices[0] if choices else None
        if best is None or best.confidence < UNSURE:
            return Answer(text, "none", best.confidence if best else 0.0, None, choices)
        sure = best.confidence >= SURE and self._clear(text, nearest)
        if not sure or (best.article.unverified and not self._unverified_answers):
            return Answer(text, "choose", best.confidence, None, choices)
        return Answer(text, "answer", best.confidence, best.article, choices)

    def _clear(self, text: str, nearest: Sequence[tuple[int, float]]) -> bool:
        """Whether the nearest article alone is meant: asked in its own words, or well ahead of the next.

        Of a subject alone a menu is made, unless nothing else would stand in it.
        """
        asked = words.normal(text)
        number, score = nearest[0]
        if self._asked.get(asked) == number:
            return True
        if len(nearest) < 2:
            return True
        lead = score - nearest[1][1]
        if self._engine.calibration.confidence(nearest[1][1]) < _ALONE:
            return lead >= _CLEAR
        return len(words.content(asked)) > _TERSE and lead >= _CLEAR

    @staticmethod
    def _refused(text: str, nearest: Article) -> bool:
        """Whether the question asks for what the desk refuses, and no article is about just that."""
        asked = forbidden(text)
        return asked is not None and not any(asked in way for way in (nearest.question, *nearest.also))


def _batched(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    """Lists of up to ``size`` texts (itertools has this from Python 3.12)."""
    rest = iter(texts)
    while some := list(islice(rest, size)):
        yield some
