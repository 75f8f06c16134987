"""State in SQL: SQLAlchemy Core on SQLite, one transaction for all that must be true together.

Import `create_store` and `open_store` from here, late: SQLAlchemy costs half a second.
"""

from privity.adapters.sql_store.store import SqlStore, create_store, migrate_store, open_store

__all__ = ["SqlStore", "create_store", "migrate_store", "open_store"]
