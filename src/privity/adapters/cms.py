"""CMS at the gate: signatures made and verified, parts encrypted and opened. The names that the wiring room picks.

Each class lives in a file of its own; importing this one costs about 0.15 s, certvalidator only at the first path.
"""

from __future__ import annotations

from privity.adapters.cms_envelope import CmsDecryptor, CmsEncryptor
from privity.adapters.cms_sign import CmsSigner
from privity.adapters.cms_verify import CmsVerifier

__all__ = ["CmsDecryptor", "CmsEncryptor", "CmsSigner", "CmsVerifier"]
