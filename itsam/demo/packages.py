"""The demo's council package: the clauses as the minutes of 26 March 2026 print them, sent and planned by assumption.

No council's decision and no recourse agreement is published; the shares of the one that is to be signed are by inhabitants.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

from engine.money import ORE_PER_TKR, allocate
from investments.models import BorrowingFramework, CouncilPackage, PackageCouncil, RecourseAgreement, RecourseParty
from itsam.demo.minutes import MINUTES
from itsam.demo.reader import Reader, Row
from objects.models import Inhabitants, Municipality
from records.models import Provenance

PARAGRAPH = 18
CLAUSE = re.compile(r"^[a-z]\) (.+)$", re.MULTILINE)
# A share has four decimals of a per cent.
PARTS, PART = 1_000_000, Decimal("0.0001")


@dataclass(frozen=True)
class PackageRow:
    """When a package was sent to a council, and when the council plans to decide and to put up the notice."""

    framework_tkr: int
    municipality_code: str
    sent_on: date
    planned_on: date | None
    planned_notice_on: date | None
    provenance: str


def read_packages(reader: Reader) -> list[PackageRow]:
    """Read and check the file of packages."""
    frameworks = {row.text("amount_tkr") for row in reader.rows("borrowing_frameworks.csv", "amount_tkr")}
    members = {row.text("municipality_code") for row in reader.rows("municipalities.csv", "municipality_code")}
    columns = ("framework_tkr", "municipality_code", "sent_on", "planned_on", "planned_notice_on", "provenance")
    rows = reader.rows("package_councils.csv", *columns, key=("framework_tkr", "municipality_code"))
    return [_read(row, frameworks, members) for row in rows]


def _read(row: Row, frameworks: set[str], members: set[str]) -> PackageRow:
    row.known("framework_tkr", frameworks)
    return PackageRow(
        row.required_whole("framework_tkr"),
        row.known("municipality_code", members),
        row.required_day("sent_on"),
        row.day("planned_on"),
        row.day("planned_notice_on"),
        row.known("provenance", Provenance.values),
    )


def create_packages(rows: Sequence[PackageRow]) -> None:
    """Write the package of each framework, and the recourse agreement that its councils are asked for."""
    members = {row.code: row for row in Municipality.objects.all()}
    for tkr in {row.framework_tkr for row in rows}:
        own = [row for row in rows if row.framework_tkr == tkr]
        framework = BorrowingFramework.objects.get(amount_ore=tkr * ORE_PER_TKR)
        sent = timezone.make_aware(datetime.combine(min(row.sent_on for row in own), time(9)))
        package = CouncilPackage.objects.create(
            framework=framework,
            text="\n".join(CLAUSE.findall(MINUTES[PARAGRAPH])),
            sent_at=sent,
            provenance=Provenance.PUBLISHED,
        )
        PackageCouncil.objects.bulk_create(
            PackageCouncil(
                package=package,
                municipality=members[row.municipality_code],
                sent_on=row.sent_on,
                planned_on=row.planned_on,
                planned_notice_on=row.planned_notice_on,
                provenance=row.provenance,
            )
            for row in own
        )
        _create_agreement(framework, [members[row.municipality_code] for row in own])


def _create_agreement(framework: BorrowingFramework, members: Iterable[Municipality]) -> None:
    counts = dict(Inhabitants.objects.order_by("counted_on").values_list("municipality_id", "count"))
    parties = [row for row in members if counts.get(row.pk)]
    if not parties:
        return
    agreement = RecourseAgreement.objects.create(
        framework=framework, basis="Antal invånare", provenance=Provenance.ASSUMED
    )
    shares = allocate(PARTS, [counts[row.pk] for row in parties])
    RecourseParty.objects.bulk_create(
        RecourseParty(agreement=agreement, municipality=row, share_percent=share * PART)
        for row, share in zip(parties, shares, strict=True)
    )
