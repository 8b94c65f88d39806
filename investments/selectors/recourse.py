"""What forecasts and pages read of recourse agreements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from django.db.models import Q

from engine.recourse import Party, agreement_at, signed_from
from investments.models import BorrowingFramework, RecourseAgreement, RecourseParty


def find_recourse(framework: BorrowingFramework) -> RecourseAgreement | None:
    """Return a framework's recourse agreement with its parties, None while it has none."""
    rows = RecourseAgreement.objects.filter(framework=framework).select_related("replaces__framework", "framework")
    return rows.prefetch_related("parties__municipality__customer").first()


def find_agreement_at(on: date) -> RecourseAgreement | None:
    """Return the recourse agreement in force on a day, with its parties; None while none has all its signatures."""
    rows = list(RecourseAgreement.objects.prefetch_related("parties__municipality__customer"))
    kept = [to_engine_parties(row.parties.all()) for row in rows]
    found = agreement_at(kept, on)
    return next((row for row, parties in zip(rows, kept, strict=True) if parties is found), None)


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
