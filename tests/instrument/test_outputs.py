"""Files reach the disk whole and together, or not at all."""

from pathlib import Path

import pytest

from kocsem.errors import OutputError
from kocsem.instrument.outputs import add_files, write_folder

FILES = (("a.txt", b"A"), ("b.txt", b"B"))


def test_files_are_written_beside_others(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_bytes(b"mine")
    paths = add_files(FILES, tmp_path)
    assert paths == (tmp_path / "a.txt", tmp_path / "b.txt")
    found = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert found == {"mine.txt": b"mine", "a.txt": b"A", "b.txt": b"B"}


def test_a_folder_is_made(tmp_path: Path) -> None:
    assert add_files(FILES, tmp_path / "x" / "y")[0].read_bytes() == b"A"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"b\.txt: there already"):
        add_files(FILES, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["b.txt"]
    assert (tmp_path / "b.txt").read_bytes() == b"mine"


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(OutputError, match="cannot be written to"):
        add_files(FILES, tmp_path / "file")
    with pytest.raises(OutputError, match="cannot be written to"):
        add_files(FILES, tmp_path / "file" / "below")


def test_a_failure_leaves_no_trace(tmp_path: Path, monkeypatch) -> None:
    rename = Path.rename

    def fail_on_b(path: Path, target: Path) -> Path:
        if path.name == "b.txt":
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail_on_b)
    with pytest.raises(OutputError, match="No space left"):
        add_files(FILES, tmp_path / "new" / "folder")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_its_own_is_written_whole(tmp_path: Path) -> None:
    paths = write_folder([("a.txt", b"A"), ("b/c.txt", b"C")], tmp_path / "new")
    assert paths == (tmp_path / "new" / "a.txt", tmp_path / "new" / "b" / "c.txt")


def test_a_folder_of_its_own_holds_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_bytes(b"mine")
    with pytest.raises(OutputError, match="is not empty"):
        write_folder(FILES, tmp_path)
