"""Handovers, and the proofs of what was deleted."""

import sqlalchemy as sa
from alembic import op

from prescreen.database import Utc

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(8), nullable=False, unique=True),
        sa.Column("conversation", sa.String(255), nullable=False, index=True),
        sa.Column("created", Utc, nullable=False),
        sa.Column("consented", Utc, nullable=False),
        sa.Column("consent", sa.Text, nullable=False),
        sa.Column("land", sa.String(5), index=True),
        sa.Column("topic", sa.String(64)),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("contact", sa.Text),
        sa.Column("ready", Utc),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("taken_by", sa.String(64)),
        sa.Column("done", Utc),
        sa.CheckConstraint("state IN ('new', 'taken', 'done')", name="handovers_state"),
    )
    op.create_index(
        "handovers_one_new",
        "handovers",
        ["conversation"],
        unique=True,
        sqlite_where=sa.text("state = 'new'"),
        postgresql_where=sa.text("state = 'new'"),
    )
    op.create_table(
        "proofs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("time", Utc, nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, index=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
