"""Mail on proposals of products: to who answers them when one is made, and to who made it when it is answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from budgets.models import ProductProposal
from budgets.selectors.mail import list_answerers
from budgets.services.mail import queue, want_at_once
from budgets.words import place_name
from web.addresses import site_address

if TYPE_CHECKING:
    from accounts.models import User

Kind, State = ProductProposal.Kind, ProductProposal.State


def tell_proposal(proposal: ProductProposal) -> None:
    """Tell those who answer proposals and want mail at once that one was made."""
    _tell(proposal, [user for user in list_answerers() if user.pk != proposal.proposed_by_id], proposal.note)


def tell_answer(proposal: ProductProposal) -> None:
    """Tell who made a proposal, and wants mail at once, what came of it."""
    if proposal.answered_by_id != proposal.proposed_by_id:
        _tell(proposal, [proposal.proposed_by], proposal.answer)


def _tell(proposal: ProductProposal, people: Iterable[User], note: str) -> None:
    for user in want_at_once(people):
        with translation.override(user.language):
            shown = {"note": note, "url": proposal_address(proposal)}
            key = f"proposal {proposal.uuid} {proposal.state} {user.pk}"
            queue(user, say_proposal(proposal), "budgets/mail/proposal.txt", shown, key)


def say_proposal(proposal: ProductProposal) -> str:
    """Return who proposed what, or what came of it."""
    names = {
        "name": (proposal.answered_by or proposal.proposed_by).get_full_name(),
        "product": proposal.name,
        "place": place_name(proposal.sub_budget),
    }
    if proposal.state == State.ACCEPTED:
        return _("%(name)s accepted your proposal on %(product)s in %(place)s") % names
    if proposal.state == State.DECLINED:
        return _("%(name)s declined your proposal on %(product)s in %(place)s") % names
    said = {
        Kind.ADD: _("%(name)s proposes the new product %(product)s in %(place)s"),
        Kind.CHANGE: _("%(name)s proposes a change of %(product)s in %(place)s"),
        Kind.END: _("%(name)s proposes that %(product)s ends in %(place)s"),
    }
    return said[Kind(proposal.kind)] % names


def proposal_address(proposal: ProductProposal) -> str:
    """Return the whole address of where a proposal is answered, or seen once it is."""
    if proposal.state == State.OPEN:
        return site_address("answer_proposal", proposal.budget.slug, str(proposal.uuid))
    return site_address("products", proposal.budget.slug)
