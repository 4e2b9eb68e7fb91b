"""Packs made in bad faith, or damaged: each is refused with one line, and nothing is written."""

import json
import os
import stat
import struct
import zipfile

import pytest
from tests.helpers.packing import FOLDER, REFERRAL_DAY, attempt, entries_of, relisted, zipped

from eh_interop.packs import PackError, check_pack, opened_pack, safety

TOP = "referral-marf-2026-00655"
GENOGRAM = f"{TOP}/data/attachments/001-genogram.svg"


@pytest.fixture
def files():
    return entries_of(FOLDER / "referral.zip")


def refused(path, code):
    """Show that every door refuses a pack, in one line that names the code."""
    before = sorted(each.name for each in path.parent.iterdir())
    with pytest.raises(PackError) as problem, opened_pack(path):
        pass
    assert problem.value.finding.code == code
    assert "\n" not in str(problem.value)
    for arguments in (
        ["pack", "check", path],
        ["pack", "show", path],
        ["pack", "unpack", path, "--out", path.parent / "out"],
    ):
        result = attempt(*arguments)
        assert isinstance(result.exception, PackError), result.output
        assert result.exception.finding.code == code
    assert sorted(each.name for each in path.parent.iterdir()) == before
    report = attempt("check", path, "--format", "json", "--quiet")
    (record,) = json.loads(report.stdout)["records"]
    assert record["disposition"] == "unreadable"
    assert [finding["code"] for finding in record["findings"]] == [code]


def test_the_packs_that_are_attacked_are_sound_before(tmp_path, files):
    path = zipped(tmp_path / "same.zip", relisted(files, TOP))
    with opened_pack(path) as pack:
        assert len(pack.records) == 6


@pytest.mark.parametrize(
    "name",
    [
        f"{TOP}/../escaped.txt",
        f"{TOP}/data/attachments/../../../escaped.txt",
        "/escaped.txt",
        f"{TOP}//escaped.txt",
        "C:/escaped.txt",
        f"{TOP}/C:escaped.txt",
        f"{TOP}\\..\\escaped.txt",
        f"{TOP}/data/attachments/con.txt",
        f"{TOP}/data/attachments/dot.",
        f"{TOP}/data/attachments/ space",
        f"{TOP}/data/attachments/new\nline",
        f"{TOP}/data/attachments/gpj.\u202eexe",
        f"{TOP}/data/attachments/a\uff0f..\uff0fb",
        f"{TOP}/data/attachments/\uff0e\uff0e/b",
        f"{TOP}/data/attachments/{'x' * 300}",
    ],
)
def test_a_name_that_leads_elsewhere(tmp_path, files, name):
    refused(zipped(tmp_path / "bad.zip", {**files, name: b"x"}), "PCK-002")
    assert not (tmp_path.parent / "escaped.txt").exists()


def test_a_name_that_a_zero_byte_cuts(tmp_path, files):
    path = zipped(tmp_path / "bad.zip", {**files, f"{TOP}/data/attachments/aXb": b"x"})
    path.write_bytes(path.read_bytes().replace(b"attachments/aXb", b"attachments/a\0b"))
    refused(path, "PCK-002")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_or_a_device_in_a_zip(tmp_path, files, kind):
    how = {GENOGRAM: {"external_attr": (kind | 0o777) << 16}}
    refused(zipped(tmp_path / "bad.zip", {**files, GENOGRAM: b"/etc/passwd"}, **how), "PCK-003")


def unpacked(tmp_path):
    target = tmp_path / "pack"
    attempt("pack", "unpack", FOLDER / "referral.zip", "--out", target)
    return target


