"""Taking people out: every field of what happened says whether it holds words, people or codes of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, get_args, get_type_hints

import pytest

from workorders.directory.people import Role
from workorders.erasure import CODES, ERASED, EVERYTHING, WHO, WORDS, is_literal
from workorders.obligations.matters import Change, OurChange, Slip
from workorders.obligations.obligation import Obligation
from workorders.orders.order import WorkOrder


def _texts(of: type) -> Iterator[str]:
    """The names of the fields of plain text of a type and of all it holds."""
    for name, hint in get_type_hints(of).items():
        if name in CODES or is_literal(hint):
            continue
        if name in {f.name for f in fields(of)} and _is_text(hint):
            yield name
        for inner in _inside(hint):
            yield from _texts(inner)


def _is_text(hint: Any) -> bool:
    return hint in (str, Any) or any(_is_text(arg) for arg in get_args(hint))


def _inside(hint: Any) -> Iterator[type]:
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    for arg in get_args(hint):
        yield from _inside(arg)


@pytest.mark.parametrize("of", [WorkOrder, Obligation])
def test_every_field_of_text_is_words_people_or_a_code(of: type) -> None:
    unknown = {name for name in _texts(of) if name not in WHO | WORDS | CODES}

    assert unknown == set(), "say in workorders/erasure.py what these hold"


def test_nothing_is_two_of_them() -> None:
    assert not WHO & WORDS
    assert not (WHO | WORDS) & CODES


def test_facts_keep_moments_roles_counts_and_our_codes_and_nothing_else() -> None:
    facts = {
        "plan": "换机器",
        "completion": "2026-11-23T10:00:00+00:00",
        "day": "2026-11-24",
        "from": "tech",
        "to": "laoli",
        "times": 2,
        "nothing_left": False,
        "partner": "星河支付",
        "anything": {"new": ["小王说的", ""]},
        "tells": [{"kind": "page", "occasion": "page.7"}],
    }

    assert EVERYTHING.values(facts) == facts | {
        "plan": ERASED,
        "to": ERASED,
        "anything": {"new": [ERASED, ""]},
    }


def test_what_is_inside_a_matter_is_reached_and_its_literals_stay() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    change = Change(Role.TECH, "小王", "小赵", at, at, True, "13812345678")
    ours = OurChange(change, 1, "laoli", "laozhou", {})

    erased = EVERYTHING.value(ours, "matter")

    assert (erased.frm, erased.to, erased.kind) == (ERASED, ERASED, "our_change")
    assert (erased.change.leaves, erased.change.reach, erased.change.role) == (ERASED, ERASED, Role.TECH)
    slip = Slip(at, "hardware", 100, "photo", withheld="没有签收单")
    assert EVERYTHING.value(slip, "matter") == Slip(at, "hardware", 100, "photo", withheld=ERASED)
    assert not isinstance(erased.change.leaves, Enum)
