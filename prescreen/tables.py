"""The tables of the desk as the newest migration leaves them; a test compares the two."""

from __future__ import annotations

import sqlalchemy as sa

from prescreen.database import Utc

metadata = sa.MetaData()

handovers = sa.Table(
    "handovers",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    # What the person keeps and tells the counsellor.
    sa.Column("code", sa.String(8), nullable=False, unique=True),
    sa.Column("conversation", sa.String(255), nullable=False, index=True),
    sa.Column("created", Utc, nullable=False),
    # The words that the person agreed to, and when.
    sa.Column("consented", Utc, nullable=False),
    sa.Column("consent", sa.Text, nullable=False),
    sa.Column("land", sa.String(5), index=True),
    sa.Column("topic", sa.String(64)),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("contact", sa.Text),
    # When the person gave a contact or said that they will come with the code; nothing leaves before.
    sa.Column("ready", Utc),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("taken_by", sa.String(64)),
    sa.Column("done", Utc),
    sa.CheckConstraint("state IN ('new', 'taken', 'done')", name="handovers_state"),
)
sa.Index(
    "handovers_one_new",
    handovers.c.conversation,
    unique=True,
    sqlite_where=handovers.c.state == "new",
    postgresql_where=handovers.c.state == "new",
)

# What was deleted and when, without content: the hash of the conversation's id and a count of records.
proofs = sa.Table(
    "proofs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("time", Utc, nullable=False),
    sa.Column("reason", sa.String(16), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False, index=True),
    sa.Column("count", sa.Integer, nullable=False),
)
