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
    # When its deliveries were made out; None = still to be done, also again after it was replaced.
    sa.Column("routed", Utc),
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

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(64), nullable=False, unique=True),
    sa.Column("password", sa.String(255), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    # Codes of the Länder with commas between, and „none“ for what has no Land.
    sa.Column("lands", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created", Utc, nullable=False),
)

# The cookie holds the id of a session, the table only its hash: who reads the table cannot log in with it.
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created", Utc, nullable=False),
    sa.Column("seen", Utc, nullable=False),
)

# Failed log-ins in a row, by hash of the name (which may be no user's) and by address.
attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("key", sa.String(80), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last", Utc, nullable=False),
)

# Who did what to what: names and codes, never content.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("time", Utc, nullable=False, index=True),
    sa.Column("user", sa.String(64), nullable=False),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),
)

notes = sa.Table(
    "notes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("handover_id", sa.Integer, sa.ForeignKey("handovers.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("time", Utc, nullable=False),
    sa.Column("user", sa.String(64), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)

# Files that a counsellor sorted: only the redacted results, as JSON, for a day.
uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("created", Utc, nullable=False),
    # When the work on it was last seen going on.
    sa.Column("seen", Utc, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("results", sa.Text),
)

# What is to go out, has gone out or could not. `handover_id` is gone with the handover; then only deleting is left to do.
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("handover_id", sa.Integer, sa.ForeignKey("handovers.id", ondelete="SET NULL"), index=True),
    sa.Column("code", sa.String(8), nullable=False),
    sa.Column("land", sa.String(5)),
    sa.Column("way", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("state", sa.String(8), nullable=False, index=True),
    sa.Column("tries", sa.Integer, nullable=False),
    # When to try (again); while somebody is at it, when that somebody counts as gone.
    sa.Column("due", Utc, nullable=False),
    sa.Column("error", sa.String(200), nullable=False),
    # The receiver's own name for it; None = it was never taken there, as far as we know.
    sa.Column("reference", sa.String(64)),
    sa.Column("created", Utc, nullable=False),
    sa.CheckConstraint("kind IN ('send', 'retract')", name="deliveries_kind"),
    sa.CheckConstraint("state IN ('waiting', 'sent', 'dead')", name="deliveries_state"),
)

# What a person says a message was about; None = it is not fit for learning. `talk` is the hash of the talk's id, so that
# deleting a talk finds it.
labels = sa.Table(
    "labels",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("topic", sa.String(64)),
    sa.Column("talk", sa.String(64), nullable=False, index=True),
    sa.Column("time", Utc, nullable=False),
    sa.Column("user", sa.String(64), nullable=False),
)
