"""Who is on duty."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.phrases.names import ROLES
from handlers.phrases.plain import plain_line
from handlers.phrases.text import phones_masked
from workorders.directory.people import Person, Role


def on_duty(
    posts: Sequence[tuple[Role, Sequence[Person], Sequence[Person]]], hotline: str, *, shared: bool
) -> str:
    """A line for everybody who holds a post."""
    rows = [
        line
        for role, first, second in posts
        for rank, people in (("一责", first), ("二责", second))
        for line in _lines(f"{ROLES[role]}{rank}", people, shared)
    ]
    if not rows:
        return f"值班表尚未配置，请拨打热线 {hotline}。"
    return "\n".join(["当前值班：", *rows, f"热线 {hotline}。"])


def _lines(post: str, people: Sequence[Person], shared: bool) -> list[str]:
    return [f"- {post}：{_person(person, shared)}" for person in people]


def _person(person: Person, shared: bool) -> str:
    phone = person.phone or ""
    shown = phones_masked(phone) if shared else phone
    return f"{plain_line(person.name)} {shown}".strip()
