"""Every string of the page, by language: one JSON file each in ``ui/strings``.

Adding a language is adding a file with the keys of en.json and of model/errors.json, which holds
the English sentences of the errors.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

from model.errors import ENGLISH, DigitsError

HERE = Path(__file__).parent
DEFAULT = "en"


class Texts:
    """The strings of one language; calling it gives one of them, with its values filled in.

    Attributes:
        strings: by key, with their places unfilled.
        code: the language's, such as "zh".
    """

    def __init__(self, strings: dict[str, str]) -> None:
        self.strings = {**ENGLISH, **strings}  # an error without a translation is told in English
        self.code = strings["code"]

    def __call__(self, key: str, *values: object, **named: object) -> str:
        """The string of a key."""
        return self.strings[key].format(*values, **named)

    def raw(self, key: str) -> str:
        """The string of a key with its places unfilled."""
        return self.strings[key]

    def get(self, key: str, otherwise: str) -> str:
        """The string of a key, where it may have none."""
        return self.strings.get(key, otherwise)

    def problem(self, error: DigitsError) -> str:
        """The sentence of an error, with its names and numbers."""
        return error.sentence(self.strings)


def texts(code: object = DEFAULT) -> Texts:
    """The strings of the language with that code; the default's for whatever is no language's."""
    return _texts(next((known for known in languages() if known == code), DEFAULT))


@lru_cache
def _texts(code: str) -> Texts:
    return Texts(json.loads((HERE / "strings" / f"{code}.json").read_text(encoding="utf-8")))


def embedded(prefix: str, keys: Sequence[str]) -> str:
    """Every language's strings of some keys as JSON for an attribute of an ``html_template``.

    The page changes them by itself when the language changes, without asking the server.
    Gradio takes a template for JavaScript's, in which backticks and dollars have a meaning.
    """
    strings = {code: {key: texts(code).raw(f"{prefix}.{key}") for key in keys} for code in languages()}
    quoted = escape(json.dumps(strings, ensure_ascii=False))
    return quoted.replace("`", "&#96;").replace("$", "&#36;").replace("\\", "&#92;")


def script(*names: str) -> str:
    """JavaScript files of the components as one ``js_on_load``, behind the one that reads the embedded strings."""
    return "\n".join((HERE / "components" / name).read_text(encoding="utf-8") for name in ("language.js", *names))


@lru_cache
def languages() -> dict[str, str]:
    """The languages' own names by code, the default first."""
    files = (HERE / "strings").glob("*.json")
    names = {path.stem: json.loads(path.read_text(encoding="utf-8"))["language"] for path in files}
    return dict(sorted(names.items(), key=lambda item: (item[0] != DEFAULT, item[0])))
