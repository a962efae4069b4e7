"""HTML from Jinja templates: those of the views in ``ui/views/templates``, a component's beside its script.

Every value is escaped when it is filled in; a value that a template names and nobody gives is an error.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined

from model.reading.reading import percent
from ui.views.pictures import data_uri, reduced

#: Where templates are looked for.
FOLDERS = (Path(__file__).parent / "templates", Path(__file__).parent.parent / "components")


def render(template: str, **values: object) -> str:
    """The HTML of a template, such as ``"answer.html"``, with its values filled in."""
    return environment().get_template(template).render(values)


@lru_cache
def environment() -> Environment:
    """The one environment, made for the first template. Templates are compiled when they are first rendered."""
    made = Environment(loader=FunctionLoader(_source), autoescape=True, undefined=StrictUndefined)
    made.filters.update(percent=percent, share=_share, data_uri=data_uri, reduced=reduced)
    return made


def in_percent(share: float, decimals: int) -> str:
    """A share (0…1) as the page writes it, on one line: ``in_percent(0.9962, 2)`` is "99.62 %"."""
    return f"{share:.{decimals}%}".replace("%", "\N{NO-BREAK SPACE}%")


def _source(template: str) -> str | None:
    """A template without its indentation and line ends, which would be spaces between the page's words."""
    path = next((path for folder in FOLDERS for path in folder.glob("*.html") if path.name == template), None)
    return "".join(line.strip() for line in path.read_text(encoding="utf-8").splitlines()) if path else None


def _share(value: float) -> str:
    """A share (0…1) of a side as CSS takes it: "12.50%"."""
    return f"{value:.2%}"
