"""The Spark session of the cluster engine: found, started, held to encrypted channels. One session a process.

With `SPARK_CONF_DIR` set (or started by `spark-submit`) the operator's configuration counts, deploy/spark/ for example;
otherwise a session on this machine alone is started. Either way nothing is handed to it before its channels are seen to
be authenticated and encrypted: a build sends keys to executors. No key, digest or value enters the configuration.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from privity.domain.errors import ErrorCode, PrivityError

ENCRYPTED: Final[Mapping[str, str]] = {
    "spark.authenticate": "true",
    "spark.network.crypto.enabled": "true",
    "spark.network.crypto.authEngineVersion": "2",
    "spark.network.crypto.cipher": "AES/GCM/NoPadding",
    "spark.io.encryption.enabled": "true",
    "spark.io.encryption.keySizeBits": "256",
}
"""Authenticated and encrypted: remote calls between driver and executors, and every block written to a local disk."""

_NEEDED: Final = ("spark.authenticate", "spark.io.encryption.enabled")
_ON_THE_WIRE: Final = ("spark.network.crypto.enabled", "spark.ssl.rpc.enabled")  # either one

_ONE_MACHINE: Final[Mapping[str, str]] = {
    **ENCRYPTED,
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.python.unix.domain.socket.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.shuffle.partitions": "8",
}


def spark_session(workers: int) -> Any:
    """The session of this process, started at first use; `workers` threads where no configuration says more.

    Raises PrivityError USAGE where pyspark or Java is missing, where Spark does not start, or where its channels are
    not encrypted.
    """
    SparkSession = _need_pyspark()  # noqa: N806  # the class
    session = SparkSession.getActiveSession()
    if session is None:
        _need_java()
        session = _start(SparkSession, workers)
    need_encrypted_channels(dict(session.sparkContext.getConf().getAll()))
    return session


def _need_pyspark() -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise PrivityError(
            ErrorCode.USAGE,
            "the engine `spark` was chosen, and Apache Spark for Python (pyspark) is not installed",
            "Install the packages of requirements/spark.txt, or choose the engine `duckdb`.",
        ) from None
    return SparkSession


def _need_java() -> None:
    home = os.environ.get("JAVA_HOME", "")
    if not (os.access(Path(home) / "bin" / "java", os.X_OK) if home else shutil.which("java")):
        raise PrivityError(
            ErrorCode.USAGE,
            "the engine `spark` was chosen, and no Java is found for it",
            "Install Java 17 and set JAVA_HOME to it, or choose the engine `duckdb`.",
        )


def _start(spark: Any, workers: int) -> Any:
    builder = spark.builder.appName("privity")
    if not {"SPARK_CONF_DIR", "PYSPARK_GATEWAY_PORT"} & os.environ.keys():
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # executors must know this privity
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = builder.master(f"local[{max(1, workers)}]")
        for name, value in _ONE_MACHINE.items():
            builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception:  # whatever a JVM may say; its text may name paths and hosts
        raise PrivityError(
            ErrorCode.USAGE,
            "Apache Spark does not start",
            "See what it wrote on standard error: Java (17 is known to work), memory, or its configuration.",
        ) from None


def need_encrypted_channels(configuration: Mapping[str, str]) -> None:
    """Refuse a session over whose channels or disks keys would travel in the clear.

    Raises PrivityError USAGE, naming the settings that are missing.
    """
    missing = [name for name in _NEEDED if configuration.get(name, "").lower() != "true"]
    if not any(configuration.get(name, "").lower() == "true" for name in _ON_THE_WIRE):
        missing.append(" or ".join(_ON_THE_WIRE))
    if missing:
        raise PrivityError(
            ErrorCode.USAGE,
            f"the Spark session does not encrypt its channels and disks: {', '.join(missing)} must be true",
            "Start from deploy/spark/spark-defaults.conf.",
        )


@contextmanager
def spark_errors() -> Iterator[None]:
    """What the cluster reports as PrivityError STORAGE_FAILED; its texts may quote data and never leave."""
    try:
        yield
    except PrivityError:
        raise
    except Exception as problem:
        raise PrivityError(
            ErrorCode.STORAGE_FAILED,
            f"Apache Spark ended the work ({type(problem).__name__})",
            "See the executors' logs for space, memory and lost machines; a killed build resumes when run again.",
        ) from None