def test_a_link_in_a_folder(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", "utf-8")
    pack = unpacked(tmp_path)
    paper = pack / "data" / "attachments" / "001-genogram.svg"
    paper.unlink()
    paper.symlink_to(secret)
    refused(pack, "PCK-003")


def test_a_linked_folder_in_a_folder(tmp_path):
    pack = unpacked(tmp_path)
    moved = tmp_path / "elsewhere"
    (pack / "data" / "attachments").rename(moved)
    (pack / "data" / "attachments").symlink_to(moved, target_is_directory=True)
    refused(pack, "PCK-003")


def test_a_pipe_in_a_folder(tmp_path):
    pack = unpacked(tmp_path)
    os.mkfifo(pack / "data" / "attachments" / "pipe")
    refused(pack, "PCK-003")


def test_a_name_that_stands_twice(tmp_path, files):
    refused(zipped(tmp_path / "bad.zip", [*files.items(), (GENOGRAM, b"other")]), "PCK-004")


@pytest.mark.parametrize(
    "name",
    [
        "001-GENOGRAM.svg",  # another case
        "001-genogram.\uff53vg",  # a full-width letter
        "001-gen\u006f\u0308gram.svg",  # not in the usual form
        "001-genogram.svg/inside",  # a file that is also a folder
    ],
)
def test_names_that_look_the_same(tmp_path, files, name):
    bad = relisted({**files, f"{TOP}/data/attachments/{name}": b"other"}, TOP)
    refused(zipped(tmp_path / "bad.zip", bad), "PCK-004")


def test_a_list_that_names_a_file_twice(tmp_path, files):
    manifest = f"{TOP}/manifest-sha512.txt"
    files[manifest] += files[manifest].splitlines(keepends=True)[0]
    refused(zipped(tmp_path / "bad.zip", files), "PCK-004")


def test_a_file_that_grows_beyond_measure(tmp_path, files):
    bomb = {**files, GENOGRAM: b"\0" * (4 * safety.MEBIBYTE)}
    path = zipped(tmp_path / "bad.zip", bomb, method=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < safety.MEBIBYTE
    refused(path, "PCK-005")


def test_too_many_files(tmp_path, files):
    more = {f"{TOP}/data/attachments/x{number}": b"" for number in range(safety.MAX_FILES)}
    refused(zipped(tmp_path / "bad.zip", {**files, **more}), "PCK-005")


def test_far_too_many_files_are_refused_before_the_directory_is_read(tmp_path, files, monkeypatch):
    more = {f"{TOP}/data/attachments/x{number}": b"" for number in range(2 * safety.MAX_FILES)}
    path = zipped(tmp_path / "bad.zip", {**files, **more})
    monkeypatch.setattr(zipfile.ZipFile, "__init__", lambda *_, **__: pytest.fail("opened"))
    with pytest.raises(PackError) as problem, opened_pack(path):
        pass
    assert problem.value.finding.code == "PCK-005"


def test_a_file_that_says_it_is_too_large(tmp_path, files):
    path = zipped(tmp_path / "bad.zip", files)
    data = bytearray(path.read_bytes())
    at = data.rfind(GENOGRAM.encode()) - 46
    struct.pack_into("<II", data, at + 20, 300 * safety.MEBIBYTE, 300 * safety.MEBIBYTE)
    path.write_bytes(data)
    refused(path, "PCK-005")


def test_a_file_that_says_it_is_smaller_than_it_is(tmp_path, files):
    path = zipped(tmp_path / "bad.zip", files, method=zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    at = data.rfind(GENOGRAM.encode()) - 46
    struct.pack_into("<I", data, at + 24, 10)
    path.write_bytes(data)
    refused(path, "PCK-014")


def test_a_folder_with_files_that_are_too_large(tmp_path):
    pack = unpacked(tmp_path)
    with (pack / "data" / "attachments" / "huge").open("wb") as file:
        file.truncate(safety.MAX_FILE_BYTES + 1)
    refused(pack, "PCK-005")


def test_the_larger_kind_of_zip_is_not_read(tmp_path, files):
    path = zipped(tmp_path / "bad.zip", files)
    data = path.read_bytes()
    at = data.rfind(b"PK\x05\x06")
    path.write_bytes(data[:at] + b"PK\x06\x07" + bytes(16) + data[at:])
    refused(path, "PCK-005")


def test_a_list_that_names_what_is_not_there(tmp_path, files):
    del files[GENOGRAM]
    refused(zipped(tmp_path / "bad.zip", files), "PCK-006")


def test_files_to_be_fetched_from_elsewhere(tmp_path, files):
    files[f"{TOP}/fetch.txt"] = b"https://example.org/x 1 data/attachments/x\n"
    refused(zipped(tmp_path / "bad.zip", relisted(files, TOP)), "PCK-006")


@pytest.mark.parametrize("name", ["data/attachments/extra.txt", "extra.txt"])
def test_a_file_that_is_not_listed(tmp_path, files, name):
    refused(zipped(tmp_path / "bad.zip", {**files, f"{TOP}/{name}": b"x"}), "PCK-007")


@pytest.mark.parametrize(
    "name",
    ["data/attachments/001-genogram.svg", "data/records/001-marf.json", "bag-info.txt"],
)
def test_a_changed_byte(tmp_path, files, name):
    data = files[f"{TOP}/{name}"]
    files[f"{TOP}/{name}"] = data[:-2] + bytes([data[-2] ^ 1]) + data[-1:]
    refused(zipped(tmp_path / "bad.zip", files), "PCK-008")


def test_a_changed_list(tmp_path, files):
    changed = relisted({**files, GENOGRAM: b"other"}, TOP)
    changed[f"{TOP}/tagmanifest-sha512.txt"] = files[f"{TOP}/tagmanifest-sha512.txt"]
    refused(zipped(tmp_path / "bad.zip", changed), "PCK-008")


def test_a_file_changed_after_it_was_looked_at_is_not_unpacked(tmp_path):
    pack = unpacked(tmp_path)
    with opened_pack(pack) as opened:
        paper = pack / "data" / "attachments" / "001-genogram.svg"
        paper.write_bytes(paper.read_bytes().replace(b"svg", b"gvs"))
        from eh_interop.packs import unpack

        with pytest.raises(PackError) as problem:
            unpack(opened, tmp_path / "out")
    assert problem.value.finding.code == "PCK-008"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pack"]


@pytest.mark.parametrize("algorithm", ["md5", "sha256"])
def test_other_fingerprints(tmp_path, files, algorithm):
    renamed = {
        name.replace("manifest-sha512", f"manifest-{algorithm}"): data
        for name, data in files.items()
    }
    refused(zipped(tmp_path / "bad.zip", renamed), "PCK-009")
    more = relisted({**files, f"{TOP}/manifest-{algorithm}.txt": b""}, TOP)
    refused(zipped(tmp_path / "more.zip", more), "PCK-009")


def test_short_fingerprints_under_the_right_name(tmp_path, files):
    manifest = f"{TOP}/manifest-sha512.txt"
    lines = files[manifest].decode().splitlines()
    files[manifest] = "".join(f"{line[:64]}{line[128:]}\n" for line in lines).encode()
    refused(zipped(tmp_path / "bad.zip", files), "PCK-009")


@pytest.mark.parametrize("line", [b"no fingerprint at all\n", b"\xff\xfe\n", b"0" * 128 + b"\n"])
def test_lists_that_cannot_be_read(tmp_path, files, line):
    files[f"{TOP}/manifest-sha512.txt"] += line
    refused(zipped(tmp_path / "bad.zip", files), "PCK-013")


@pytest.mark.parametrize(
    ("listed", "name"),
    [("manifest-sha512.txt", "bagit.txt"), ("tagmanifest-sha512.txt", "data/pack.json")],
)
def test_lists_that_name_what_belongs_in_the_other(tmp_path, files, listed, name):
    files[f"{TOP}/{listed}"] += f"{'0' * 128}  {name}\n".encode()
    refused(zipped(tmp_path / "bad.zip", files), "PCK-013")


def test_a_list_that_names_a_path_elsewhere(tmp_path, files):
    files[f"{TOP}/manifest-sha512.txt"] += f"{'0' * 128}  data/../../x\n".encode()
    refused(zipped(tmp_path / "bad.zip", files), "PCK-002")


def described(files, change):
    name = f"{TOP}/data/pack.json"
    description = json.loads(files[name])
    change(description)
    return relisted({**files, name: json.dumps(description).encode()}, TOP)


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said["records"][0].update(recordId="another"),
        lambda said: said["records"][1].update(recordType="meeting"),
        lambda said: said["records"].pop(1),
        lambda said: said["records"].append(said["records"][0]),
        lambda said: said["attachments"].pop(),
        lambda said: said["attachments"][0].update(type="chronology"),
        lambda said: said["attachments"][0].update(id="a5"),
        lambda said: said["attachments"][0].update(sizeBytes=1),
        lambda said: said["attachments"][0].update(sha512="0" * 128),
        lambda said: said["about"].update(recordId="another"),
        lambda said: said.update(immediateRisk=True),
    ],
)
def test_a_description_that_does_not_agree(tmp_path, files, change):
    refused(zipped(tmp_path / "bad.zip", described(files, change)), "PCK-011")


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said.update(packType="gift"),
        lambda said: said.pop("recipient"),
        lambda said: said.update(other="value"),
        lambda said: said["records"][0].update(path="data/records/../../x"),
        lambda said: said.update(createdOn="yesterday"),
    ],
)
def test_a_description_that_is_not_as_its_schema_says(tmp_path, files, change):
    refused(zipped(tmp_path / "bad.zip", described(files, change)), "PCK-010")


