"""Run in a process of its own, whose site has the throw-away app: uses the model as services and pages would.

Prints what came of it as JSON.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any

import django

django.setup()

from django.db import DatabaseError, transaction  # noqa: E402
from django.utils.translation import override  # noqa: E402

from accounts.models import User  # noqa: E402
from budgets.models import Budget, SubBudget  # noqa: E402
from forecasts.services.versions import copy_forward  # noqa: E402
from history.nouns import load_kinds  # noqa: E402
from history.stories import tell_budget, tell_person  # noqa: E402
from itsam.demo.loader import is_empty  # noqa: E402
from records.reasons import Reason  # noqa: E402
from records.services import change  # noqa: E402
from tests.pledge.models import Pledge, PledgePart  # noqa: E402

BY = "ekonom@demo.example"


def main() -> None:
    """Adds a pledge, changes it, and copies its budget."""
    source, by = Budget.objects.get(slug="budget-2027"), User.objects.get(email=BY)
    sub_budget = SubBudget.objects.filter(budget=source).earliest("pk")
    with change(by=BY, reason=Reason.SAID, words="it was promised"):
        pledge = Pledge.objects.create(budget=source, sub_budget=sub_budget, name="The coast pays", amount_ore=100_00)
        PledgePart.objects.create(pledge=pledge, payer="Västervik")
    with change(by=BY, reason=Reason.SAID, words="and paid"):
        Pledge.objects.filter(pk=pledge.pk).update(state=Pledge.State.PAID)
    target = copy_forward(source, slug="next", name="Next", on=date(2026, 6, 1), by=BY)
    copied = Pledge.objects.get(budget=target)
    with override("en"):
        found = {
            "keys": sorted(key for key in load_kinds() if key.startswith("pledge")),
            "story": [tell(change) for change in tell_budget(source, by) if change.kind.key.startswith("pledge")],
            "of_person": len([found for found in tell_person(by, by) if found.kind.key.startswith("pledge")]),
            "outside": tell_budget(source, User.objects.get(email="vimmerby@demo.example")).inside,
            "copied": [copied.lineage == pledge.lineage, copied.name, copied.amount_ore, copied.state],
            "copied_home": copied.sub_budget == SubBudget.objects.get(budget=target, lineage=sub_budget.lineage),
            "parts": [part.payer for part in copied.parts.all()],
            "seen_by_outsider": Pledge.objects.visible_to(User.objects.get(email="utan.roll@demo.example")).count(),
            "refused": [refuses(Pledge), refuses(PledgePart)],
            "is_empty": is_empty(),
        }
    json.dump(found, sys.stdout)


def tell(change: Any) -> list[str]:
    """What a page says of a change."""
    fields = "; ".join(f"{field.label}: {field.old} → {field.new}" for field in change.fields)
    return [str(change.what), str(change.kind.label), change.name, change.place, fields, change.reason]


def refuses(model: Any) -> bool:
    """Whether the site may not change the history of a model."""
    try:
        with transaction.atomic():
            model.pgh_event_models["insert"]._default_manager.update(pgh_label="never")
    except DatabaseError as error:
        return "permission denied" in str(error)
    return False


main()
