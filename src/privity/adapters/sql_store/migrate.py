"""Runs the migrations that lie in this package, without a configuration file."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from privity.adapters.sql_store.engine import translated


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to `revision`. Raises PrivityError STORAGE_FAILED."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with translated(), engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
