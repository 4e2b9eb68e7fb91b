"""Packs: records and papers that travel together, from one agency to another.

A pack is a BagIt bag (RFC 8493) as a folder or one zip file. It can always be made
incomplete; what is missing is listed in it.

    >>> from pathlib import Path
    >>> from eh_interop.packs import opened_pack
    >>> with opened_pack(Path("examples/packs/referral.zip")) as pack:
    ...     pack.description["packType"]
    'referral'
"""

from eh_interop.packs.building import AttachedFile, BuiltPack, PackRequest, build
from eh_interop.packs.contents import UnknownRecipientError
from eh_interop.packs.encryption import EncryptionError
from eh_interop.packs.judging import PackReport
from eh_interop.packs.pack import (
    Pack,
    check_pack,
    opened_pack,
    pack_source,
    records_of_pack,
    unpack,
)
from eh_interop.packs.safety import MAX_FILE_BYTES, PackError

__all__ = [
    "MAX_FILE_BYTES",
    "AttachedFile",
    "BuiltPack",
    "EncryptionError",
    "Pack",
    "PackError",
    "PackReport",
    "PackRequest",
    "UnknownRecipientError",
    "build",
    "check_pack",
    "opened_pack",
    "pack_source",
    "records_of_pack",
    "unpack",
]
