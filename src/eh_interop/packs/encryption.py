"""Encryption for the way, with age (https://age-encryption.org) and nothing home-made.

The ``pyrage`` library is an extra: ``pip install eh-interop[encrypt]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from eh_interop.core.atomic import nameless_file
from eh_interop.core.errors import EhInteropError, UnreadableInputError, optional_library
from eh_interop.packs.safety import MAX_LIST_BYTES, MAX_TOTAL_BYTES, refuse

_HEADER: Final = b"age-encryption.org/v1\n"


class EncryptionError(EhInteropError):
    """Encryption was asked for, and cannot be done as asked."""

    exit_code = 2


def recipient(key: str) -> Any:
    """Read the public key of a recipient: ``age1...``, or an SSH public key.

    Raises:
        EncryptionError: it is not a key.
        MissingExtraError: the extra is not installed.
    """
    pyrage = _pyrage()
    try:
        if key.startswith("age1"):
            return pyrage.x25519.Recipient.from_str(key)
        return pyrage.ssh.Recipient.from_str(key)
    except pyrage.RecipientError:
        raise EncryptionError(
            "The recipient's key is not a public key for age (it begins with age1) or SSH."
        ) from None


def encrypt(plain: IO[bytes], sealed: IO[bytes], key: Any) -> None:
    """Encrypt a file for one recipient.

    Raises:
        EncryptionError: the library could not do it.
    """
    pyrage = _pyrage()
    try:
        pyrage.encrypt_io(plain, sealed, [key])
    except pyrage.EncryptError:
        raise EncryptionError("The pack could not be encrypted for this key.") from None


@contextmanager
def decrypted(path: Path, identity: Path | None) -> Iterator[Path]:
    """Give the plain form of a pack: the pack itself, or a temporary file that has no name.

    Raises:
        PackError: it is encrypted, and the key is not given or does not open it.
        UnreadableInputError: the file of the key cannot be read.
        MissingExtraError: the extra is not installed.
    """
    if not _is_encrypted(path):
        yield path
        return
    if identity is None:
        refuse("PCK-012")
    keys = _identities(identity)
    with nameless_file() as (file, plain):
        _open(path, file, keys)
        yield plain


def _is_encrypted(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(_HEADER)) == _HEADER
    except OSError:
        refuse("PCK-001", "The pack cannot be opened.")


def _open(path: Path, plain: IO[bytes], keys: list[Any]) -> None:
    pyrage = _pyrage()
    if path.stat().st_size > MAX_TOTAL_BYTES + MAX_LIST_BYTES:
        refuse("PCK-005")
    try:
        with path.open("rb") as sealed:
            pyrage.decrypt_io(sealed, plain, keys)
        plain.flush()
    except (pyrage.DecryptError, OSError):  # a changed byte is an OSError of the library
        refuse("PCK-012", "The key does not open this pack, or the pack was changed on the way.")


def _identities(path: Path) -> list[Any]:
    """Read a file of secret keys: lines of ``AGE-SECRET-KEY-1...``, or one SSH key."""
    pyrage = _pyrage()
    try:
        data = path.read_bytes()
        lines = [line.strip() for line in data.decode().splitlines()]
        keys = [line for line in lines if line.startswith("AGE-SECRET-KEY-")]
        if keys:
            return [pyrage.x25519.Identity.from_str(key) for key in keys]
        return [pyrage.ssh.Identity.from_buffer(data)]
    except OSError as problem:
        raise UnreadableInputError(
            f"The file of the key cannot be read: {problem.strerror}."
        ) from None
    except (pyrage.IdentityError, UnicodeDecodeError):
        raise UnreadableInputError("The file of the key holds no key for age or SSH.") from None


def _pyrage() -> Any:
    return optional_library("pyrage", "encrypt", "Encryption needs")
