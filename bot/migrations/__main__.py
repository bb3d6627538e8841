"""Write the migration from the last one to the code's tables: ``python -m bot.migrations "What changed"``.

It is drafted against an empty SQLite database brought to the last migration; read it before committing.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from bot.sql.engine import open_engine
from bot.sql.schema import config_for, upgrade


def main() -> int:
    if len(sys.argv) != 2:
        sys.stderr.write('usage: python -m bot.migrations "What changed"\n')
        return 2
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'draft.db'}")
        upgrade(engine)
        with engine.begin() as conn:
            command.revision(config_for(conn), sys.argv[1], autogenerate=True)
        engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
