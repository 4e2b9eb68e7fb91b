"""Which files of a folder are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from eh_interop.sources.discovery import PassedOver, SourceFile, discover
from eh_interop.sources.formats import Reader, SourceOptions


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    return root


def put(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("A,B\n1,2\n" if path.suffix in {".csv", ".txt"} else "{}")


def found(root):
    entries = list(discover([str(root)], SourceOptions()))
    return (
        [relative(entry, root) for entry in entries if isinstance(entry, SourceFile)],
        [relative(entry, root) for entry in entries if isinstance(entry, PassedOver)],
    )


def relative(entry, root):
    return Path(entry.name).relative_to(root).as_posix()


def test_files_are_found_in_order_of_their_path(folder):
    put(folder, "b.json", "a/z.jsonl", "a/b/c.ndjson", "C.JSON", "a.json", "notes.txt", "a/x.csv")
    assert found(folder) == (
        ["C.JSON", "a.json", "a/b/c.ndjson", "a/z.jsonl", "b.json"],
        ["a/x.csv", "notes.txt"],
    )


def test_hidden_files_and_folders_are_skipped(folder):
    put(folder, ".a.json", ".git/b.json", "c/.d/e.json", "c/.f.txt", "g.json")
    assert found(folder) == (["g.json"], [])


def test_an_empty_folder(folder):
    assert found(folder) == ([], [])


def test_links(folder, tmp_path):
    put(tmp_path, "elsewhere/a.json")
    put(folder, "sub/b.json")
    (folder / "loop").symlink_to(folder)
    (folder / "sub/up.json").symlink_to(folder)
    (folder / "away").symlink_to(tmp_path / "elsewhere")
    (folder / "file.json").symlink_to(tmp_path / "elsewhere/a.json")
    (folder / "gone.json").symlink_to(tmp_path / "nothing")
    assert found(folder) == (
        ["file.json", "gone.json", "sub/b.json"],
        ["away", "loop", "sub/up.json"],
    )


def test_a_link_to_the_folder_itself_may_be_given(folder, tmp_path):
    put(folder, "a.json")
    (tmp_path / "link").symlink_to(folder)
    assert found(tmp_path / "link") == (["a.json"], [])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_left_out(folder):
    os.mkfifo(folder / "pipe.json")
    assert found(folder) == ([], ["pipe.json"])


def test_a_folder_that_cannot_be_opened_is_left_out(folder, monkeypatch):
    put(folder, "a.json", "closed/b.json")
    scandir = os.scandir

    def refuse(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "no", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert found(folder) == (["a.json"], ["closed"])


def test_what_is_not_there_is_left_to_the_reader_which_says_so(folder):
    (entry,) = discover([str(folder / "nothing")], SourceOptions())
    assert entry.reader is Reader.JSON


def test_a_folder_of_tables_in_a_folder_is_one_source(folder):
    put(folder, "a.json", "tables/marf-metadata.json", "tables/marf.csv")
    assert found(folder) == (["a.json", "tables"], [])


def test_a_pack_in_a_folder_is_one_source(folder):
    put(folder, "a.json", "pack/bagit.txt", "pack/data/b.json")
    assert found(folder) == (["a.json", "pack"], [])
