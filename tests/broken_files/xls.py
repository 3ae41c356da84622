"""Workbooks of the old format, written record by record."""

import struct
from collections.abc import Sequence

SECTOR = 512
FORMATS = ["General", "yyyy-mm-dd hh:mm:ss", "h:mm:ss", "[h]:mm:ss"]
DATE, CLOCK, DURATION = 1, 2, 3
NOT_AVAILABLE = 42


def record(kind: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack("<HH", kind, len(body)) + body


def words(text: str, length: str) -> bytes:
    return struct.pack(length, len(text)) + b"\1" + text.encode("utf-16-le")


def cell(row: int, column: int, value: object) -> bytes:
    """Write a cell; a pair is a number and its format."""
    place = struct.pack("<HH", row, column)
    match value:
        case None:
            return b""
        case bool():
            return record(0x205, place, struct.pack("<HBB", 0, value, 0))
        case "#N/A":
            return record(0x205, place, struct.pack("<HBB", 0, NOT_AVAILABLE, 1))
        case str():
            return record(0x204, place, b"\0\0", words(value, "<H"))
        case (number, shape):
            return record(0x203, place, struct.pack("<Hd", shape, number))
    return record(0x203, place, struct.pack("<Hd", 0, value))


def stream(
    sheets: dict[str, Sequence[Sequence[object]]],
    merged: Sequence[tuple[int, int, int, int]] = (),
    hidden_rows: Sequence[int] = (),
    hidden_sheets: Sequence[str] = (),
    before: bytes = b"",
) -> bytes:
    begin = struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)
    shapes = b"".join(
        record(0x41E, struct.pack("<H", 164 + i), words(shape, "<H"))
        for i, shape in enumerate(FORMATS)
    )
    font = record(
        0x31, struct.pack("<HHHHHBBBB", 200, 0, 0, 400, 0, 0, 0, 0, 0), b"\0\0"
    )
    looks = b"".join(
        record(0xE0, struct.pack("<HHH", 0, 164 + i, 0), b"\0" * 14)
        for i in range(len(FORMATS))
    )
    bodies = []
    for rows in sheets.values():
        cells = b"".join(
            cell(r, c, value)
            for r, row in enumerate(rows)
            for c, value in enumerate(row)
        )
        lines = b"".join(
            record(0x208, struct.pack("<HHHHHHI", r, 0, 1, 255, 0, 0, 0x20))
            for r in hidden_rows
        )
        ranges = b"".join(struct.pack("<HHHH", *span) for span in merged)
        joined = record(0xE5, struct.pack("<H", len(merged)), ranges) if merged else b""
        start = struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)
        bodies.append(record(0x809, start) + lines + cells + joined + record(0x0A))
    head = record(0x809, begin) + before + font + shapes + looks
    names = [
        struct.pack("<BB", name in hidden_sheets, 0)
        + struct.pack("<B", len(name))
        + b"\1"
        + name.encode("utf-16-le")
        for name in sheets
    ]
    offset = len(head) + sum(len(name) + 8 for name in names) + 4
    listed = b""
    for name, body in zip(names, bodies, strict=True):
        listed += record(0x85, struct.pack("<I", offset), name)
        offset += len(body)
    return head + listed + record(0x0A) + b"".join(bodies)


def container(content: bytes, name: str = "Workbook") -> bytes:
    """Put a stream into an OLE container of few sectors."""
    content = content.ljust(4096, b"\0")
    content += b"\0" * (-len(content) % SECTOR)
    count = len(content) // SECTOR
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 16
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + b"\0" * 6
        + struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    ).ljust(SECTOR, b"\xff")

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        coded = name.encode("utf-16-le")
        none = 0xFFFFFFFF
        return (
            coded.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(coded) + 2, kind, 1, none, none, child)
            + b"\0" * 36
            + struct.pack("<III", start, size, 0)
        )

    entries = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)
    entries += entry(name, 2, 0xFFFFFFFF, 2, len(content))
    return header + table + entries.ljust(SECTOR, b"\0") + content
