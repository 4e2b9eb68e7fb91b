"""Word documents that are protected by a password: unlocked in memory, never beside the file."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final
from xml.parsers import expat

from eh_interop.core.errors import optional_library
from eh_interop.formats.word.package import DAMAGED
from eh_interop.reading.faults import DocumentFault
from eh_interop.reading.streams import RefusedError

_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a protected document begins; any other is a zip file."""
_OF_DAMAGE: Final = (
    ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError, struct.error,
    expat.ExpatError,
)  # fmt: skip
"""What is raised for a damaged file, beside errors of the library."""
_LOCKED: Final = "It is protected by a password."
_NOT_ITS_KEY: Final = "It is protected by a password, and the one that you gave does not open it."


@contextmanager
def unlocked(source: Path | BinaryIO, password: str) -> Iterator[Path | BinaryIO]:
    """Give a document that can be read: itself, or unlocked with its password.

    Raises:
        MissingExtraError: it is protected, and the extra ``forms`` is not installed.
        RefusedError: it is protected, and this is not its password.
    """
    with ExitStack() as closing:
        file = closing.enter_context(source.open("rb")) if isinstance(source, Path) else source
        is_locked = file.read(len(_COMPOUND)) == _COMPOUND
        file.seek(0)
        yield _unlock(file, password) if is_locked else file


def _unlock(file: BinaryIO, password: str) -> BinaryIO:
    if not password:
        raise RefusedError(DocumentFault.PASSWORD, _LOCKED)
    office = optional_library("msoffcrypto", "forms", "Protected Word documents need")
    plain = BytesIO()
    try:
        document = office.OfficeFile(file)
        document.load_key(password=password, verify_password=True)
        document.decrypt(plain)
    except office.exceptions.InvalidKeyError:
        raise RefusedError(DocumentFault.PASSWORD, _NOT_ITS_KEY) from None
    except (
        office.exceptions.DecryptionError,
        office.exceptions.FileFormatError,
        office.exceptions.ParseError,
        *_OF_DAMAGE,
    ):
        raise RefusedError(DocumentFault.DAMAGED, DAMAGED) from None
    plain.seek(0)
    return plain
