"""The lexical engine: how near each article is to a question, in characters, codes, pairs and sounds."""

from __future__ import annotations

import heapq
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge import words

# A form's words the question does not use cost less than the question's words the form lacks: people leave
# things out. A word no article has says most about what the question is: it counts for more than a rare one.
_FORM_ONLY = 0.6
_UNHEARD = 1.2
_RARITY = 0.8  # idf to this power
# The second, third and fourth nearest way of asking the same article speak for it too, each less.
_SECONDS = (0.6, 0.4, 0.2)

# Postings looked through before only the best forms found so far are worth counting, and how many those are.
_VISITS, _FORMS = 6000, 300


@dataclass(frozen=True)
class Calibration:
    """From an engine's score to a confidence: how often its nearest article was the right one at that score.

    A logistic curve fitted to the project's own questions (``benchmarks/ask.py --calibrate``).
    """

    slope: float
    middle: float

    def confidence(self, score: float) -> float:
        """0 to 1, rising with the score without ever reaching either end."""
        return 1 / (1 + math.exp(-self.slope * (score - self.middle)))


def together(scores: list[float], shares: Sequence[float]) -> float:
    """One score (0 to 1) of an article from those of its ways of asking; a perfect one stays 1.

    Args:
        scores: of each way of asking, 0 to 1, in any order; at least one.
        shares: how much the second best counts, the third, and so on.
    """
    if len(scores) == 1:
        return scores[0]
    scores.sort(reverse=True)
    doubt = 1 - scores[0]
    for score, share in zip(scores[1:], shares, strict=False):
        doubt *= 1 - share * score
    return 1 - doubt


class Lexical:
    """An inverted index over every way of asking every article.

    Args:
        forms: for each article, its question and its other ways of asking.
    """

    calibration = Calibration(slope=12.0, middle=0.375)

    def __init__(self, forms: Iterable[Iterable[str]]) -> None:
        bags: list[dict[str, float]] = []
        self._article: list[int] = []
        for number, ways in enumerate(forms):
            for way in ways:
                bags.append(words.grams(way))
                self._article.append(number)
        held = Counter(gram for bag in bags for gram in bag)
        total = len(bags)
        self._unheard = _UNHEARD * math.log(1 + (total + 0.5) / 0.5)
        self._number = {gram: number for number, gram in enumerate(held)}
        self._idf = [
            math.log(1 + (total - count + 0.5) / (count + 0.5)) ** _RARITY for count in held.values()
        ]
        self._postings: list[list[int]] = [[] for _ in held]
        self._grams: list[array[int]] = []
        self._weight: list[float] = []
        for form, bag in enumerate(bags):
            numbers = array("I", (self._number[gram] for gram in bag))
            for gram in numbers:
                self._postings[gram].append(form)
            self._grams.append(numbers)
            self._weight.append(sum(count * self._idf[self._number[gram]] for gram, count in bag.items()))

    def scores(self, question: str) -> dict[int, float]:
        """How near (0 to 1) each article is that has anything worth naming in common with the question."""
        weights: dict[int, float] = {}
        own = 0.0
        for gram, count in words.grams(question).items():
            number = self._number.get(gram)
            if number is None:
                own += min(count, 1.0) * self._unheard  # a code nobody explains is only another strange word
            else:
                weights[number] = count * self._idf[number]
                own += weights[number]
        of_article: dict[int, list[float]] = {}
        for form, shared in self._shared(weights):
            # The same gram may count differently in two texts, never so that the score passes 1.
            missing = max(own - shared, 0.0) + _FORM_ONLY * max(self._weight[form] - shared, 0.0)
            of_article.setdefault(self._article[form], []).append(shared / (shared + missing))
        return {article: together(scores, _SECONDS) for article, scores in of_article.items()}

    def batch(self, questions: Iterable[str]) -> list[dict[int, float]]:
        """The scores of each question, in order."""
        return [self.scores(question) for question in questions]

    def _shared(self, weights: dict[int, float]) -> Iterable[tuple[int, float]]:
        """Each form that may be near, and the weight of what it shares with the question.

        Grams are taken rarest first. In a large library the common ones ("怎么") stand in thousands of
        forms; past ``_VISITS`` they no longer find forms, they only count for the best of those found.
        """
        common: dict[int, float] = {}
        visits = 0
        for number in sorted(weights, key=lambda number: len(self._postings[number])):
            visits += len(self._postings[number])
            if visits > _VISITS and common:
                nearest = heapq.nlargest(_FORMS, common, key=common.__getitem__)
                return [
                    (form, sum(weights[gram] for gram in self._grams[form] if gram in weights))
                    for form in nearest
                ]
            weight = weights[number]
            for form in self._postings[number]:
                common[form] = common.get(form, 0.0) + weight
        return common.items()
