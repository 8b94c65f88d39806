"""Moments as forms and addresses carry them."""

from datetime import UTC, datetime


def read_instant(text: str) -> datetime:
    """Return a moment as ISO 8601 writes it, with its zone if it has one.

    ValueError when it is none, or has no place in UTC: the first and last hours of time do not, in zones beside it.
    """
    moment = datetime.fromisoformat(text)
    try:
        moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{text} is beyond the ends of time") from error
    return moment
