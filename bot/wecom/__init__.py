"""Everything that knows WeCom's wire: no Flask, no database, no settings object inside."""
