"""How large a pack may be. Larger ones are refused before anything is unpacked."""

from typing import Final

MEBIBYTE: Final = 1024 * 1024

MAX_FILES: Final = 1000
"""Files in a pack, with its own lists."""
MAX_FILE_BYTES: Final = 256 * MEBIBYTE
"""One file, unpacked."""
MAX_TOTAL_BYTES: Final = 1024 * MEBIBYTE
"""All files, unpacked; also the most that a zip file itself may take."""
MAX_RATIO: Final = 100
"""How many times larger than in the zip file a file may be, once it is over ``SMALL``."""
SMALL: Final = MEBIBYTE
"""A file up to this size may be packed as tightly as it likes."""
MAX_LIST_BYTES: Final = 4 * MEBIBYTE
"""One of the pack's own lists, and the directory of a zip file."""
