"""Where a contract is read."""

from django.urls import reverse


def address_of(uuid: object) -> str:
    """Return a contract's page."""
    return reverse("objects:contract", args=[uuid])
