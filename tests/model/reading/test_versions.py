from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from model.errors import WeightsError
from model.reading import versions
from model.reading.store import load_card, load_file, save_model
from model.reading.versions import VERSIONS, checksum, find, publish
from tests.helpers.killed import SUFFIXES, card_of, save_version, version_of
from tests.helpers.running import ROOT

#: Publishes forty versions as fast as it can: those that end with the digit that it is given.
PUBLISHER = """
import sys
from pathlib import Path
from tests.helpers.killed import save_version
for number in range(40):
    save_version(Path(sys.argv[1]), 10 * number + int(sys.argv[2]))
"""


def grow_old(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + versions.KEPT + 60)
    assert folder.is_dir()


def test_a_version_s_files_have_the_names_that_people_know(tmp_path: Path) -> None:
    save_version(tmp_path, 1)
    save_version(tmp_path, 2)
    assert (tmp_path / "cnn.safetensors").read_bytes() == b"2 .safetensors" * 100
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith(".")) == [
        "cnn.json",
        "cnn.mistakes.png",
        "cnn.safetensors",
    ]


def test_who_has_read_a_card_finds_its_files_after_it_was_replaced(tmp_path: Path) -> None:
    save_version(tmp_path, 1)
    card = load_card("cnn", tmp_path)
    save_version(tmp_path, 2)
    save_version(tmp_path, 3)
    assert [load_file(card, suffix, tmp_path)[:1] for suffix in SUFFIXES] == [b"1", b"1"]


def test_a_version_that_was_replaced_long_ago_is_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_version(tmp_path, 1)
    (tmp_path / ".cnn.json.of-a-killed-one").write_bytes(b"half")
    card = load_card("cnn", tmp_path)
    save_version(tmp_path, 2)
    grow_old(tmp_path, monkeypatch)
    save_version(tmp_path, 3)
    with pytest.raises(WeightsError, match=r"cnn\.safetensors is damaged or doesn't belong"):
        load_file(card, ".safetensors", tmp_path)
    assert not list(tmp_path.glob(".cnn.*"))
    assert version_of(tmp_path) == 3


def test_what_a_card_needs_is_not_deleted_however_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_version(tmp_path, 1)
    (tmp_path / "cnn.safetensors").unlink()
    (tmp_path / "cnn.safetensors").write_bytes(b"of a version that was never published")
    (tmp_path / "other.json").write_bytes(b"no card")
    grow_old(tmp_path, monkeypatch)
    versions._forget(tmp_path)
    assert version_of(tmp_path) == 1


def test_two_versions_with_the_same_files_are_kept_once(tmp_path: Path) -> None:
    for _ in range(3):
        save_version(tmp_path, 1)
    assert sorted(path.name for path in (tmp_path / VERSIONS).iterdir()) == sorted(
        load_card("cnn", tmp_path).sha256.values()
    )


def test_a_checksum_that_is_a_path_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "cnn.safetensors").write_bytes(b"1")
    assert find(tmp_path, "cnn.safetensors", str(tmp_path / "secret")) is None


def test_a_file_that_can_not_be_read_is_found_by_its_checksum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_version(tmp_path, 1)
    named, read_bytes = tmp_path / "cnn.safetensors", Path.read_bytes

    def refused(path: Path) -> bytes:
        if path == named:
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    assert find(tmp_path, named.name, load_card("cnn", tmp_path).sha256[named.name]) == b"1 .safetensors" * 100


def test_a_version_without_files_may_be_the_first_in_its_folder(tmp_path: Path) -> None:
    publish(tmp_path / "a" / "b", "cnn.json", b'{"sha256": {}}', {})
    assert (tmp_path / "a" / "b" / "cnn.json").read_bytes() == b'{"sha256": {}}'