def test_a_description_that_is_not_json(tmp_path, files):
    files[f"{TOP}/data/pack.json"] = b"{"
    refused(zipped(tmp_path / "bad.zip", relisted(files, TOP)), "PCK-010")


@pytest.mark.parametrize(
    "data", [b"", b"not a zip file", b"PK\x05\x06" + bytes(18), b"PK\x05\x06"], ids=range(4)
)
def test_what_is_no_pack(tmp_path, data):
    path = tmp_path / "bad.zip"
    path.write_bytes(data)
    refused(path, "PCK-001")


def test_a_zip_that_is_cut_short(tmp_path):
    path = tmp_path / "bad.zip"
    path.write_bytes((FOLDER / "referral.zip").read_bytes()[:-400])
    refused(path, "PCK-001")


@pytest.mark.parametrize(
    "change",
    [
        lambda files: files.pop(f"{TOP}/bagit.txt"),
        lambda files: files.update({f"{TOP}/bagit.txt": b"BagIt-Version: 2.0\n"}),
        lambda files: files.pop(f"{TOP}/data/pack.json"),
        lambda files: files.update({"second/top": b"x"}),
        lambda files: files.update({"top": b"x"}),
    ],
)
def test_a_zip_that_holds_no_bag(tmp_path, files, change):
    change(files)
    listed = files if {"second/top", "top"} & files.keys() else relisted(files, TOP)
    refused(zipped(tmp_path / "bad.zip", listed), "PCK-001")


