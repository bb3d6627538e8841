"""How well questions find their article, how honestly strangers are turned away, and what it costs.

The figures of ``make bench`` come from the project's own questions (``tests/knowledge/questions.toml``),
beside a peer anybody would write first: BM25 over single characters and pairs, its score a share of the
best possible. Those questions were written beside the articles by one hand: they compare engines, they
promise nothing.

With a folder of public question pairs, which are not part of the project, the same engines are measured on
them (``python -m benchmarks.ask FOLDER``): pairs told apart, clusters retrieved, questions of other matters
refused. The folder holds ``bq-dev.csv``, ``atec-dev.tsv`` and ``lcqmc-dev.tsv``, a pair and a label a line.
Weights were chosen on the even half of queries and pairs; what is printed is the odd, held-out half.
"""

from __future__ import annotations

import csv
import math
import random
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from benchmarks.figure import Benchmark, Figure
from knowledge import semantic, words
from knowledge.library import Library
from knowledge.ranking import Lexical
from knowledge.semantic import Semantic

_QUESTIONS = Path(__file__).parents[1] / "tests" / "knowledge" / "questions.toml"
_FALSE = 0.03  # of strangers answered, where the share of the others is read


class Engine(Protocol):
    def batch(self, questions: Sequence[str]) -> list[dict[int, float]]: ...


class Plain:
    """The peer: BM25 over characters and pairs, nothing known of the language; the best form counts."""

    def __init__(self, forms: Sequence[Sequence[str]]) -> None:
        self._article = [number for number, ways in enumerate(forms) for _ in ways]
        bags = [_characters(way) for ways in forms for way in ways]
        held = Counter(gram for bag in bags for gram in bag)
        self._total, self._held = len(bags), held
        self._usual = sum(map(len, bags)) / len(bags)
        self._lengths = [len(bag) for bag in bags]
        self._postings: dict[str, list[int]] = defaultdict(list)
        for form, bag in enumerate(bags):
            for gram in bag:
                self._postings[gram].append(form)

    def _idf(self, gram: str) -> float:
        return math.log(1 + (self._total - self._held[gram] + 0.5) / (self._held[gram] + 0.5))

    def batch(self, questions: Sequence[str]) -> list[dict[int, float]]:
        return [self._scores(question) for question in questions]

    def _scores(self, question: str) -> dict[int, float]:
        bag = _characters(question)
        own = sum(map(self._idf, bag)) or 1.0
        common: dict[int, float] = defaultdict(float)
        for gram in bag:
            for form in self._postings.get(gram, ()):
                length = 0.25 + 0.75 * self._lengths[form] / self._usual
                common[form] += self._idf(gram) * 2.2 / (1 + 1.2 * length)
        best: dict[int, float] = defaultdict(float)
        for form, score in common.items():
            article = self._article[form]
            best[article] = max(best[article], score / own)
        return best


_ENGINES: dict[str, Callable[[Sequence[Sequence[str]]], Engine]] = {
    "plain": Plain,
    "lexical": Lexical,
    "semantic": Semantic,
}


def _characters(text: str) -> set[str]:
    text = "".join(text.lower().split())
    return {*text, *(first + after for first, after in pairwise(text))}


@dataclass(frozen=True)
class Task:
    """Articles, questions with the number of the article meant, and questions no article answers."""

    forms: Sequence[Sequence[str]]
    asked: Sequence[tuple[str, int]]
    strangers: Sequence[str]


@dataclass(frozen=True)
class Result:
    """Shares of the questions: first, among three, reciprocal rank, answered at 3 % false; ms a question."""

    top1: float
    top3: float
    mrr: float
    answered: float
    separation: float
    milliseconds: float

    def __str__(self) -> str:
        return (
            f"top-1 {self.top1:.3f}  top-3 {self.top3:.3f}  MRR {self.mrr:.3f}  "
            f"answered at 3% false {self.answered:.3f}  AUC {self.separation:.3f}  {self.milliseconds:.2f} ms"
        )


