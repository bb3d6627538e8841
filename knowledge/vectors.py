"""Embeddings once computed are kept: a model takes some 8 ms a text, reading a thousand of them back 3 ms.

Those of the shipped articles come with the package (``e5-small.npz``, with the mean of them all); those of an
operator's articles are kept in the user's cache directory. After editing a shipped article::

    python -m knowledge.vectors
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import IO, TYPE_CHECKING

# numpy comes with the extra: this module is imported without it, and used only with it.
if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.float32]
    _Bytes = npt.NDArray[np.int8]

_SHIPPED = "e5-small.npz"
_KEPT = 50_000  # texts in the cache; at 384 bytes some 20 MB
_DIGEST = 16  # bytes


def mean() -> Array:
    """The mean vector of the shipped articles' questions, for taking the model's bias off."""
    return _shipped()[1]


def kept(texts: Sequence[str], embed: Callable[[list[str]], Array], model: str) -> Array:
    """The unit vectors of some texts: as shipped, as cached, or else computed and cached.

    Args:
        texts: at least one.
        embed: the model; called once, with the texts nobody has kept.
        model: its name, which is that of the cache file. A read-only or broken cache costs time, never
            an answer.
    """
    import numpy as np

    keys = [hashlib.blake2b(text.encode(), digest_size=_DIGEST).digest() for text in texts]
    known = _shipped()[0]
    if not known.keys() >= set(keys):
        cached = _read(_cache_file(model))
        known = cached | known
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if new:
            computed = dict(zip(new, _packed(embed(list(new.values()))), strict=True))
            known |= computed
            # Several processes may start at once: each replaces the file whole, and the last one wins.
            with contextlib.suppress(OSError):
                _write(_cache_file(model), cached | computed)
    vectors = np.stack([known[key] for key in keys]).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _packed(vectors: Array) -> _Bytes:
    """A byte a number: of unit vectors only the direction counts, and it moves by less than 0.5 degrees."""
    import numpy as np

    scaled: Array = vectors / np.abs(vectors).max(axis=1, keepdims=True) * 127
    return np.round(scaled).astype(np.int8)


def _cache_file(model: str) -> Path:
    """Where this model's vectors are kept: the user's cache directory, by the XDG convention."""
    root = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(root) / "wecom-desk" / f"{model}.npz"


@cache
def _shipped() -> tuple[dict[bytes, _Bytes], Array]:
    import numpy as np

    with files("knowledge").joinpath(_SHIPPED).open("rb") as file, np.load(file) as held:
        return _rows(held["keys"], held["vectors"]), held["mean"]


def _read(file: Path) -> dict[bytes, _Bytes]:
    import numpy as np

    try:
        with np.load(file) as held:
            return _rows(held["keys"], held["vectors"])
    except (OSError, ValueError, KeyError, EOFError):
        return {}


def _rows(keys: npt.NDArray[np.uint8], vectors: _Bytes) -> dict[bytes, _Bytes]:
    return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}


def _write(file: Path, known: dict[bytes, _Bytes]) -> None:
    newest = list(known.items())[-_KEPT:]
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".npz", delete=False) as part:
        _save(part, newest)
    os.replace(part.name, file)


def _save(file: IO[bytes], rows: Sequence[tuple[bytes, _Bytes]], mean: Array | None = None) -> None:
    import numpy as np

    arrays: dict[str, npt.NDArray[np.generic]] = {
        "keys": np.frombuffer(b"".join(key for key, _ in rows), dtype=np.uint8).reshape(-1, _DIGEST),
        "vectors": np.stack([vector for _, vector in rows]),
    }
    if mean is not None:
        arrays["mean"] = mean
    np.savez(file, allow_pickle=False, **arrays)


def _ship() -> None:
    """Write the vectors and the mean of the shipped articles beside them."""
    from knowledge.files import read_files
    from knowledge.semantic import model, plain

    ways = dict.fromkeys(
        plain(way) for row in read_files(None, {}) for way in (row["question"], *row["also"])
    )
    vectors = model().query(list(ways))
    keys = (hashlib.blake2b(way.encode(), digest_size=_DIGEST).digest() for way in ways)
    with Path(__file__).with_name(_SHIPPED).open("wb") as file:
        _save(file, list(zip(keys, _packed(vectors), strict=True)), mean=vectors.mean(axis=0))


if __name__ == "__main__":
    _ship()
