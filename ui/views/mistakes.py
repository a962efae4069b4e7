"""The misclassified test digits as HTML: their confusion matrix, their gallery, one of them in detail."""

from __future__ import annotations

from html import escape

from model.preprocess.picture import Pixels
from model.reading.reading import percent
from model.reading.store import Card, Mistake
from ui.texts import Texts
from ui.views.confusion import confusion_table
from ui.views.figures import LABELS, bar, data_uri

#: A gallery of more mistakes is slow to open.
MOST_TILES = 96
ANY = "any"
ORDERS = ("most", "least", "by-digit")


def digits(t: Texts) -> list[tuple[str, str]]:
    """The choices of a filter: any digit, or one."""
    return [(t("mistakes.any"), ANY), *((label, label) for label in LABELS)]


def orders(t: Texts) -> list[tuple[str, str]]:
    """The choices of an order."""
    return [(t(f"mistakes.{order}"), order) for order in ORDERS]


def chosen(card: Card, true: str = ANY, read: str = ANY, order: str = "most") -> list[int]:
    """The places in ``card.mistakes`` of those with that true and that read digit, in that order."""
    places = [
        place
        for place, mistake in enumerate(card.mistakes)
        if true in (ANY, mistake.label) and read in (ANY, mistake.top[0][0])
    ]
    if order == "least":
        return places[::-1]
    if order == "by-digit":
        return sorted(places, key=lambda place: (card.mistakes[place].label, card.mistakes[place].top[0][0]))
    return places


def intro(card: Card, t: Texts) -> str:
    """How many of the test digits the network reads wrong."""
    test = card.metrics["test"]
    low, high = test["interval"]
    text = t(
        "mistakes.intro",
        total=test["total"],
        model=escape(card.model),
        wrong=test["total"] - test["right"],
        accuracy=f"{test['accuracy']:.2%}",
        low=f"{low:.2%}",
        high=f"{high:.2%}",
    )
    return f'<p class="intro">{text}</p>'


def matrix(card: Card, t: Texts) -> str:
    """The confusion matrix, its wrong cells as buttons."""
    table = confusion_table(card.confusion, _button, caption=t("mistakes.matrix"))
    return f'<div class="scroll">{table}</div>'


def _button(true: int, read: int, count: int) -> str:
    label = f'aria-label="{true} → {read}: {count}"'
    return f'<button type="button" data-choice="{true}{read}" {label}>{count}</button>' if count else ""


def count(card: Card, places: list[int], t: Texts) -> str:
    """How many of the mistakes are shown."""
    shown = min(len(places), MOST_TILES)
    text = t("mistakes.shown", shown=shown, total=len(card.mistakes)) if places else t("mistakes.none")
    return f'<p class="advice">{escape(text)}</p>'


def tiles(card: Card, pictures: Pixels, places: list[int]) -> str:
    """A button for each, with its picture and caption; the choice is its place in the card's list."""
    buttons = "".join(
        f'<button type="button" data-choice="{place}"><img src="{data_uri(pictures[place])}" alt="">'
        f"<span>{escape(caption(card.mistakes[place]))}</span></button>"
        for place in places[:MOST_TILES]
    )
    return f'<div class="gallery">{buttons}</div>'


def caption(mistake: Mistake) -> str:
    """Such as ``4 → 9 · 98.2 %``, with a mark where the label is disputed."""
    label, score = mistake.top[0]
    return f"{mistake.label} → {label} · {percent(score)}{' ⚑' * mistake.disputed}"


def nothing_chosen(t: Texts) -> str:
    """What stands in the place of a mistake before one is chosen."""
    return f'<section class="mistake is-empty"><p>{escape(t("mistakes.choose"))}</p></section>'


def detail(mistake: Mistake, picture: Pixels, t: Texts) -> str:
    """One misclassified test digit, enlarged, with its three likeliest labels."""
    bars = "".join(bar(label, score) for label, score in mistake.top)
    note = f'<p class="advice">⚑ {escape(t("mistakes.disputed"))}</p>' if mistake.disputed else ""
    return (
        f'<section class="mistake" aria-live="polite"><img src="{data_uri(picture)}" alt="{t("mistakes.image")}">'
        f"<div><p><strong>{escape(t('mistakes.one', mistake.label, mistake.top[0][0]))}</strong></p>"
        f'<p class="advice">{escape(t("mistakes.index", mistake.index))}</p>{note}<ol class="bars">{bars}</ol></div>'
        "</section>"
    )
