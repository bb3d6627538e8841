"""The tables of the directory: partners and what they are called, people, their duties and times, groups."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Integer, String, Table

from workorders.sql.base import Json, Moment, metadata

# ``position`` is the place in the directory file: the order in which people are told and rows exported.

partner = Table(
    "partner",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name_key", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("aliases", Json, nullable=False),
    Column("mail_domains", Json, nullable=False),
    Column("clauses", Json, nullable=False),
    Column("position", Integer, nullable=False),
    # A partner no longer in the file stays, since its work orders do.
    Column("has_left", Boolean, nullable=False),
)

# What a present partner is called, by name and by alias.
partner_name = Table(
    "partner_name",
    metadata,
    Column("name_key", String, primary_key=True),
    Column("partner_id", ForeignKey("partner.id"), nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    # Null for a contact who is not on WeCom.
    Column("userid_key", String, unique=True),
    Column("userid", String),
    Column("name_key", String, nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("side", String, CheckConstraint("side IN ('us', 'partner')", name="side"), nullable=False),
    Column("partner_id", ForeignKey("partner.id"), index=True),
    Column("phone", String),
    Column("email", String),
    Column("roles", Json, nullable=False),
    Column("console", String),
    Column("position", Integer, nullable=False),
    # Somebody no longer in the file stays, since orders and events refer to the userid.
    Column("has_left", Boolean, nullable=False),
)

duty = Table(
    "duty",
    metadata,
    Column("role", String, primary_key=True),
    Column("rank", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True, index=True),
    Column("position", Integer, nullable=False),
)

absence = Table(
    "absence",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("begins", Moment, primary_key=True, comment="half-open, desk time"),
    Column("ends", Moment, nullable=False),
    Column("stand_in", String(128), comment="userid of who is told instead"),
)

rota = Table(
    "rota",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("role", String(16), nullable=False, index=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("days", Json, nullable=False, comment="weekdays, Monday 0"),
    Column("starts", Integer, nullable=False, comment="minutes from local midnight, half-open"),
    Column("stops", Integer, nullable=False),
    Column("begins", Date, comment="the first local day it holds"),
    Column("ends", Date, comment="the last"),
    Column("every", Integer, nullable=False, comment="weeks, counted from that of begins"),
)

chat_group = Table(
    "chat_group",
    metadata,
    Column("chatid", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("partner_id", ForeignKey("partner.id"), index=True),
    Column("purpose", String),
    Column("webhook_key", String),
    Column("position", Integer, nullable=False),
    CheckConstraint("(partner_id IS NULL) <> (purpose IS NULL)", name="owner"),
)
