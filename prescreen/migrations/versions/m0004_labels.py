"""Labels that people gave to messages the assistant was unsure of."""

import sqlalchemy as sa
from alembic import op

from prescreen.database import Utc

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("topic", sa.String(64)),
        sa.Column("talk", sa.String(64), nullable=False, index=True),
        sa.Column("time", Utc, nullable=False),
        sa.Column("user", sa.String(64), nullable=False),
    )
