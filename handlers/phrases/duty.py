"""Who is on duty."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.phrases.names import post
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
        for rank, people in ((1, first), (2, second))
        for line in _lines(post(role, rank), people, shared)
    ]
    if not rows:
        return f"值班表尚未配置，请拨打热线 {hotline}。"
    return "\n".join(["当前值班：", *rows, f"热线 {hotline}。"])


def _lines(held: str, people: Sequence[Person], shared: bool) -> list[str]:
    return [f"- {held}：{_person(person, shared)}" for person in people]


def _person(person: Person, shared: bool) -> str:
    phone = person.phone or ""
    shown = phones_masked(phone) if shared else phone
    return f"{plain_line(person.name)} {shown}".strip()
