"""Alembic's entry: runs the revisions on the connection it is handed, in one transaction."""

from alembic import context

from privity.adapters.sql_store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
