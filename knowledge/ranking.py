"""The lexical engine: how near each article is to a question, in characters, pairs and sounds."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from knowledge import words

_SOUND = 0.5


class Lexical:
    """An inverted index over every way of asking every article.

    Args:
        forms: for each article, its question and its other ways of asking.
    """

    def __init__(self, forms: Sequence[Iterable[str]]) -> None:
        bags: list[frozenset[str]] = []
        self._article: list[int] = []
        for number, ways in enumerate(forms):
            for way in ways:
                bags.append(frozenset(words.grams(words.tokens(words.normal(way)))))
                self._article.append(number)
        held = Counter(gram for bag in bags for gram in bag)
        self._count = len(bags)
        self._held = held
        self._postings: dict[str, list[int]] = defaultdict(list)
        self._weight: list[float] = []
        for number, bag in enumerate(bags):
            for gram in bag:
                self._postings[gram].append(number)
            self._weight.append(sum(map(self._idf, bag)))

    def _idf(self, gram: str) -> float:
        held = self._held.get(gram, 0)
        weight = math.log(1 + (self._count - held + 0.5) / (held + 0.5))
        return weight * _SOUND if gram[0] == "~" else weight

    def scores(self, question: str) -> dict[int, float]:
        """How near (0 to 1) each article is that has anything in common with the question."""
        bag = frozenset(words.grams(words.tokens(words.normal(question))))
        common: dict[int, float] = defaultdict(float)
        own = 0.0
        for gram in bag:
            weight = self._idf(gram)
            own += weight
            for form in self._postings.get(gram, ()):
                common[form] += weight
        best: dict[int, float] = {}
        for form, shared in common.items():
            score = shared / (own + self._weight[form] - shared)
            article = self._article[form]
            if score > best.get(article, 0.0):
                best[article] = score
        return best
