"""The service agreement: its clauses as data, and the working time they are counted in."""
