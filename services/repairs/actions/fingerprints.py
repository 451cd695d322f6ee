"""Fingerprints of job updates: the same update is the same in all its words, from the same firm."""

import hashlib
import json
from datetime import datetime

from services.repairs.actions.update_schemas import UpdateIn
from services.repairs.case.policy import Update
from shared.caller import Caller


def fingerprint(body: UpdateIn, *, by: Caller, now: datetime, as_spelt: bool = False) -> bytes:
    """Hash all that an update says, with its firm, or with its sender where that is no contractor.

    An update without a time happened when it arrived. A job is completed once, though, so a completion
    without a time that a phone repeats later, having lost our answer, is still the same one. Firms are
    compared as people read them; updates from before that were kept with the firm `as_spelt` in the token.
    """
    told = body.model_dump(mode="json", include=set(UpdateIn.model_fields), exclude_none=True)
    if body.occurred_at is None and body.type is not Update.COMPLETED:
        told["occurred_at"] = now.isoformat()
    firm = (by.firm if as_spelt else by.firm_key) if "contractor" in by.roles else None
    told["by"] = {"firm": firm} if firm else {"subject": by.subject}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).digest()