def measure(make: Callable[[Sequence[Sequence[str]]], Engine], task: Task) -> Result:
    """Build an engine over the articles of a task and ask it everything."""
    engine = make(task.forms)
    engine.batch(["热身"])
    start = time.perf_counter()
    found = [scores for some in _some(task.asked) for scores in engine.batch([text for text, _ in some])]
    spent = (time.perf_counter() - start) * 1000 / len(task.asked)
    ranks = [_rank(scores, meant) for scores, (_, meant) in zip(found, task.asked, strict=True)]
    near = [max(scores.values(), default=-9.0) for scores in found]
    far = [
        max(scores.values(), default=-9.0)
        for some in _some([(text, 0) for text in task.strangers])
        for scores in engine.batch([text for text, _ in some])
    ]
    line = sorted(far)[int(len(far) * (1 - _FALSE))]
    count = len(ranks)
    return Result(
        sum(rank == 1 for rank in ranks) / count,
        sum(rank is not None and rank <= 3 for rank in ranks) / count,
        sum(1 / rank for rank in ranks if rank) / count,
        sum(score > line for score in near) / count,
        auc([*near, *far], [1] * len(near) + [0] * len(far)),
        spent,
    )


def _some(rows: Sequence[tuple[str, int]]) -> Iterable[Sequence[tuple[str, int]]]:
    return (rows[start : start + 64] for start in range(0, len(rows), 64))


def _rank(scores: dict[int, float], meant: int) -> int | None:
    """The place of the article meant among the first ten, None beyond."""
    order = sorted(scores, key=lambda article: (-scores[article], article))[:10]
    return order.index(meant) + 1 if meant in order else None


def auc(scores: Sequence[float], labels: Sequence[int]) -> float:
    """The chance that a random 1 scores above a random 0; ties count half."""
    order = sorted(zip(scores, labels, strict=True))
    ones = sum(labels)
    ranks = 0.0
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and order[end][0] == order[start][0]:
            end += 1
        ranks += (start + end + 1) / 2 * sum(label for _, label in order[start:end])
        start = end
    return (ranks - ones * (ones + 1) / 2) / (ones * (len(labels) - ones))


# --- the project's own questions ---


@cache
def own() -> Task:
    """The shipped articles and the project's own questions."""
    questions = tomllib.loads(_QUESTIONS.read_text("utf-8"))
    articles = Library.load(engine="lexical").articles
    number = {article.id: place for place, article in enumerate(articles)}
    return Task(
        [(article.question, *article.also) for article in articles],
        [(asked, number[id]) for asked, id in questions["asked"].items()],
        [asked for kind in questions["none"] for asked in kind["questions"]],
    )


@cache
def _own(name: str) -> Result:
    return measure(_ENGINES[name], own())


def _best() -> str:
    return "semantic" if semantic.installed() else "lexical"


def ask_first() -> Figure:
    """The share of paraphrases whose article comes first."""
    what = f"paraphrases whose article comes first ({_best()}), beside character BM25"
    return Figure(_own(_best()).top1, _own("plain").top1, "of 1", "higher", what)


def ask_refusal() -> Figure:
    """The share of paraphrases still answered when 3 % of strangers are."""
    what = f"paraphrases answered when 3% of strangers are ({_best()}), beside character BM25"
    return Figure(_own(_best()).answered, _own("plain").answered, "of 1", "higher", what)


def ask_lexical_first() -> Figure:
    """The share of paraphrases whose article comes first without the semantic extra."""
    what = "paraphrases whose article comes first (lexical), beside character BM25"
    return Figure(_own("lexical").top1, _own("plain").top1, "of 1", "higher", what)


def ask_lexical_ms() -> Figure:
    """What a question costs without the semantic extra."""
    what = "a question to the shipped articles (lexical), beside character BM25"
    return Figure(_own("lexical").milliseconds, _own("plain").milliseconds, "ms", "lower", what)


def ask_semantic_ms() -> Figure:
    """What a question of a batch costs with the semantic extra."""
    what = "a question of a batch to the shipped articles (semantic); nothing comparable"
    return Figure(_own("semantic").milliseconds, None, "ms", "lower", what)


FIGURES: dict[str, Benchmark] = {
    "ask_first": ask_first,
    "ask_refusal": ask_refusal,
    "ask_lexical_first": ask_lexical_first,
    "ask_lexical_ms": ask_lexical_ms,
    **({"ask_semantic_ms": ask_semantic_ms} if semantic.installed() else {}),
}


