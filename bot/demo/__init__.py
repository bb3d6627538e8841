"""The whole product on one machine, with nothing to configure: ``make demo``."""
