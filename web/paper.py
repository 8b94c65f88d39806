"""How a workbook's sheet stands on paper: landscape A4, at most so much smaller, and no block parted that fits a page.

The trick: a program scales a sheet to the paper's width by its columns, so what a reader gets is known from their widths:
texts are made narrower and broken until the sheet keeps its size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

A4 = 9  # as a workbook numbers it
INCHES, HIGH = 11.69, 8.27
SIDE_MARGIN, MARGIN = 0.4, 0.75
# A sheet is printed at this part of its size or larger: a text of 10 points at 8 or more.
LEAST_SCALE = 0.81
PIXELS = 96
POINTS = 72
# What a column of texts keeps of its width, however wide the sheet is, and how many characters at least.
KEPT, LEAST_WIDTH = 0.6, 9.0
ROUND_A_WORD = 2


def scale_of(widths: Iterable[float]) -> float:
    """Return the part of its size at which a sheet with columns of so many characters is printed on one page's width."""
    pixels = sum(map(_pixels, widths))
    return min(1.0, _room() / pixels) if pixels else 1.0


def fit_widths(widths: Sequence[float], leasts: Sequence[float]) -> list[float]:
    """Return columns' widths narrowed, each by the same part of what it can give, so that they fit the paper.

    `leasts` are the widths under which a column may not come. What can't fit is left as narrow as it may be.
    """
    over = sum(map(_pixels, widths)) - _room() / LEAST_SCALE
    spare = [max(0.0, width - least) for width, least in zip(widths, leasts, strict=True)]
    if over <= 0 or not any(spare):
        return list(widths)
    part = min(1.0, over / (7 * sum(spare)))
    # Whole tenths downwards: what is rounded up would not fit.
    return [int(10 * (width - part * give)) / 10 if give else width for width, give in zip(widths, spare, strict=True)]


def least_width(width: float, heading: str) -> float:
    """Return how narrow a column of texts may become: no word of its heading is broken."""
    longest = max(map(len, heading.split()), default=0)
    return min(width, max(LEAST_WIDTH, KEPT * width, longest + ROUND_A_WORD))


def place_breaks(heights: Sequence[float], starts: Iterable[int], repeated: int, scale: float) -> Iterator[int]:
    """Yield the rows, from 1, after which a page ends so that a block that fits a page is not parted.

    `heights` are rows' in points, `starts` the first rows of blocks, and the heads in row `repeated` stand on each page.
    """
    page = (HIGH - 2 * MARGIN) * POINTS / scale
    head = heights[repeated - 1] if 0 < repeated <= len(heights) else 0.0
    bounds = [*sorted({start for start in starts if start > repeated}), len(heights) + 1]
    filled = sum(heights[: bounds[0] - 1])
    for start, end in pairwise(bounds):
        block = sum(heights[start - 1 : end - 1])
        if filled + block > page and head + block <= page:
            yield start - 1
            filled = head
        filled = (filled + block) if filled + block <= page else head + (filled + block - head) % (page - head)


def _pixels(width: float) -> float:
    return 7 * width + 5


def _room() -> float:
    return (INCHES - 2 * SIDE_MARGIN) * PIXELS
