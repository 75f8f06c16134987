"""Makes a custodian's home: folders, keys, database, log; and its first log entry. A home exists once it is bound."""

from __future__ import annotations

from dataclasses import dataclass

from privity.domain.audit_events import AuditEvent
from privity.ports.clock import Clock
from privity.ports.home import HomeMaker
from privity.services.gate import StoredLogRows, append_entry
from privity.services.publish_log import publish_pending, raise_mark


@dataclass(frozen=True, slots=True)
class HomeCreated:
    """The new home."""

    home: str
    origin: str
    log_size: int


def create_home(maker: HomeMaker, *, clock: Clock, software: str, origin: str) -> HomeCreated:
    """Make the home step by step; killed before the last step, the folder is not a home and must be removed.

    Raises PrivityError HOME_INVALID (not empty, not writable), KEY_INVALID, STORAGE_FAILED, LOG_UNAVAILABLE.
    """
    maker.lay_out()
    keys = maker.make_keys(origin)
    store = maker.make_store()
    log = maker.make_log(keys)
    with store.writing() as write:
        append_entry(write, AuditEvent.HOME_CREATED, clock.now(), origin=origin, software=software)
    checkpoint = publish_pending(StoredLogRows(store), log)
    raise_mark(checkpoint, log, maker)
    maker.bind()
    return HomeCreated(maker.location, origin, checkpoint.size if checkpoint else 0)
