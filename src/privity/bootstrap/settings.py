"""Settings: the few things an operator may set outside the command line, read once from the environment.

`--home`, `--trust` and `--by` have environment variables of their own (PRIVITY_HOME, PRIVITY_TRUST, PRIVITY_ACTOR).

Everything that has a legal meaning lives in the agreement, never here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from privity.domain.errors import ErrorCode, PrivityError

PREFIX = "PRIVITY_"


class Settings(BaseModel):
    """Each field is the environment variable PRIVITY_<NAME>."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    origin: str = Field(default="privity.invalid/evidence-log", pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]{0,99}$")
    engine: Literal["duckdb", "spark"] = "duckdb"  # of the blind index
    processes: int = Field(default=2, ge=1, le=256)  # worker processes of match, register build and evaluate


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment. Raises PrivityError USAGE and names the variable, never its value."""
    source = os.environ if environment is None else environment
    given = {name: source[PREFIX + name.upper()] for name in Settings.model_fields if PREFIX + name.upper() in source}
    try:
        return Settings.model_validate(given)
    except ValidationError as wrong:
        names = sorted({PREFIX + str(error["loc"][0]).upper() for error in wrong.errors()})
        raise PrivityError(
            ErrorCode.USAGE,
            f"the environment variable {' and '.join(names)} has a value that is not allowed",
            "Unset it, or see docs/commands.md for what it may hold.",
        ) from None
