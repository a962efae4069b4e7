"""Files of which a reader always has a whole set, whoever writes a newer one meanwhile, and whenever that is killed.

A card names its files by their checksums, and one rename of the card is the change from one version to the next. The
new files are there before, in a folder of their own and named by their checksums; after it they get the names that
people know. Whoever has read a card finds a file under its name or, while that is another version's, by its checksum.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from model.files import write_together

#: The folder beside the cards in which files are named by their checksums.
VERSIONS = ".versions"
#: Seconds for which a version that has been replaced stays for those who have read its card.
KEPT = 600.0


def checksum(content: bytes) -> str:
    """The SHA-256 of a file's content, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def find(folder: Path, file: str, expected: str) -> bytes | None:
    """The content of a file with the checksum that a card names; ``None`` where it is another one's.

    Raises:
        OSError: there is no file of that name.
    """
    for path in (folder / file, folder / VERSIONS / expected):
        with contextlib.suppress(OSError):
            if path.is_file() and checksum(content := path.read_bytes()) == expected:  # a pipe would have no end
                return content
    (folder / file).stat()
    return None


def publish(folder: Path, card: str, content: bytes, files: Mapping[str, bytes]) -> None:
    """Write a version, or nothing of it.

    Args:
        card: the name of the card's file.
        content: the card in JSON; ``sha256`` holds the checksum of each file by its name.
        files: their contents, by name.

    Raises:
        OSError: the folder can't be written, or its disk is full. The old version is untouched.
    """
    versions = folder / VERSIONS
    versions.mkdir(parents=True, exist_ok=True)
    replaced = [(folder / name).read_bytes() for name in files if (folder / name).is_file()]
    # All are written before the first is renamed, and the card is renamed last.
    kept = {versions / checksum(file): file for file in (*replaced, *files.values())}
    write_together({**kept, folder / card: content})
    _name(folder, card)
    _forget(folder)


def _name(folder: Path, card: str) -> None:
    """Give the files of a version their names; of the newest one, if another was published meanwhile."""
    named = b""
    while (content := (folder / card).read_bytes()) != named:
        for name, expected in json.loads(content)["sha256"].items():
            file, kept = folder / name, folder / VERSIONS / expected
            if kept.is_file() and not (file.is_file() and checksum(file.read_bytes()) == expected):
                _link(kept, file)
        named = content


def _link(old: Path, new: Path) -> None:
    """Give a file another name, too, which may be taken."""
    temporary = new.with_name(f".{new.name}.{secrets.token_hex(4)}")
    try:
        try:
            os.link(old, temporary)  # takes no room
        except OSError:  # the file system has no links
            shutil.copyfile(old, temporary)
        temporary.replace(new)
    finally:
        temporary.unlink(missing_ok=True)  # where both were one file already, replacing leaves it there


def _forget(folder: Path) -> None:
    """Delete what belongs to no card for a while, and what was left by those that were killed."""
    needed: set[str] = set()
    for card in folder.glob("*.json"):
        with contextlib.suppress(OSError, ValueError, LookupError, TypeError, AttributeError):  # damaged; found later
            needed |= set(json.loads(card.read_bytes())["sha256"].values())
    for path in [*(folder / VERSIONS).iterdir(), *folder.glob(".*.*")]:
        with contextlib.suppress(OSError):
            if path.name not in needed and path.is_file() and time.time() - path.stat().st_ctime > KEPT:
                path.unlink()
