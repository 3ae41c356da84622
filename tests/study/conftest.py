"""A small study in a folder of its own."""

import pytest

from small_study import Folder, draw


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture
def drawn():
    return draw()
