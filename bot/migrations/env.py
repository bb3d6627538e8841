"""Alembic's entry: migrates the database whose connection it is handed by ``bot.sql.schema``."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON

import knowledge.sql.tables
import workorders.sql.base
from bot.sql.schema import METADATA


def render(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Write our own column types by name; everything else as Alembic does."""
    if kind != "type":
        return False
    if isinstance(item, workorders.sql.base.Moment):
        autogen_context.imports.add("from workorders.sql.base import Json, Moment")
        return "Moment()"
    if isinstance(item, knowledge.sql.tables.Moment):
        autogen_context.imports.add("import knowledge.sql.tables")
        return "knowledge.sql.tables.Moment()"
    return "Json" if isinstance(item, JSON) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
