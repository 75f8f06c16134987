"""One Spark session for all contract suites: it starts with the first test that needs it and ends with the last.

Afterwards its Java is gone, and its threads with it: other tests fork.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.builders.spark import spark_is_there

_HERE = Path(__file__).parent
_running = ExitStack()
_places: list[Path] = []


@pytest.fixture(scope="module")
def spark_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of Spark's local files; Spark may start."""
    if not _places:
        _places.append(_running.enter_context(spark_is_there(tmp_path_factory.mktemp("spark"))))
    return _places[0]


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """After the last contract test."""
    if _places and (nextitem is None or not nextitem.path.is_relative_to(_HERE)):
        _places.clear()
        _running.close()
