"""What forecasts and pages read of recourse agreements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from django.db.models import Prefetch, Q

from engine.recourse import Party, agreement_at, signed_from
from investments.models import BorrowingFramework, RecourseAgreement, RecourseParty
from web.ordering import in_swedish

# A municipality is called what its customer is.
PARTIES = RecourseParty.objects.select_related("municipality__customer")


def find_recourse(framework: BorrowingFramework) -> RecourseAgreement | None:
    """Return a framework's recourse agreement with its parties, None while it has none."""
    rows = RecourseAgreement.objects.filter(framework=framework).select_related("replaces__framework", "framework")
    return rows.prefetch_related(Prefetch("parties", PARTIES)).first()


def list_parties_at(on: date) -> list[RecourseParty]:
    """Return the parties of the recourse agreement in force on a day; none while none has all its signatures."""
    by_agreement: dict[int, list[RecourseParty]] = {}
    for row in PARTIES.select_related("agreement").order_by("agreement_id", in_swedish("municipality__name")):
        by_agreement.setdefault(row.agreement_id, []).append(row)
    told = [to_engine_parties(rows) for rows in by_agreement.values()]
    found = agreement_at(told, on)
    return next((rows for rows, parties in zip(by_agreement.values(), told, strict=True) if parties is found), [])


def recourse_in_force_from(agreement: RecourseAgreement) -> date | None:
    """Return when the last party signed; None while one has not."""
    return signed_from(to_engine_parties(agreement.parties.all()))


def list_replaceable(framework: BorrowingFramework) -> list[RecourseAgreement]:
    """Return the agreements that a framework's own may replace: others, which no other replaces."""
    rows = RecourseAgreement.objects.exclude(framework=framework).select_related("framework")
    return list(rows.filter(Q(replaced_by=None) | Q(replaced_by__framework=framework)))


def to_engine_parties(parties: Iterable[RecourseParty]) -> list[Party]:
    """Return the parties as the engine's values; a municipality is known by its key."""
    return [Party(str(row.municipality_id), Fraction(row.share_percent), row.signed_on) for row in parties]
