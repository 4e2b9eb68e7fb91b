"""BagIt (RFC 8493): bags that a reader has to take, and those that it has to refuse.

A pack asks for more than a bag: SHA-512, both lists, everything listed, and nothing to be fetched.
"""

import pytest
from tests.helpers.packing import FOLDER, entries_of, relisted, zipped

from eh_interop.packs import PackError, opened_pack

TOP = "referral-marf-2026-00655"
BAGIT, INFO = f"{TOP}/bagit.txt", f"{TOP}/bag-info.txt"
LIST, TAGS = f"{TOP}/manifest-sha512.txt", f"{TOP}/tagmanifest-sha512.txt"


def changed(name, change):
    return lambda files: relisted({**files, name: change(files[name])}, TOP)


def rewritten(change, name=LIST):
    """Change a list itself, and write the list of tag files anew if it is the other one."""

    def make(files):
        whole = {**files, name: change(files[name])}
        if name == TAGS:
            return whole
        inner = relisted(whole, TOP)
        return {**whole, TAGS: inner[TAGS].replace(digest(inner[LIST]), digest(whole[LIST]))}

    return make


def digest(data):
    import hashlib

    return hashlib.sha512(data).hexdigest().encode()


TAKEN = {
    "as it is": lambda files: files,
    "version 0.97": changed(BAGIT, lambda text: text.replace(b"1.0", b"0.97")),
    "lines that end as on Windows": changed(BAGIT, lambda text: text.replace(b"\n", b"\r\n")),
    "no line break at the end": changed(BAGIT, lambda text: text.rstrip(b"\n")),
    "lists that end lines as on Windows": rewritten(lambda text: text.replace(b"\n", b"\r\n")),
    "no line break at the end of a list": rewritten(lambda text: text.rstrip(b"\n")),
    "digests in capitals": rewritten(
        lambda text: b"\n".join(line[:128].upper() + line[128:] for line in text.split(b"\n"))
    ),
    "one blank between": rewritten(lambda text: text.replace(b"  ", b" ")),
    "a tab between": rewritten(lambda text: text.replace(b"  ", b"\t")),
    "a star before the name": rewritten(lambda text: text.replace(b"  ", b" *")),
    "blank lines": rewritten(lambda text: text.replace(b"\n", b"\n\n")),
    "more about the bag": changed(INFO, lambda text: text + b"Source-Organization: Exampleshire\n"),
    "about the bag over two lines": changed(
        INFO, lambda text: text + b"External-Description: one\n  two\n"
    ),
    "nothing about the bag": lambda files: relisted(
        {name: data for name, data in files.items() if name != INFO}, TOP
    ),
    "a tag file of somebody": lambda files: relisted({**files, f"{TOP}/notes/x.txt": b"x"}, TOP),
}
REFUSED = {
    "no bagit.txt": lambda files: {name: data for name, data in files.items() if name != BAGIT},
    "no list": lambda files: {name: data for name, data in files.items() if name != LIST},
    "no list of tag files": lambda files: {
        name: data for name, data in files.items() if name != TAGS
    },
    "another version": changed(BAGIT, lambda text: text.replace(b"1.0", b"2.0")),
    "another encoding": changed(BAGIT, lambda text: text.replace(b"UTF-8", b"UTF-16")),
    "a byte order mark": changed(BAGIT, lambda text: b"\xef\xbb\xbf" + text),
    "lines in another order": changed(
        BAGIT, lambda text: b"\n".join(reversed(text.rstrip().split(b"\n"))) + b"\n"
    ),
    "a third line": changed(BAGIT, lambda text: text + b"Contact: x\n"),
    "a blank before the colon": changed(BAGIT, lambda text: text.replace(b":", b" :", 1)),
    "something to be fetched": lambda files: relisted(
        {**files, f"{TOP}/fetch.txt": b"http://localhost/x 1 data/x\n"}, TOP
    ),
    "a file that is not listed": lambda files: {**files, f"{TOP}/data/attachments/x": b"x"},
    "a tag file that is not listed": lambda files: {**files, f"{TOP}/x.txt": b"x"},
    "a file that is listed and not there": rewritten(
        lambda text: text + b"0" * 128 + b"  data/attachments/x\n"
    ),
    "a file above data/": rewritten(lambda text: text + b"0" * 128 + b"  bagit.txt\n"),
    "a name that leads out": rewritten(lambda text: text + b"0" * 128 + b"  data/../../x\n"),
    "a name from the root": rewritten(lambda text: text + b"0" * 128 + b"  /data/x\n"),
    "a name that leads out, encoded": rewritten(
        lambda text: text + b"0" * 128 + b"  data/%0A../x\n"
    ),
    "no name": rewritten(lambda text: text + b"0" * 128 + b"  \n"),
    "half a digest": rewritten(lambda text: text[64:]),
    "something else": rewritten(lambda text: text + b"not a line of a list\n"),
    "another digest": rewritten(lambda text: b"0" * 128 + text[128:]),
    "another digest of a tag file": rewritten(lambda text: b"0" * 128 + text[128:], TAGS),
    "not UTF-8": rewritten(lambda text: text + b"\xff\n"),
    "listed twice": rewritten(lambda text: text + text.split(b"\n")[0] + b"\n"),
    "a shorter list beside": lambda files: relisted({**files, f"{TOP}/manifest-md5.txt": b""}, TOP),
    "no folder at the top": lambda files: {
        name.removeprefix(f"{TOP}/"): data for name, data in files.items()
    },
    "two folders at the top": lambda files: {**files, "other/x": b"x"},
}


@pytest.fixture(scope="module")
def files():
    return entries_of(FOLDER / "referral.zip")


@pytest.mark.parametrize("name", TAKEN)
def test_a_bag_that_has_to_be_taken(tmp_path, files, name):
    with opened_pack(zipped(tmp_path / "pack.zip", TAKEN[name](files))) as pack:
        assert len(pack.records) == 6


@pytest.mark.parametrize("name", REFUSED)
def test_a_bag_that_has_to_be_refused(tmp_path, files, name):
    with (
        pytest.raises(PackError) as problem,
        opened_pack(zipped(tmp_path / "pack.zip", REFUSED[name](files))),
    ):
        pass
    assert "\n" not in str(problem.value)