def test_a_locked_zip(tmp_path, files):
    path = zipped(tmp_path / "bad.zip", files)
    data = bytearray(path.read_bytes())
    at = data.rfind(GENOGRAM.encode()) - 46
    struct.pack_into("<H", data, at + 8, 1)
    path.write_bytes(data)
    refused(path, "PCK-001")


def test_no_message_names_a_file(tmp_path, files):
    name = f"{TOP}/data/attachments/Zq7Marker.pdf"
    path = zipped(tmp_path / "bad.zip", {**files, name: b"x"})
    result = attempt("pack", "check", path)
    assert "Zq7Marker" not in f"{result.output}{result.exception!r}"


def test_every_line_of_a_report_on_a_bad_pack_is_free_of_its_contents(tmp_path, files):
    def change(said):
        said["Zq7Marker"] = "Zq7Marker"
        said["sender"]["Zq7Marker"] = 1

    path = zipped(tmp_path / "bad.zip", described(files, change))
    for command in (["pack", "check"], ["check"]):
        result = attempt(*command, path)
        assert "Zq7Marker" not in f"{result.output}{result.exception!r}"


SYSTEM = ["data/Thumbs.db", "data/.DS_Store", "data/records/._001-marf.json", "desktop.ini"]


def codes_of(path):
    with opened_pack(path) as pack:
        return [
            finding.code for finding in check_pack(pack, area=None, as_of=REFERRAL_DAY).findings
        ]


@pytest.mark.parametrize("name", SYSTEM)
@pytest.mark.parametrize("listed", [False, True])
def test_files_of_a_system_are_passed_over_and_said(tmp_path, files, name, listed):
    more = {**files, f"{TOP}/{name}": b"\0"}
    path = zipped(tmp_path / "pack.zip", relisted(more, TOP) if listed else more)
    assert "PCK-015" in codes_of(path)
    out = tmp_path / "out"
    attempt("pack", "unpack", path, "--out", out)
    assert not (out / name).exists()


