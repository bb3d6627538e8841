"""Figures: what was promised and kept, by whom, how fast. Rows in, tables out; nothing here reads a store."""
