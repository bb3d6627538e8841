"""Who is on duty."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.phrases.names import ROLES
from handlers.phrases.text import phones_masked, plain
from workorders.directory.people import Person, Role


def on_duty(
    posts: Sequence[tuple[Role, Sequence[Person], Sequence[Person]]], hotline: str, *, shared: bool
) -> str:
    """A line for every post somebody holds: 一责, and 二责 where there is one."""
    rows = [
        f"- {ROLES[role]}：{_people(first, shared)}" + (f"；二责 {_people(second, shared)}" if second else "")
        for role, first, second in posts
        if first or second
    ]
    if not rows:
        return f"值班表尚未配置，请拨打热线 {hotline}。"
    return "\n".join(["当前值班：", *rows, f"热线 {hotline}。"])


def _people(people: Sequence[Person], shared: bool) -> str:
    return "、".join(_person(person, shared) for person in people) or "暂缺"


def _person(person: Person, shared: bool) -> str:
    phone = person.phone or ""
    shown = phones_masked(phone) if shared else phone
    return f"{plain(person.name)} {shown}".strip()
