"""Gaps and answers on SQLAlchemy Core; functions join the caller's unit of work and never commit."""
