"""Members of a zip archive, never expanded beyond what was agreed to.

In: the bytes of an archive. Out: its members, piece by piece or whole. Sizes are
counted while unpacking, for a header may lie; nothing is written to disk, and the path
of a member leads nowhere.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kocsem.errors import DataError

#: Members that an archive may have; a workbook has some dozens.
MOST_MEMBERS = 10_000
#: Bytes of a member that is unpacked whole.
MOST_WHOLE = 2**29

_MEGABYTE = 2**20
_PIECE = _MEGABYTE
_ENCRYPTED = 0x1
_LOCAL_HEADER, _LENGTHS = 30, 26


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive whose directory has been read.

    Attributes
    ----------
    file : Path
        The file, for messages.
    content : bytes
        What it holds.
    members : mapping of str to zipfile.ZipInfo
        The members by name, folders left out.
    is_member : bool
        Whether it lies in another archive, so that no file of its own is on the disk.
    """

    file: Path
    content: bytes
    members: Mapping[str, zipfile.ZipInfo]
    is_member: bool = False


def open_archive(file: Path, content: bytes, *, is_member: bool = False) -> Archive:
    """Read the directory of an archive.

    Parameters
    ----------
    file : Path
        The file, for messages.
    content : bytes
        What it holds.
    is_member : bool
        Whether it lies in another archive.

    Returns
    -------
    Archive
        Its members; none is unpacked yet.

    Raises
    ------
    DataError
        If the directory is damaged, has too many members or one name twice.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            found = [info for info in opened.infolist() if not info.is_dir()]
    except Exception:  # a damaged directory fails in many ways
        raise DataError(
            f"{file}: the workbook is damaged or the archive was cut off; download or "
            "save it again."
        ) from None
    if len(found) > MOST_MEMBERS:
        raise DataError(
            f"{file}: the archive has {len(found)} members, more than {MOST_MEMBERS}; "
            "this is no file of answers."
        )
    members = {info.filename: info for info in found}
    if len(members) < len(found):
        raise DataError(
            f"{file}: the archive holds one name twice; unpack it and name the file "
            "with the answers."
        )
    return Archive(file, content, members, is_member)


def pieces(archive: Archive, name: str, most: int) -> Iterator[bytes]:
    """Unpack a member piece by piece.

    Parameters
    ----------
    archive : Archive
        The archive.
    name : str
        One of its members.
    most : int
        Bytes that it may expand to.

    Yields
    ------
    bytes
        Up to 1 MiB each.

    Raises
    ------
    DataError
        If the member is longer than `most`, encrypted, damaged, or not as long as the
        directory says.
    """
    info, total, check = archive.members[name], 0, 0
    if info.flag_bits & _ENCRYPTED:
        raise DataError(
            f"{archive.file}: the archive is protected by a password; unpack it first."
        )
    if info.file_size > most:
        raise DataError(
            f"{archive.file}: the part {base_name(name)} would expand to "
            f"{info.file_size / _MEGABYTE:,.0f} MB, more than {most // _MEGABYTE} MB; "
            "it was not unpacked. Delete what does not belong to the answers, or "
            "export them as .csv."
        )
    for piece in _unpacked(archive, info):
        total += len(piece)
        if total > info.file_size:
            raise _damaged(archive, name)
        check = zlib.crc32(piece, check)
        yield piece
    if total != info.file_size or check != info.CRC:
        raise _damaged(archive, name)


def whole(archive: Archive, name: str, most: int = MOST_WHOLE) -> bytes:
    """Unpack a member.

    Parameters
    ----------
    archive : Archive
        The archive.
    name : str
        One of its members.
    most : int
        Bytes that it may expand to.

    Returns
    -------
    bytes
        What it holds.

    Raises
    ------
    DataError
        As `pieces` does.
    """
    return b"".join(pieces(archive, name, most))


def base_name(name: str) -> str:
    """Return a member's name without its path and without control characters.

    Parameters
    ----------
    name : str
        A name as the archive has it.

    Returns
    -------
    str
        What a message may show.

    Examples
    --------
    >>> base_name("../../etc/answers.csv")
    'answers.csv'
    """
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in base if char.isprintable())


def _unpacked(archive: Archive, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack the bytes of a member, as far as there are any."""
    packed = _packed(archive, info)
    if info.compress_type == zipfile.ZIP_STORED:
        for start in range(0, len(packed), _PIECE):
            yield bytes(packed[start : start + _PIECE])
        return
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise DataError(
            f"{archive.file}: the archive is packed in an uncommon way; unpack it and "
            "name the file with the answers."
        )
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), _PIECE):
            rest: bytes | memoryview = packed[start : start + _PIECE]
            while rest:
                yield unpack.decompress(rest, _PIECE)
                rest = unpack.unconsumed_tail
        while piece := unpack.decompress(b"", _PIECE):
            yield piece
    except zlib.error:
        raise _damaged(archive, info.filename) from None
    if not unpack.eof:
        raise _damaged(archive, info.filename)


def _packed(archive: Archive, info: zipfile.ZipInfo) -> memoryview:
    """Find the bytes of a member behind its local header."""
    begin = info.header_offset
    try:
        name, extra = struct.unpack_from("<HH", archive.content, begin + _LENGTHS)
    except struct.error:
        raise _damaged(archive, info.filename) from None
    start = begin + _LOCAL_HEADER + name + extra
    return memoryview(archive.content)[start : start + info.compress_size]


def _damaged(archive: Archive, name: str) -> DataError:
    return DataError(
        f"{archive.file}: the workbook is damaged or the archive was cut off, in "
        f"{base_name(name)}; download or save it again."
    )
