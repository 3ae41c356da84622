"""The command line called in this process, in a folder with a small study."""

import os
import sys
from dataclasses import dataclass

import pytest

from kocsem.cli.main import main
from small_study import Folder


@dataclass(frozen=True)
class Outcome:
    """What a command left behind: exit status, words, files."""

    status: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path)


@pytest.fixture
def kocsem(capsys, monkeypatch):
    """Run a command as a user would type it."""

    def run(*args):
        monkeypatch.setattr(sys, "argv", ["kocsem", *map(os.fspath, args)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        heard = capsys.readouterr()
        return Outcome(left.value.code or 0, heard.out, heard.err)

    return run
