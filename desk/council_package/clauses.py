"""The clauses that a framework's package proposes, composed from what is entered, in Swedish whoever reads."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from forecasts.selectors import FrameworkState
from pages.words import join
from web.numbers import format_sek

LANGUAGE = "sv"


def compose_text(state: FrameworkState, federation: str) -> str:
    """Return what each council is proposed to decide on a framework (rule 8), one clause a line, for the author to edit."""
    framework = state.framework
    with translation.override(LANGUAGE):
        members = join([council.municipality.name for council in state.councils])
        clauses = [
            _("%(federation)s may, by decision of its board, borrow at most %(amount)s kr for investments.")
            % {"federation": federation, "amount": say_kronor(framework.borrows_ore)},
            _(
                "The municipality stands surety as for its own debt for the federation's loans up to %(amount)s kr in all, with interest and costs on them."
            )
            % {"amount": say_kronor(framework.amount_ore)},
            _say_fee(framework.guarantee_fee_ore),
            _("A new recourse agreement is made between the municipalities %(members)s.") % {"members": members},
            _("The earlier recourse agreement ends when all of them have signed the new one."),
            _say_replaced(framework.replaces.amount_ore if framework.replaces is not None else None),
            _("The decision is valid only if the councils of all %(count)s members decide it.")
            % {"count": len(state.councils)},
        ]
        return "\n".join(clauses)


def say_kronor(ore: int) -> str:
    """Return whole kronor as a text prints them, with spaces that any typeface has."""
    return format_sek(ore, decimals=0).replace("\u202f", "\u00a0")


def letter(clauses: Sequence[str]) -> list[tuple[str, str]]:
    """Return clauses with their letters."""
    return [(f"{chr(ord('a') + number)})", text) for number, text in enumerate(clauses)]


def _say_fee(ore: int) -> str:
    if not ore:
        return _("No guarantee fee is charged.")
    return _("A guarantee fee of %(amount)s kr is charged.") % {"amount": say_kronor(ore)}


def _say_replaced(ore: int | None) -> str:
    if ore is None:
        return _("The decision replaces the council's earlier decisions on surety for the federation.")
    words = _(
        "The decision replaces the council's earlier decision on surety for the federation's loans up to %(amount)s kr."
    )
    return words % {"amount": say_kronor(ore)}
