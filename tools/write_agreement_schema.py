"""Writes src/privity/wire/agreement.schema.json from the agreement model and the closed list of rules.

`python tools/write_agreement_schema.py` writes; a test compares.
"""

from __future__ import annotations

import sys

from privity.wire.agreement_schema import SCHEMA_FILE, schema_text

if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
    sys.stdout.write(f"wrote {SCHEMA_FILE}\n")
