"""Certificate policies (RFC 5280 section 4.2.1.4) that tell what a certificate may be used for at this gate.

Object identifiers below 2.25, the arc of UUIDs (ITU-T X.667), so that no registration is needed. An agreement may name
a public-key infrastructure's own policies instead for its request signers.
"""

from __future__ import annotations

_ARC = "2.25.249370348825000736770990199367115304673"

REQUEST_SIGNING = f"{_ARC}.1"  # an office-holder of a requester: signs requests
RESPONSE_SIGNING = f"{_ARC}.2"  # the custodian: signs responses
CUSTODIAN_OFFICER = f"{_ARC}.3"  # a disclosure officer or counsel: signs approvals and holds
RECIPIENT = f"{_ARC}.4"  # receives encrypted parts: named officers, and the custodian for requests
