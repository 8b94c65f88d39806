"""The words for how a contract stands."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from objects.models import Contract
from web.numbers import format_quantity

# By state: the mark and the words.
STATES = {
    "due": ("warn", gettext_lazy("decide on notice")),
    "ended": ("bad", pgettext_lazy("contract", "ended")),
    "runs": ("ok", pgettext_lazy("contract", "runs")),
}


def state_of(contract: Contract, today: date) -> str:
    """Return the state of a contract on a day."""
    if contract.has_ended(today):
        return "ended"
    return "due" if contract.is_due(today) else "runs"


def say_clause(contract: Contract) -> str:
    """Return the price clause in words."""
    parts = [contract.index_name] if contract.index_name else []
    if contract.index_month:
        parts.append(_("month %(month)s") % {"month": contract.index_month})
    if contract.index_percent is not None:
        parts.append(_("raised by %(percent)s %% a year") % {"percent": format_quantity(contract.index_percent)})
    return ", ".join(parts) or _("No index: the price stays.")


def say_end(contract: Contract, last_year: int) -> str:
    """Return that a contract ends within a budget's years, empty when it does not."""
    if contract.ends_on is None or contract.ends_on.year > last_year:
        return ""
    return _("The contract ends %(day)s: what it costs after that is not agreed on.") % {"day": contract.ends_on}
