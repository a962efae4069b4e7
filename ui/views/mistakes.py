"""The misclassified test digits as HTML: their confusion matrix, their gallery, one of them in detail."""

from __future__ import annotations

from markupsafe import Markup

from model.preprocess.picture import Pixels
from model.reading.reading import percent
from model.reading.store import Card, Mistake
from ui.texts import Texts
from ui.views.confusion import confusion
from ui.views.figures import bars, note
from ui.views.render import render

#: A gallery of more mistakes is slow to open.
MOST_TILES = 96
LABELS = tuple("0123456789")
#: The choice of a filter that leaves every digit.
ANY = "any"
#: The choices of an order.
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
    text = Markup(t.raw("mistakes.intro")).format(  # of which the markup is ours; what is filled in is escaped
        total=test["total"],
        model=card.model,
        wrong=test["total"] - test["right"],
        accuracy=f"{test['accuracy']:.2%}",
        low=f"{low:.2%}",
        high=f"{high:.2%}",
    )
    return note("intro", text)


def matrix(card: Card, t: Texts) -> str:
    """The confusion matrix, its wrong cells as buttons."""
    return render("matrix.html", t=t, confusion=confusion(card.confusion))


def count(card: Card, places: list[int], t: Texts) -> str:
    """How many of the mistakes are shown."""
    shown = min(len(places), MOST_TILES)
    text = t("mistakes.shown", shown=shown, total=len(card.mistakes)) if places else t("mistakes.none")
    return note("advice", text)


def tiles(card: Card, pictures: Pixels, places: list[int]) -> str:
    """A button for each, with its picture and caption; the choice is its place in the card's list."""
    shown = [
        {"place": place, "picture": pictures[place], "caption": caption(card.mistakes[place])}
        for place in places[:MOST_TILES]
    ]
    return render("gallery.html", tiles=shown)


def caption(mistake: Mistake) -> str:
    """Such as ``4 → 9 · 98.2 %``, with a mark where the label is disputed."""
    label, score = mistake.top[0]
    return f"{mistake.label} → {label} · {percent(score)}{' ⚑' * mistake.disputed}"


def nothing_chosen(t: Texts) -> str:
    """What stands in the place of a mistake before one is chosen."""
    return render("empty.html", tag="section", kind="mistake", text=t("mistakes.choose"))


def detail(mistake: Mistake, picture: Pixels, t: Texts) -> str:
    """One misclassified test digit, enlarged, with its three likeliest labels."""
    return render("mistake.html", t=t, mistake=mistake, picture=picture, rows=bars(mistake.top))
