"""Choosing Spark where it cannot run, or runs over open channels, is one clear error; no Java is started here."""

from __future__ import annotations

import builtins
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from privity.adapters.spark_index import SparkIndexEngine
from privity.adapters.spark_index_session import ENCRYPTED, need_encrypted_channels, spark_errors
from privity.domain.errors import ErrorCode, PrivityError
from tests.builders.spark import why_no_spark

ROOT = Path(__file__).resolve().parents[3]


def test_authenticated_and_encrypted_is_accepted() -> None:
    need_encrypted_channels(ENCRYPTED)
    need_encrypted_channels({**ENCRYPTED, "spark.network.crypto.enabled": "false", "spark.ssl.rpc.enabled": "true"})


@pytest.mark.parametrize("name", ["spark.authenticate", "spark.network.crypto.enabled", "spark.io.encryption.enabled"])
@pytest.mark.parametrize("value", ["false", "", None])
def test_each_open_channel_is_refused_by_name(name: str, value: str | None) -> None:
    found = {other: given for other, given in ENCRYPTED.items() if other != name}
    if value is not None:
        found[name] = value
    with pytest.raises(PrivityError) as refused:
        need_encrypted_channels(found)
    assert refused.value.code is ErrorCode.USAGE
    assert name in refused.value.message
    assert "deploy/spark" in refused.value.mend


def test_without_pyspark_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = builtins.__import__

    def without(name: str, *given: Any, **more: Any) -> Any:
        if name.startswith("pyspark"):
            raise ImportError(name)
        return real(name, *given, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(PrivityError) as refused:
        SparkIndexEngine().start(tmp_path, None)  # type: ignore[arg-type]
    assert refused.value.code is ErrorCode.USAGE
    assert "requirements/spark.txt" in refused.value.mend
    assert "duckdb" in refused.value.mend


@pytest.mark.skipif(why_no_spark().startswith("pyspark"), reason=why_no_spark() or "-")
def test_without_java_the_error_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", lambda: None)
    with pytest.raises(PrivityError, match="Java") as refused:
        SparkIndexEngine().start(tmp_path / "register", None)  # type: ignore[arg-type]
    assert refused.value.code is ErrorCode.USAGE
    assert "JAVA_HOME" in refused.value.mend
    assert not (tmp_path / "register").exists()


def test_what_the_cluster_reports_is_stripped() -> None:
    with pytest.raises(PrivityError) as stripped, spark_errors():
        raise RuntimeError("Jane Marker, 12 Oak St")
    assert stripped.value.code is ErrorCode.STORAGE_FAILED
    assert "Jane" not in repr(stripped.value)
    assert stripped.value.__cause__ is None
    with pytest.raises(PrivityError, match="USAGE"), spark_errors():
        raise PrivityError(ErrorCode.USAGE, "kept")


def test_pyspark_is_loaded_only_where_it_is_chosen() -> None:
    """Wiring the default engine, and importing the cluster's adapter, load neither pyspark nor pandas."""
    program = (
        "import sys\n"
        "from privity.bootstrap.wiring.engines import index_engine\n"
        "import privity.adapters.spark_index\n"
        "index_engine('duckdb', 2)\n"
        "assert not {'pyspark', 'py4j', 'pandas'} & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


def test_an_unknown_engine_is_refused() -> None:
    from privity.bootstrap.wiring.engines import index_engine

    with pytest.raises(PrivityError, match="--engine"):
        index_engine("oracle", 2)
