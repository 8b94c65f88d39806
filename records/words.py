"""What people call a kind of job."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

KINDS: Final[dict[str, Promise]] = {
    "export": pgettext_lazy("kind of job", "Export"),
    "import": pgettext_lazy("kind of job", "Import"),
    "workbook": pgettext_lazy("kind of job", "Workbook"),
    "document": pgettext_lazy("kind of job", "Document"),
    "billing": pgettext_lazy("kind of job", "Billing run"),
    "calculation": pgettext_lazy("kind of job", "Calculation"),
}


def name_of_kind(code: str) -> str | Promise:
    """Return what people call a kind of job."""
    return KINDS.get(code, code)