def test_a_file_that_is_right_already_stays_the_same_file(tmp_path: Path) -> None:
    save_version(tmp_path, 1)
    shutil.rmtree(tmp_path / VERSIONS)
    before = (tmp_path / "cnn.safetensors").stat().st_ino
    save_version(tmp_path, 1)
    assert (tmp_path / "cnn.safetensors").stat().st_ino == before


def test_where_files_have_one_name_each_they_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("os.link", no_links)
    save_version(tmp_path, 1)
    save_version(tmp_path, 2)
    assert version_of(tmp_path) == 2
    assert (tmp_path / "cnn.safetensors").read_bytes() == b"2 .safetensors" * 100
    assert not list(tmp_path.glob(".cnn.*"))


@pytest.mark.parametrize(("age", "deleted"), [(600, False), (601, True)])
def test_what_no_card_needs_stays_for_ten_minutes(
    age: int, deleted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_version(tmp_path, 1)
    (tmp_path / VERSIONS / "unneeded").write_bytes(b"old")
    written = (tmp_path / VERSIONS / "unneeded").stat().st_ctime
    monkeypatch.setattr("time.time", lambda: written + age)
    versions._forget(tmp_path)
    assert (tmp_path / VERSIONS / "unneeded").exists() != deleted


def test_what_any_card_needs_is_not_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("cnn", "mlp", "logistic"):
        save_model(tmp_path, replace(card_of(1), model=name), {".safetensors": name.encode()})
    grow_old(tmp_path, monkeypatch)
    versions._forget(tmp_path)
    assert len(list((tmp_path / VERSIONS).iterdir())) == 3


@pytest.mark.parametrize("card", [b"{", b"{}", b"[]", b"3", b'{"sha256": 3}', b'{"sha256": {"a": []}}'])
def test_beside_a_damaged_card_old_versions_are_still_deleted(
    card: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_version(tmp_path, 1)
    (tmp_path / "other.json").write_bytes(card)
    (tmp_path / "folder.json").mkdir()
    (tmp_path / VERSIONS / "unneeded").write_bytes(b"old")
    grow_old(tmp_path, monkeypatch)
    versions._forget(tmp_path)
    assert not (tmp_path / VERSIONS / "unneeded").exists()
    assert version_of(tmp_path) == 1


def test_what_another_deletes_first_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_version(tmp_path, 1)
    unneeded = tmp_path / VERSIONS / "unneeded"
    unneeded.write_bytes(b"old")

    def delete_and_tell_the_time() -> float:
        unneeded.unlink(missing_ok=True)
        return 0.0

    monkeypatch.setattr("time.time", delete_and_tell_the_time)
    versions._forget(tmp_path)
    assert version_of(tmp_path) == 1


@pytest.mark.server
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the helper forks")
def test_a_publisher_that_is_killed_at_any_step_leaves_the_old_version_or_the_new_one(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.helpers.killed", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = [line.split()[1] for line in done.stdout.splitlines()]
    steps = found.index("1")
    assert steps >= 10
    assert found == ["0"] * steps + ["1"] * (len(found) - steps)
    assert len(found) - steps > 1, "killed after the change, too"


@pytest.mark.slow
@pytest.mark.server
def test_readers_find_a_whole_version_while_two_publish(tmp_path: Path) -> None:
    save_version(tmp_path, 0)
    publishers = [subprocess.Popen([sys.executable, "-c", PUBLISHER, str(tmp_path), str(n)], cwd=ROOT) for n in (1, 2)]
    found = set()
    while any(publisher.poll() is None for publisher in publishers):
        found.add(version_of(tmp_path))
    assert [publisher.returncode for publisher in publishers] == [0, 0]
    assert len(found) > 10
    last = version_of(tmp_path)
    assert last in (391, 392)
    for suffix in SUFFIXES:  # both gave the newest one's files their names
        content = (tmp_path / f"cnn{suffix}").read_bytes()
        assert checksum(content) == load_card("cnn", tmp_path).sha256[f"cnn{suffix}"]
