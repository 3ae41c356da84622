"""Files reach the disk whole and together, or not at all."""

from pathlib import Path

import pytest

from kocsem.errors import OutputError
from kocsem.instrument.export.target import Exported
from kocsem.instrument.export.write import write_files

FILES = (Exported("a.txt", b"A"), Exported("b.txt", b"B"))


def test_files_are_written_beside_others(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_bytes(b"mine")
    paths = write_files(FILES, tmp_path)
    assert paths == (tmp_path / "a.txt", tmp_path / "b.txt")
    found = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert found == {"mine.txt": b"mine", "a.txt": b"A", "b.txt": b"B"}


def test_a_folder_is_made(tmp_path: Path) -> None:
    assert write_files(FILES, tmp_path / "x" / "y")[0].read_bytes() == b"A"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"b\.txt: there already"):
        write_files(FILES, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["b.txt"]
    assert (tmp_path / "b.txt").read_bytes() == b"mine"


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(OutputError, match="Nothing can be written to"):
        write_files(FILES, tmp_path / "file")
    with pytest.raises(OutputError, match="Nothing can be written to"):
        write_files(FILES, tmp_path / "file" / "below")


def test_a_failure_leaves_no_trace(tmp_path: Path, monkeypatch) -> None:
    rename = Path.rename

    def fail_on_b(path: Path, target: Path) -> Path:
        if path.name == "b.txt":
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail_on_b)
    with pytest.raises(OutputError, match="No space left"):
        write_files(FILES, tmp_path / "new" / "folder")
    assert list(tmp_path.iterdir()) == []
