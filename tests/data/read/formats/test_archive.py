"""Archives are measured while they are unpacked; their headers are not believed."""

import io
import struct
import tracemalloc
import zipfile
import zlib

import openpyxl
import pytest

from kocsem.data.read.table import read_table
from kocsem.errors import DataError

ANSWERS = "编号,CA1\n1,4\n2,5\n".encode()


def archive(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in members.items():
            book.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def by_hand(
    packed: bytes, size: int, check: int, *, method: int = 8, flags: int = 0
) -> bytes:
    """Write an archive of one member whose headers say whatever they are given."""
    told = struct.pack(
        "<HHHHHIIIHH", 20, flags, method, 0, 33, check, len(packed), size, 5, 0
    )
    local = b"PK\3\4" + told + b"a.csv" + packed
    central = b"PK\1\2\x14\0" + told + b"\0" * 14 + b"a.csv"
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + b"PK\5\6" + end


def packed(content: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(content) + squeeze.flush()


def zeros(megabytes: int) -> bytes:
    """Pack zeros, one megabyte of them packed once."""
    squeeze = zlib.compressobj(wbits=-15)
    one = squeeze.compress(b"0" * 2**20) + squeeze.flush(zlib.Z_FULL_FLUSH)
    return one * megabytes + squeeze.flush()


READ = {
    "packed": archive(**{"a.csv": ANSWERS}),
    "stored": by_hand(ANSWERS, len(ANSWERS), zlib.crc32(ANSWERS), method=0),
    "by hand": by_hand(packed(ANSWERS), len(ANSWERS), zlib.crc32(ANSWERS)),
    "in a folder": archive(**{"data__a.csv": ANSWERS}),
    "with a path that climbs": archive(**{"..__..__etc__a.csv": ANSWERS}),
    "beside what macOS adds": archive(
        **{"a.csv": ANSWERS, "__MACOSX/._a.csv": b"x", ".DS_Store": b"x"}
    ),
}


@pytest.mark.parametrize("content", READ.values(), ids=READ)
def test_the_only_file_of_an_archive_is_read(tmp_path, content) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "export.zip"
    file.write_bytes(content)
    table = read_table(file)
    assert table.file == "export.zip (a.csv)"
    assert [table.row(0), table.row(1)] == [("1", "4"), ("2", "5")]
    assert [entry.name for entry in tmp_path.iterdir()] == ["export.zip"]


BOMB = zeros(1024)
HONEST, LYING = by_hand(BOMB, 2**30, 0), by_hand(BOMB, 1000, 0)
REFUSED = {
    "two files": (
        archive(**{"a.csv": ANSWERS, "b.csv": ANSWERS}),
        "the archive holds a.csv, b.csv; it must hold one file",
    ),
    "no file": (archive(), "the archive holds no file"),
    "an archive": (
        archive(**{"a.zip": archive(**{"a.csv": ANSWERS})}),
        "the archive holds an archive; unpack both",
    ),
    "a Word document": (
        archive(**{"word__document.xml": b"<a/>"}),
        "this is a Word document",
    ),
    "a binary workbook": (archive(**{"xl__workbook.bin": b"x"}), "(.xlsb)"),
    "an OpenDocument table": (archive(**{"content.xml": b"<a/>"}), "OpenDocument"),
    "a picture": (archive(**{"a.png": b"\x89PNG\r\n"}), "this is a picture"),
    "a bomb": (HONEST, "a.csv would expand to 1,024 MB, more than 512 MB"),
    "a bomb that claims to be small": (LYING, "the archive was cut off, in a.csv"),
    "a bomb that claims to be its own beginning": (
        by_hand(BOMB, 1000, zlib.crc32(b"0" * 1000)),
        "the archive was cut off, in a.csv",
    ),
    "a size that is too large": (
        by_hand(packed(ANSWERS), 999, zlib.crc32(ANSWERS)),
        "the archive was cut off, in a.csv",
    ),
    "packed data that end early": (
        by_hand(packed(ANSWERS)[:-4], len(ANSWERS), zlib.crc32(ANSWERS)),
        "the archive was cut off, in a.csv",
    ),
    "an uncommon way of packing": (
        by_hand(ANSWERS, len(ANSWERS), 0, method=93),
        "packed in an uncommon way",
    ),
    "a password": (
        by_hand(packed(ANSWERS), len(ANSWERS), 0, flags=1),
        "protected by a password",
    ),
    "a damaged byte": (
        by_hand(packed(ANSWERS), len(ANSWERS), zlib.crc32(ANSWERS) ^ 1),
        "the archive was cut off, in a.csv",
    ),
    "a tail that is missing": (archive(**{"a.csv": ANSWERS})[:-30], "download or save"),
    "eleven thousand members": (
        archive(**{f"{n}.csv": b"" for n in range(11_000)}),
        "the archive has 11000 members, more than 10000",
    ),
}


def test_a_workbook_within_an_archive_is_read(tmp_path) -> None:  # type: ignore[no-untyped-def]
    book, made = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].title = "A & B"
    for row in (["编号", "CA1"], [1, 4], [2, 5]):
        book.worksheets[0].append(row)
    book.save(made)
    file = tmp_path / "export.zip"
    file.write_bytes(archive(**{"a.xlsx": made.getvalue()}))
    table = read_table(file)
    assert (table.encoding, table.file) == ("xlsx", "export.zip (a.xlsx)")
    assert [table.row(0), table.row(1)] == [("1", "4"), ("2", "5")]


@pytest.mark.parametrize(("content", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_single_file_is_refused(tmp_path, content, expected) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "export.zip"
    file.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_table(file)
    assert expected in str(caught.value)


@pytest.mark.parametrize("content", [HONEST, LYING], ids=["honest", "lying"])
def test_a_bomb_is_not_unpacked(tmp_path, content) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "export.zip"
    file.write_bytes(content)
    tracemalloc.start()
    with pytest.raises(DataError):
        read_table(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * 2**20
