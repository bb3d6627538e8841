"""The schema: which tables there are, and bringing a database up to them."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from bot.sql import tables as edge
from knowledge.sql import tables as knowledge
from workorders.sql import attachment_tables as attachments
from workorders.sql import directory_tables as directory
from workorders.sql import handover_tables as handovers
from workorders.sql import incident_tables as incidents
from workorders.sql import notice_tables as notices
from workorders.sql import obligation_tables as obligations
from workorders.sql import tables as orders

#: Everything a migration compares with: the tables of these modules.
METADATA = list(
    {
        module.metadata: None
        for module in (
            directory,
            orders,
            attachments,
            handovers,
            incidents,
            obligations,
            notices,
            edge,
            knowledge,
        )
    }
)

#: PostgreSQL advisory lock that lets one migration run at a time.
_LOCK = 0x7765636F6D


def upgrade(engine: Engine) -> None:
    """Bring the database up to this version's tables; nothing happens to one that is there already."""
    with engine.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(config_for(conn), "head")


def is_current(conn: Connection) -> bool:
    """Whether the database has this version's tables."""
    head = ScriptDirectory.from_config(config_for(conn)).get_current_head()
    return MigrationContext.configure(conn).get_current_revision() == head


def config_for(conn: Connection) -> Config:
    """Alembic's configuration, for that connection's database."""
    config = Config()
    config.set_main_option("script_location", "bot:migrations")
    config.attributes["connection"] = conn
    return config
