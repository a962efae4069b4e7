"""The misclassified test digits as HTML: the confusion matrix, the gallery, one of them in detail."""

from __future__ import annotations

from markupsafe import Markup

from model.preprocess.picture import Pixels
from model.reading.reading import percent
from model.reading.store import Card, Mistake
from ui.texts import Texts
from ui.views.confusion import confusion
from ui.views.figures import bars, note
from ui.views.render import in_percent, render

#: Pictures in the gallery; with more it is slow to open.
MAX_TILES = 96
#: What a digit may be labelled or read as.
LABELS = tuple("0123456789")
#: The value of a filter that lets every digit through.
ANY = "any"
#: The values of the order: by confidence, descending or ascending, or by digit.
ORDERS = ("most", "least", "by-digit")


def digits(t: Texts) -> list[tuple[str, str]]:
    """The options of a filter, (name, value): any digit, or one."""
    return [(t("mistakes.any"), ANY), *((label, label) for label in LABELS)]


def orders(t: Texts) -> list[tuple[str, str]]:
    """The options of the order, (name, value)."""
    return [(t(f"mistakes.{order}"), order) for order in ORDERS]


def chosen(card: Card, true: str = ANY, read: str = ANY, order: str = "most") -> list[int]:
    """The positions in ``card.mistakes`` of those with that true digit and that read one, in an order of ``ORDERS``.

    ``card.mistakes`` is sorted by confidence, the most confident first.
    """
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
    text = Markup(t.raw("mistakes.intro")).format(  # the string holds markup; Markup escapes what is filled in
        total=test["total"],
        model=card.model,
        wrong=test["total"] - test["right"],
        accuracy=in_percent(test["accuracy"], 2),
        low=in_percent(low, 2),
        high=in_percent(high, 2),
    )
    return note("intro", text)


def matrix(card: Card, t: Texts) -> str:
    """The confusion matrix with its wrong cells as buttons."""
    return render("matrix.html", t=t, confusion=confusion(card.confusion))


def count(card: Card, places: list[int], t: Texts) -> str:
    """How many of the model's mistakes the gallery shows."""
    shown = min(len(places), MAX_TILES)
    text = t("mistakes.shown", shown=shown, total=len(card.mistakes)) if places else t("mistakes.none")
    return note("advice", text)


def tiles(card: Card, pictures: Pixels, places: list[int]) -> str:
    """A button for each mistake with its picture and caption; its choice is the position in ``card.mistakes``."""
    shown = [
        {"place": place, "picture": pictures[place], "caption": caption(card.mistakes[place])}
        for place in places[:MAX_TILES]
    ]
    return render("gallery.html", tiles=shown)


def caption(mistake: Mistake) -> str:
    """Such as ``4 → 9 · 98.2 %``, with a mark where the label is disputed."""
    label, score = mistake.top[0]
    return f"{mistake.label} → {label} · {percent(score)}{' ⚑' * mistake.disputed}"


def nothing_chosen(t: Texts) -> str:
    """Shown instead of a mistake before one is chosen."""
    return render("empty.html", tag="section", kind="mistake", text=t("mistakes.choose"))


def detail(mistake: Mistake, picture: Pixels, t: Texts) -> str:
    """One misclassified test digit, enlarged, with its three likeliest labels."""
    return render("mistake.html", t=t, mistake=mistake, picture=picture, rows=bars(mistake.top))
