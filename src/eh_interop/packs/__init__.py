"""Packs: records and papers that travel together, from one agency to another.

A pack is a BagIt bag (RFC 8493) as a folder or one zip file. It can always be made
incomplete; what is missing stands in it.

    >>> from pathlib import Path
    >>> from eh_interop.packs import opened_pack
    >>> with opened_pack(Path("examples/packs/referral.zip")) as pack:
    ...     pack.description["packType"]
    'referral'
"""

from eh_interop.packs.building import Built, build
from eh_interop.packs.encryption import EncryptionError
from eh_interop.packs.faults import PackError
from eh_interop.packs.giving import Wish
from eh_interop.packs.judging import Judgement
from eh_interop.packs.opened import (
    Pack,
    check_pack,
    opened_pack,
    pack_source,
    records_of_pack,
    unpack,
)
from eh_interop.packs.parties import UnknownRecipientError

__all__ = [
    "Built",
    "EncryptionError",
    "Judgement",
    "Pack",
    "PackError",
    "UnknownRecipientError",
    "Wish",
    "build",
    "check_pack",
    "opened_pack",
    "pack_source",
    "records_of_pack",
    "unpack",
]
