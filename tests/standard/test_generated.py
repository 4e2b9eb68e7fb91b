"""Files that are made from other files are current."""

import pytest
from tests.helpers.regenerate import GENERATED

from eh_interop.standard.schemas import load_standard


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_generated_file_is_current(path, regenerate):
    made = GENERATED[path](load_standard())
    if regenerate:
        path.write_bytes(made)
        load_standard.cache_clear()
    assert path.read_bytes() == made, "run: pytest --regenerate"
