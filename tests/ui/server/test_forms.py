"""Uploads: forms of files alone, not too many, none of which stays open."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException

from tests.helpers.looping import looped
from ui.server import forms, inside
from ui.server.asker import Asker
from ui.server.forms import MOST_FILES, Form

KIND = "multipart/form-data; boundary=edge"


@pytest.fixture(autouse=True)
def _replaced() -> None:
    inside.prepare()


def part(disposition: str, content: bytes) -> bytes:
    return f"--edge\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"


def file(number: int) -> bytes:
    return part(f'name="files"; filename="{number}.png"', b"%d" % number)


def parsed(folder: Path, *parts: bytes, ended: bool = True, asker: Asker | None = None) -> tuple[list[Any], int]:
    """What a form holds that comes in these parts, and the most descriptors that were open meanwhile."""
    most = 0

    async def stream() -> AsyncGenerator[bytes, None]:
        nonlocal most
        for chunk in (*parts, b"--edge--\r\n" if ended else b""):
            yield chunk
            most = max(most, descriptors())

    async def story() -> list[Any]:
        with (asker or Asker()).asking():
            form = Form(Headers({"Content-Type": KIND}), stream(), upload_dir=folder, max_file_size=100)
            return (await form.parse()).getlist("files")

    before = descriptors()
    found = looped(story())
    return found, most - before


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0  # noqa: PTH208 - as few as can be


def test_files_come_whole_and_known_by_their_hash_however_they_are_cut(tmp_path: Path) -> None:
    whole = part('name="files"; filename="a.png"', b"0123456789" * 9)
    (found,), _ = parsed(tmp_path, *(whole[place : place + 7] for place in range(0, len(whole), 7)))
    assert isinstance(found, UploadFile)
    assert (Path(str(found.file.name)).read_bytes(), found.size) == (b"0123456789" * 9, 90)
    (again,), _ = parsed(tmp_path, whole)
    assert isinstance(again, forms.File)
    assert isinstance(found, forms.File)
    assert again.sha.hexdigest() == found.sha.hexdigest()


def test_no_file_stays_open_however_many_there_are(tmp_path: Path) -> None:
    found, most = parsed(tmp_path, b"".join(map(file, range(100))), *map(file, range(100, MOST_FILES)))
    assert [Path(str(one.file.name)).read_bytes() for one in found] == [b"%d" % place for place in range(MOST_FILES)]
    assert most < 20


def test_too_many_files_are_refused_and_none_of_them_stays(tmp_path: Path) -> None:
    with pytest.raises(MultiPartException, match=f"Maximum number of files is {MOST_FILES}"):
        parsed(tmp_path, *map(file, range(MOST_FILES + 1)))
    assert [*tmp_path.iterdir()] == []


def test_what_is_no_file_is_refused_before_it_comes(tmp_path: Path) -> None:
    with pytest.raises(MultiPartException, match="Too many fields"):
        parsed(tmp_path, file(1), part('name="files"', b"x")[:-3], ended=False)
    assert [*tmp_path.iterdir()] == []


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MultiPartException, match="exceeded maximum allowed size"):
        parsed(tmp_path, part('name="files"; filename="a.png"', bytes(101)))
    assert [*tmp_path.iterdir()] == []


def test_files_count_for_who_sends_them(tmp_path: Path) -> None:
    parsed(tmp_path, *map(file, range(3)), asker=(asker := Asker("1.1.1.1")))
    assert asker.files == 3


def test_gradio_s_own_forms_are_these() -> None:
    from gradio import route_utils

    assert (route_utils.GradioMultiPartParser, route_utils.GradioUploadFile) == (forms.Form, forms.File)


def test_the_page_takes_several_files_and_no_field(url: str) -> None:
    names = ("a.png", "b.png")
    answer = httpx.post(f"{url}/gradio_api/upload", files=[("files", (name, name.encode())) for name in names])
    assert [Path(path).read_bytes() for path in answer.json()] == [name.encode() for name in names]
    refused = httpx.post(f"{url}/gradio_api/upload", files={"files": (None, b"x" * 1000)})
    assert (refused.status_code, refused.text) == (400, "Too many fields. Maximum number of fields is 0.")
