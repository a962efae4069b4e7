"""The tool that programs find on the page: what it is called, what it takes, and what it answers.

``ui.server.protocol`` speaks the Model Context Protocol for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import gradio as gr

from model import DigitsError
from model.errors import PictureError, Term
from model.reading.store import DEFAULT_MODEL, trained_models
from ui import readings
from ui.readings import Encoded
from ui.server.asker import BusyError, asker
from ui.server.desk import Desk
from ui.server.limits import MAX_FILE, MB
from ui.texts import Texts

NAME = "read_digits"
DESCRIPTION = (
    "Reads handwritten or printed digits in a picture: one digit, a number, or a whole sheet of up to 600 digits. "
    "Use it when you need to know which digits somebody wrote, and how sure that is. It reads the digits 0 to 9 alone: "
    "no letters, no signs, no decimal points. "
    "Give the picture's own bytes as base64 or as a data: URL: PNG, JPEG, WebP, AVIF, GIF, BMP, TIFF, at most 10 MiB; "
    "addresses and paths of files are refused. "
    "The answer is a sentence, and an object: status is digit, unsure, no-digit, blank or too-many; each digit has its "
    "label, confidence (0 to 1), the three likeliest labels (top), its box in pixels (left, top, right, bottom), and "
    "whether the reading is sure of it. Treat a digit that isn't sure as a question to a person."
)
#: What is written before the bytes of a data: URL.
DATA_URL = re.compile(r"data:[\w.+/-]*(?:;[\w.+=-]*)*;base64,", re.ASCII | re.IGNORECASE)
#: Signs of a path or an address, which base64 hasn't.
NO_BASE64 = re.compile(r"[:.\\~%?]")
#: Characters in which these are looked for: a name is no longer.
LONGEST_NAME = 4096
#: Of base64 as of an upload: four characters for three bytes, with a line break after each 64 of them at most.
MAX_TEXT = (MAX_FILE + 2) // 3 * 4 * 66 // 64
#: The answer, as JSON Schema.
ANSWER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "status": {"type": ["string", "null"], "enum": ["digit", "unsure", "no-digit", "blank", "too-many", None]},
        "reason": {"type": "string"},
        "digits": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "label": {"type": "string"},
                    "confidence": {"type": "number"},
                    "top": {"type": "array", "items": {"type": "array"}},
                    "box": {"type": "array", "items": {"type": "integer"}},
                    "sure": {"type": "boolean"},
                },
                "required": ["label", "confidence", "top", "box", "sure"],
            },
        },
        "error": {"type": ["string", "null"]},
    },
    "required": ["status", "digits", "error"],
}


def arguments_schema() -> dict[str, Any]:
    """What the tool takes, as JSON Schema."""
    return {
        "type": "object",
        "properties": {
            "image": {"type": "string", "description": "The picture's bytes as base64, or as a data: URL."},
            "model": {
                "type": "string",
                "enum": trained_models(),
                "default": DEFAULT_MODEL,
                "description": "Which recogniser reads it; the default is the most accurate.",
            },
        },
        "required": ["image"],
        "additionalProperties": False,
    }


async def read_digits(desk: Desk, arguments: Mapping[str, Any], t: Texts) -> tuple[str, dict[str, Any]]:
    """Run the tool: one sentence, and the object that the endpoints return, whose ``error`` says what went wrong.

    Args:
        desk: reads.
        arguments: as they were sent.
        t: the language of the sentence.
    """
    image, model = arguments.get("image"), arguments.get("model", DEFAULT_MODEL)
    if arguments.keys() - {"image", "model"} or not isinstance(image, str) or not isinstance(model, str):
        return failure(t("tool.wrong", NAME))
    try:
        answer = await desk.ask(readings.tell, picture(image), model, t.code)
    except DigitsError as error:
        return failure(t.problem(error))
    except BusyError:
        asker().refused = False  # else the gate would answer in its place, in no form that the protocol knows
        return failure(t("serving.crowded"))
    except gr.Error as error:
        return failure(str(error.message))
    return answer["told"], answer["reading"]


def failure(sentence: str) -> tuple[str, dict[str, Any]]:
    """The answer where nothing was read."""
    return sentence, {"status": None, "digits": [], "error": sentence}


def picture(text: str) -> Encoded:
    """The picture that was sent, not decoded yet: that is done where it is read.

    Raises:
        PictureError: it is too large, or names what it doesn't hold.
    """
    if len(text) > MAX_TEXT:
        megabytes = len(text) * 3 / 4 / MB
        raise PictureError("too-many-megabytes", name=Term("the-picture"), megabytes=megabytes, most=MAX_FILE / MB)
    if head := DATA_URL.match(text[:LONGEST_NAME]):
        return Encoded(text[head.end() :])
    if NO_BASE64.search(text[:LONGEST_NAME]):
        raise PictureError("picture-named")
    if not text.isascii():
        raise PictureError("picture-no-base64")
    return Encoded(text)
