"""Deliveries of handovers to the outside, and of requests to delete them there."""

import sqlalchemy as sa
from alembic import op

from prescreen.database import Utc

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("handovers", sa.Column("routed", Utc))
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("handover_id", sa.Integer, sa.ForeignKey("handovers.id", ondelete="SET NULL"), index=True),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("land", sa.String(5)),
        sa.Column("way", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("state", sa.String(8), nullable=False, index=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due", Utc, nullable=False),
        sa.Column("error", sa.String(200), nullable=False),
        sa.Column("reference", sa.String(64)),
        sa.Column("created", Utc, nullable=False),
        sa.CheckConstraint("kind IN ('send', 'retract')", name="deliveries_kind"),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'dead')", name="deliveries_state"),
    )
