"""Settings come from the environment, are checked, and are never repeated in an error."""

from __future__ import annotations

import pytest

from privity.bootstrap.settings import PREFIX, Settings, read_settings
from privity.domain.errors import ErrorCode, PrivityError
from tools.write_commands import PAGE


def test_defaults_where_nothing_is_set() -> None:
    assert read_settings({}) == Settings()


def test_values_are_read() -> None:
    found = read_settings({"PRIVITY_PROCESSES": "7", "PRIVITY_ORIGIN": "agency.example/log", "OTHER": "x"})
    assert (found.processes, found.origin) == (7, "agency.example/log")


@pytest.mark.parametrize(("name", "value"), [("PROCESSES", "0"), ("PROCESSES", "Jane Marker"), ("ORIGIN", "a b+c")])
def test_a_wrong_value_is_named_by_its_variable_only(name: str, value: str) -> None:
    with pytest.raises(PrivityError) as refused:
        read_settings({PREFIX + name: value})
    assert refused.value.code is ErrorCode.USAGE
    assert PREFIX + name in refused.value.message
    assert value == "0" or value not in refused.value.message


def test_every_setting_stands_in_the_page_of_commands() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`{PREFIX}{name.upper()}`" in text
