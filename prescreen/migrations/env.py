"""Alembic runs this inside the transaction that prescreen.database opens; there is no other way to migrate."""

from alembic import context

from prescreen.tables import metadata

# SQLite can take back a half-done change of its tables too, once we open the transaction ourselves.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