# --- public question pairs, from a folder ---

Pair = tuple[str, str, int]


def read_pairs(path: Path) -> list[Pair]:
    """The labelled pairs of one file, comma or tab separated."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [(row["sentence1"], row["sentence2"], int(row["label"])) for row in csv.DictReader(file)]
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return [(row[0], row[1], int(row[2])) for row in rows if len(row) == 3]


def clusters(pairs: Iterable[Pair], seed: int = 0) -> tuple[list[list[str]], list[tuple[str, int]]]:
    """Positive pairs joined: half of each cluster becomes an article, the rest are questions for it."""
    parent: dict[str, str] = {}

    def root(text: str) -> str:
        parent.setdefault(text, text)
        while parent[text] != text:
            parent[text] = parent[parent[text]]
            text = parent[text]
        return text

    for one, other, label in pairs:
        if label:
            parent[root(one)] = root(other)
    grouped: dict[str, set[str]] = defaultdict(set)
    for text in list(parent):
        grouped[root(text)].add(text)
    chance = random.Random(seed)
    groups = sorted(sorted(group) for group in grouped.values() if len(group) > 1)
    chance.shuffle(groups)
    articles: list[list[str]] = []
    asked: list[tuple[str, int]] = []
    for number, group in enumerate(groups):
        chance.shuffle(group)
        half = (len(group) + 1) // 2
        articles.append(group[:half])
        asked += [(text, number) for text in group[half:]]
    return articles, asked


def lexical_pairs(pairs: Sequence[Pair]) -> list[float]:
    """How near the two of each pair are, by the lexical engine's own weights, rarity from all pairs."""
    bags = [(words.grams(one), words.grams(other)) for one, other, _ in pairs]
    held = Counter(gram for two in bags for bag in two for gram in bag)
    total = 2 * len(bags)
    idf = {gram: math.log(1 + (total - count + 0.5) / (count + 0.5)) for gram, count in held.items()}
    scores = []
    for one, other in bags:
        shared = sum(min(count, other[gram]) * idf[gram] for gram, count in one.items() if gram in other)
        whole = sum(count * idf[gram] for bag in (one, other) for gram, count in bag.items())
        scores.append(shared / (whole - shared) if whole > shared else 1.0)
    return scores


def semantic_pairs(pairs: Sequence[Pair]) -> list[float]:
    """How near the two of each pair are, by embeddings and a quarter of words."""
    import numpy as np

    one, other = (
        semantic.centred(semantic.model().query([semantic.plain(text) for text in column]))
        for column in ([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    )
    cosines = np.clip((one * other).sum(axis=1), 0.0, 1.0).tolist()
    return [0.75 * near + 0.25 * word for near, word in zip(cosines, lexical_pairs(pairs), strict=True)]


def report(folder: Path, most: int) -> None:
    """Print every task for every engine, the held-out half."""
    strangers = sorted(
        {text for one, other, _ in read_pairs(folder / "lcqmc-dev.tsv") for text in (one, other)}
    )
    random.Random(1).shuffle(strangers)
    engines = {name: make for name, make in _ENGINES.items() if name != "semantic" or semantic.installed()}
    for name in ("bq-dev.csv", "atec-dev.tsv"):
        pairs = read_pairs(folder / name)
        held_out = pairs[1::2][:most]
        labels = [label for _, _, label in held_out]
        print(f"{name}: pairs, held out, AUC: lexical {auc(lexical_pairs(held_out), labels):.3f}", end="")
        print(
            f", semantic {auc(semantic_pairs(held_out), labels):.3f}" if semantic.installed() else "",
            flush=True,
        )
        articles, asked = clusters(pairs)
        articles = articles[:most]
        asked = [row for row in asked if row[1] < most]
        for engine, make in engines.items():
            result = measure(make, Task(articles, asked[1::2], strangers[:most]))
            print(f"{name}: {len(articles)} articles, held out: {engine:9} {result}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python -m benchmarks.ask FOLDER [MOST]")
    report(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) == 3 else 10_000)
