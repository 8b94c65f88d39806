"""How wide texts are, how they break, and how they keep clear of each other, without a browser to ask.

Widths are those of Inter at its regular weight, rounded up to a few classes of letters: what fits by them fits on the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Parts of the font size, with tabular figures; a letter that is in no class is taken for a wide one.
_CLASSES = {
    0.25: "ijl\u202f",
    0.30: "I.,:;'!| \u00a0",
    0.40: "ftr()[]/",
    0.55: "ksx-–",
    0.60: "acehnouvyzFJLåäöéü",
    0.65: "bdgpq0123456789EPRSTZ&",
    0.70: "ABKVXYÅÄ+\u2212±",
    0.80: "CDGHNOQUÖÜ",
    0.90: "mw",
    1.00: "MW%@",
}


class _Widths(dict[str, float]):
    def __missing__(self, letter: str) -> float:
        return 0.80


_WIDTHS = _Widths({letter: width for width, letters in _CLASSES.items() for letter in letters})


def measure(text: str, font: float) -> float:
    """Return a text's width in pixels at a font size."""
    return font * sum(map(_WIDTHS.__getitem__, text))


def wrap(label: str, width: float, font: float) -> list[str]:
    """Return a label in lines of at most `width` pixels, broken at spaces, after / and -, and in a word only when it must."""
    if measure(label, font) <= width:
        return [label]
    lines = [""]
    for part in re.findall(r"[^\s/-]+[/-]*\s*|[/-]+\s*", label):
        if lines[-1] and measure(lines[-1] + part.rstrip(), font) > width:
            lines.append("")
        lines[-1] += part
        while measure(lines[-1].rstrip(), font) > width:
            cut = _count_fitting(lines[-1], width - measure("-", font), font)
            lines[-1:] = [lines[-1][:cut] + "-", lines[-1][cut:]]
    return [line.rstrip() for line in lines]


def _count_fitting(text: str, width: float, font: float) -> int:
    """Return how many of the first letters fit; one at least."""
    return max([1, *(end for end in range(1, len(text)) if measure(text[:end], font) <= width)])


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions `gap` apart from `low` to `high`, in the order of the wanted ones and near them (least squares).

    Where they do not fit, they go beyond `high`. The trick: with `gap` taken off once per rank the positions need only not
    fall, and a run that falls becomes its mean.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    runs: list[list[float]] = []
    for rank, index in enumerate(order):
        runs.append([wanted[index] - gap * rank])
        while len(runs) > 1 and _mean(runs[-2]) > _mean(runs[-1]):
            runs[-2:] = [runs[-2] + runs[-1]]
    top = high - gap * (len(wanted) - 1)
    levels = [max(low, min(top, _mean(run))) for run in runs for _member in run]
    placed = {index: levels[rank] + gap * rank for rank, index in enumerate(order)}
    return [placed[index] for index in range(len(wanted))]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
