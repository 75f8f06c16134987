"""The cluster's files are ready to use: settings that the engine accepts, a script that runs, no secret in either."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from privity.adapters.spark_index_session import ENCRYPTED, need_encrypted_channels
from tests.builders.register_files import row, write_extract
from tests.builders.spark import java_environment, why_no_spark

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy" / "spark"
SECRET = "spark.authenticate.secret"


def settings() -> dict[str, str]:
    lines = (DEPLOY / "spark-defaults.conf").read_text(encoding="utf-8").splitlines()
    return dict(line.split(None, 1) for line in lines if line.strip() and not line.startswith("#"))


def test_the_settings_are_those_that_the_engine_demands() -> None:
    found = settings()
    need_encrypted_channels(found)
    assert found.items() >= ENCRYPTED.items()
    assert found["spark.speculation"] == found["spark.ui.enabled"] == found["spark.eventLog.enabled"] == "false"


def test_no_secret_is_in_any_file() -> None:
    assert SECRET not in settings()
    for path in DEPLOY.iterdir():
        assert not re.search(r"[0-9a-f]{32}", path.read_text(encoding="utf-8")), path.name


def test_the_guide_names_every_file() -> None:
    guide = (ROOT / "docs" / "guides" / "cluster.md").read_text(encoding="utf-8")
    assert all(f"`{path.name}`" in guide for path in DEPLOY.iterdir() if path.is_file())


def test_the_script_says_what_it_lacks() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PRIVITY_VENV"}
    ran = subprocess.run(
        [DEPLOY / "submit.sh", "register"], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode
    assert "PRIVITY_VENV" in ran.stderr


@pytest.mark.slow
@pytest.mark.skipif(bool(why_no_spark()), reason=why_no_spark() or "-")
def test_a_home_is_built_through_the_script_on_two_executors(tmp_path: Path) -> None:
    """These settings, two executors as processes of their own: calls are authenticated and encrypted between them."""
    import pyspark

    home = tmp_path / "home"
    subprocess.run([Path(sys.executable).with_name("privity"), "init", "--home", home], check=True)
    extract = write_extract(tmp_path / "extract.csv", [row(person_ref=f"p{number}") for number in range(50)])
    spark_home = tmp_path / "spark-home"  # executors' folders are made below it
    spark_home.mkdir()
    for path in Path(pyspark.__file__).parent.iterdir():
        (spark_home / path.name).symlink_to(path)
    few = {
        **settings(),
        "spark.master": "local-cluster[2,1,1024]",
        "spark.executor.cores": "1",
        "spark.executor.memory": "1g",
        "spark.driver.memory": "1g",
        SECRET: os.urandom(32).hex(),
    }
    few = {name: value for name, value in few.items() if "instances" not in name and "Overhead" not in name}
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "spark-defaults.conf").write_text("\n".join(" ".join(one) for one in few.items()))
    environment = {
        **os.environ,
        **java_environment(tmp_path),
        "PRIVITY_VENV": str(Path(sys.executable).parents[1]),
        "SPARK_CONF_DIR": str(tmp_path / "conf"),
        "SPARK_HOME": str(spark_home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_HOSTNAME": "localhost",
    }
    command = [DEPLOY / "submit.sh", "register", "build", extract, "--home", home, "--json"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert '"rows": 50' in ran.stdout
    assert not [path for path in spark_home.rglob("stderr") if "Zwickelbauer" in path.read_text(encoding="utf-8")]
