"""Mutation testing of the rules and of completeness: see ``docs/mutation.md``.

    python tests/mutation [MODULE ...]

A module is one of ``src/eh_interop/checks/rules`` by its name, or ``completeness`` or
``requirements``; without any, all are tried. The survivors that nobody has accounted
for are printed, and end with status 1.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from whole import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
