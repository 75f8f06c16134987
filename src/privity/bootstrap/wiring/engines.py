"""Which engine builds and reads the blind index: DuckDB on one machine, Apache Spark on a cluster.

Both write and read the same snapshots: what one built, the other opens. pyspark is loaded only where it is chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from privity.domain.errors import ErrorCode, PrivityError

if TYPE_CHECKING:
    from privity.ports.register_index import IndexEngine

EngineName = Literal["duckdb", "spark"]


def index_engine(name: str, processes: int) -> IndexEngine:
    """The engine of this name; `processes` threads of Spark where no cluster is configured.

    Raises PrivityError USAGE for another name, and for `spark` where pyspark or Java is missing.
    """
    if name == "duckdb":
        from privity.adapters.duckdb_index import DuckDbIndexEngine

        return DuckDbIndexEngine()
    if name == "spark":
        from privity.adapters.spark_index import SparkIndexEngine

        return SparkIndexEngine(processes)
    raise PrivityError(ErrorCode.USAGE, "--engine names no engine", "Choose duckdb or spark.")
