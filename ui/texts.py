"""Every string of the page, by language: one JSON file each in ``ui/strings``.

To add a language, add a file with the keys of en.json and of model/errors.json; the second holds the English sentences
of the errors.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

from model.errors import ENGLISH, DigitsError

HERE = Path(__file__).parent
#: The language of visitors whose own the page doesn't have.
DEFAULT = "en"


class Texts:
    """The strings of one language; calling it gives one of them, with its values filled in.

    Attributes:
        strings: by key, with their placeholders.
        code: the language's, such as "zh".
    """

    def __init__(self, strings: dict[str, str]) -> None:
        self.strings = {**ENGLISH, **strings}  # an error without a translation is told in English
        self.code = strings["code"]

    def __call__(self, key: str, *values: object, **named: object) -> str:
        """The string of a key with its placeholders filled in."""
        return self.strings[key].format(*values, **named)

    def raw(self, key: str) -> str:
        """The string of a key with its placeholders."""
        return self.strings[key]

    def get(self, key: str, otherwise: str) -> str:
        """The string of a key with its placeholders, or ``otherwise`` if the language has none."""
        return self.strings.get(key, otherwise)

    def problem(self, error: DigitsError) -> str:
        """The sentence of an error, with its names and numbers."""
        return error.sentence(self.strings)


def texts(code: object = DEFAULT) -> Texts:
    """The strings of the language with that code; English ones for anything else, since visitors may send anything."""
    return _texts(next((known for known in languages() if known == code), DEFAULT))


@lru_cache
def _texts(code: str) -> Texts:
    return Texts(json.loads((HERE / "strings" / f"{code}.json").read_text(encoding="utf-8")))


def embedded(prefix: str, keys: Sequence[str]) -> str:
    """Every language's strings of ``prefix.key`` for some keys, as JSON in an attribute of an ``html_template``.

    With them the browser changes a component's language without a request.
    Gradio evaluates the template as a JavaScript template literal, so backticks, dollars and backslashes are escaped.
    """
    strings = {code: {key: texts(code).raw(f"{prefix}.{key}") for key in keys} for code in languages()}
    return literal(escape(json.dumps(strings, ensure_ascii=False)))


def literal(quoted: str) -> str:
    """Quoted text as it may stand in a JavaScript template literal."""
    return quoted.replace("`", "&#96;").replace("$", "&#36;").replace("\\", "&#92;")


def script(*names: str) -> str:
    """Script files of the components as one ``js_on_load``, after the script that reads the embedded strings."""
    return plain_script("language.js", *names)


def plain_script(*names: str) -> str:
    """Script files of the components as one ``js_on_load``.

    Without indentation and lines of comment, which every visitor would be sent; so no string may go over lines.
    """
    files = [(HERE / "components" / name).read_text(encoding="utf-8") for name in names]
    lines = [line.strip() for file in files for line in file.splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith("//"))


@lru_cache
def languages() -> dict[str, str]:
    """The languages' own names by code, the default first."""
    files = (HERE / "strings").glob("*.json")
    names = {path.stem: json.loads(path.read_text(encoding="utf-8"))["language"] for path in files}
    return dict(sorted(names.items(), key=lambda item: (item[0] != DEFAULT, item[0])))
