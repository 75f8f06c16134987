"""Rows of the larger tables as the records that ports speak of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from privity.adapters.sql_store.moments import from_text
from privity.domain.lifecycle import RequestState
from privity.domain.request import RequestId
from privity.ports.stored import StoredAgreement, StoredApproval, StoredRequest, Verdict


def agreement_of(row: Row[Any]) -> StoredAgreement:
    """One recorded version."""
    return StoredAgreement(row.agreement_id, row.version, row.digest, bytes(row.document), from_text(row.recorded_at))


def request_of(row: Row[Any]) -> StoredRequest:
    """One request."""
    return StoredRequest(
        request_id=RequestId(row.request_id),
        agreement_id=row.agreement_id,
        agreement_version=row.agreement_version,
        agreement_digest=row.agreement_digest,
        requester=row.requester,
        office=row.office,
        state=RequestState(row.state),
        returned_whole=bool(row.returned_whole),
        lines=row.lines,
        admitted=row.admitted,
        returned=row.returned,
        referred=row.referred,
        chunks=row.chunks,
        manifest_sha256=row.manifest_sha256,
        package_sha256=row.package_sha256,
        rule_set=row.rule_set,
        received_at=from_text(row.received_at),
        visible_from=from_text(row.visible_from),
        sealed_header=bytes(row.sealed_header),
        snapshot_id=row.snapshot_id,
        content_sha256=row.content_sha256,
        sealed_salt=bytes(row.sealed_salt),
    )


def approval_of(row: Row[Any]) -> StoredApproval:
    """One verdict."""
    return StoredApproval(
        RequestId(row.request_id),
        row.content_sha256,
        row.officer,
        row.certificate,
        row.role,
        Verdict(row.verdict),
        from_text(row.signed_at),
        row.signature_sha256,
        bytes(row.sealed),
    )
