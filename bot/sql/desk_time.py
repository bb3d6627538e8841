"""How far the demo's desk time is ahead of machine time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, insert, select, update

from bot.sql.engine import READING
from bot.sql.tables import desk_time

_ROW = 1


def ahead(engine: Engine) -> timedelta:
    """How far it is ahead; nothing where it was never turned."""
    with engine.connect().execution_options(**{READING: True}) as conn:
        found = conn.execute(select(desk_time.c.ahead_us).where(desk_time.c.id == _ROW)).scalar_one_or_none()
    return timedelta(microseconds=found or 0)


def go_ahead(engine: Engine, to: timedelta) -> None:
    """Be that far ahead, or stay where it is when that is further: desk time never goes back."""
    wanted = to // timedelta(microseconds=1)
    with engine.begin() as conn:
        moved = conn.execute(
            update(desk_time)
            .where(desk_time.c.id == _ROW, desk_time.c.ahead_us < wanted)
            .values(ahead_us=wanted)
        )
        known = conn.execute(select(desk_time.c.id).where(desk_time.c.id == _ROW)).first()
        if moved.rowcount == 0 and known is None and wanted > 0:
            conn.execute(insert(desk_time).values(id=_ROW, ahead_us=wanted))
