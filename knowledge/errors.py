"""What can be wrong with the knowledge base; ``knowledge`` has one error of its own."""

from __future__ import annotations


class ArticleError(Exception):
    """An article file that cannot be used.

    Args:
        where: the file and the place in it, e.g. ``payment.toml: article 3: id``.
        what: what is wrong with it, in one clause.
        accepted: what would be accepted instead, empty when there is no one form.
    """

    def __init__(self, where: str, what: str, accepted: str = "") -> None:
        self.where, self.what, self.accepted = where, what, accepted
        super().__init__(f"{where}: {what}" + (f" (accepted: {accepted})" if accepted else ""))


class EngineMissing(Exception):
    """The semantic engine was asked for by name and is not installed (or not for this machine).

    Args:
        why: what is missing, in one clause.
    """

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"semantic: {why} (accepted: lexical, or install the extra `semantic`)")