def test_the_folder_that_a_mac_puts_beside_is_passed_over(tmp_path, files):
    path = zipped(tmp_path / "pack.zip", {**files, f"__MACOSX/{TOP}/._data": b"\0"})
    assert "PCK-015" in codes_of(path)


@pytest.mark.parametrize("stated", ["1.1", "0.0", "999999999.12"])
def test_a_wrong_size_of_the_payload_is_told(tmp_path, files, stated):
    info = f"{TOP}/bag-info.txt"
    lines = [line for line in files[info].splitlines() if not line.startswith(b"Payload-Oxum")]
    files[info] = b"\n".join([*lines, f"Payload-Oxum: {stated}".encode()]) + b"\n"
    path = zipped(tmp_path / "pack.zip", relisted(files, TOP))
    assert "PCK-016" in codes_of(path)
    assert "PCK-016" not in codes_of(FOLDER / "referral.zip")


@pytest.mark.parametrize("folder", ["DATA", "Data", "data/Records"])
def test_folders_that_look_the_same(tmp_path, files, folder):
    refused(zipped(tmp_path / "bad.zip", {**files, f"{TOP}/{folder}/x.txt": b"x"}), "PCK-004")


@pytest.mark.parametrize("name", ["CONIN$", "conout$.txt", "CLOCK$"])
def test_names_of_devices(tmp_path, files, name):
    bad = {**files, f"{TOP}/data/attachments/{name}": b"x"}
    refused(zipped(tmp_path / "bad.zip", bad), "PCK-002")


def local_header_of(data, name):
    """Return where the local header of a file begins: its name stands behind it first."""
    return data.index(name.encode()) - 30


@pytest.mark.parametrize("part", ["name", "crc", "size", "method"])
def test_headers_that_say_something_else_than_the_directory(tmp_path, files, part):
    path = zipped(tmp_path / "bad.zip", files)
    data = bytearray(path.read_bytes())
    at = local_header_of(data, GENOGRAM)
    offset, value = {
        "name": (30, b"R"),
        "crc": (14, b"\x01\x02"),
        "size": (22, b"\x01"),
        "method": (8, b"\x08"),
    }[part]
    data[at + offset : at + offset + len(value)] = value
    path.write_bytes(data)
    refused(path, "PCK-014")


def test_a_second_name_in_an_extra_field(tmp_path, files):
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            if name == GENOGRAM:
                other = b"\x01" + struct.pack("<I", zipfile.crc32(name.encode())) + b"../other.svg"
                info.extra = struct.pack("<HH", 0x7075, len(other)) + other
            archive.writestr(info, data)
    refused(path, "PCK-014")


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x85", "\u2028"])
def test_lists_are_split_only_at_the_ends_of_lines(tmp_path, files, end):
    manifest = f"{TOP}/manifest-sha512.txt"
    first, *rest = files[manifest].decode().splitlines()
    files[manifest] = (end.join([first, *rest]) + "\n").encode()
    with pytest.raises(PackError), opened_pack(zipped(tmp_path / "bad.zip", files)):
        pass


def test_a_file_is_named_only_if_its_name_says_nothing(tmp_path, files):
    for name, told in (
        ("001-genogram.svg", "001-genogram.svg"),
        ("Rowan.txt", "a file in data/attachments/"),
    ):
        changed = {**files, f"{TOP}/data/attachments/{name}": b"changed"}
        with pytest.raises(PackError) as problem, opened_pack(zipped(tmp_path / name, changed)):
            pass
        assert told in str(problem.value)
        assert "Rowan" not in str(problem.value)


def test_a_pack_of_many_files_of_zeros_is_opened_or_refused_at_once(tmp_path, files):
    many = {
        f"{TOP}/data/attachments/{n:03}-report.txt": b"\0" * safety.MEBIBYTE for n in range(5, 125)
    }
    path = zipped(tmp_path / "bad.zip", {**files, **many}, method=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 3 * safety.MEBIBYTE
    refused(path, "PCK-005")
