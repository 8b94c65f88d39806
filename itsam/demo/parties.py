"""The demo's federation, customers, municipalities, governance objects and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from itsam.demo.minutes import APPROVED_ON, MEETING_ON, NOTICED_ON, full_text
from itsam.demo.reader import Reader, Row
from itsam.demo.texts import TEXTS
from objects.models import Customer, Decision, Federation, GovernanceObject, Inhabitants, Municipality
from records.models import Provenance

FEDERATION = "federation"
COUNTED_ON = date(2025, 11, 1)
# Whoever buys used equipment is not known; one customer stands for them all.
BUYER = "Köpare av begagnad utrustning"

# What the file says of decisions in English, as a Swedish register says it.
WORDS = {
    "Årsbokslut 2025 (new decision: the cash flow statement was adjusted)": (
        "Årsbokslut 2025 (nytt beslut: kassaflödesanalysen är justerad)"
    ),
    "Borgensram 80 000 tkr (member councils decide early 2025)": (
        "Borgensram 80 000 tkr (fullmäktige beslutar i början av 2025)"
    ),
}
NOTES = {
    "date and paragraph not published": "Dag och paragraf är inte publicerade",
    "adopted; supersedes an earlier decision": "Antaget; ersätter ett tidigare beslut",
    "adopted": "Antaget",
    "proposed to the five councils": "Föreslås för de fem kommunfullmäktige",
    "noted": "Till handlingarna",
}


@dataclass(frozen=True)
class PartyRows:
    """Checked rows, ready to write."""

    federation: Federation
    municipalities: list[tuple[Customer, Municipality, Inhabitants]]
    objects: list[GovernanceObject]
    decisions: list[Decision]


MUNICIPALITY = ("municipality_code", "name", "county", "member_from", "member_to")
DECISION = ("body", "meeting_on", "paragraph", "registry_no", "kind", "text_sv", "state")


def read_parties(reader: Reader) -> PartyRows:
    """Read and checks the parties' files."""
    parties = {
        row.text("code"): row
        for row in reader.rows(
            "assumed_parties.csv", "code", "name", "organisation_number", "inhabitants", key=("code",)
        )
    }
    municipalities = reader.rows("municipalities.csv", *MUNICIPALITY, key=MUNICIPALITY[:1])
    objects = reader.rows("objects.csv", "code", "name_sv", "name_en", "object_type", key=("code",))
    decisions = reader.rows("decisions.csv", *DECISION)
    planned = reader.rows("planned_decisions.csv", "body", "kind", "text_sv")
    return PartyRows(
        _federation(reader, parties.get(FEDERATION)),
        [_municipality(row, parties) for row in municipalities],
        [_object(row, position) for position, row in enumerate(objects, 1)],
        [*(_decision(row) for row in decisions), *(_planned(row) for row in planned)],
    )


def _federation(reader: Reader, row: Row | None) -> Federation:
    if row is None:
        reader.problems.append("assumed_parties.csv: federation")
        return Federation()
    return Federation(
        pk=1,
        name=row.text("name"),
        organisation_number=row.text("organisation_number"),
        bankgiro=row.text("bankgiro", required=False),
        provenance=Provenance.ASSUMED,
        note=row.text("note", required=False, longest=240),
    )


def _municipality(row: Row, parties: dict[str, Row]) -> tuple[Customer, Municipality, Inhabitants]:
    code = row.known("municipality_code", parties)
    party = parties.get(code, row)
    left_on = row.day("member_to")
    customer = Customer(
        kind=Customer.Kind.FORMER_MEMBER if left_on else Customer.Kind.MEMBER,
        name=party.text("name"),
        organisation_number=party.text("organisation_number", required=False),
        gln=party.text("gln", required=False),
        provenance=Provenance.ASSUMED,
    )
    municipality = Municipality(
        customer=customer,
        code=code,
        name=row.text("name"),
        county=row.text("county"),
        member_from_on=row.day("member_from"),
        member_to_on=left_on,
        note=row.text("note", required=False, longest=240),
    )
    count = party.whole("inhabitants", least=1) or 0
    return (
        customer,
        municipality,
        Inhabitants(municipality=municipality, counted_on=COUNTED_ON, count=count, provenance=Provenance.ASSUMED),
    )


def _object(row: Row, position: int) -> GovernanceObject:
    slug = row.text("code")
    text_sv, text_en = TEXTS.get(slug, ("", ""))
    return GovernanceObject(
        slug=slug,
        name_sv=row.text("name_sv"),
        name_en=row.text("name_en"),
        kind=row.known("object_type", GovernanceObject.Kind.values),
        has_own_budget=row.known("has_own_budget", ("yes", "no")) == "yes",
        position=position,
        text_sv=text_sv,
        text_en=text_en,
    )


def _decision(row: Row) -> Decision:
    text, note = row.text("text_sv"), row.text("state", required=False)
    meeting_on, paragraph = row.day("meeting_on"), row.whole("paragraph", least=1)
    has_minutes = meeting_on == MEETING_ON
    return Decision(
        body=row.known("body", Decision.Body.values),
        kind=row.known("kind", Decision.Kind.values),
        meeting_on=meeting_on,
        paragraph=paragraph,
        approved_on=APPROVED_ON if has_minutes else None,
        noticed_on=NOTICED_ON if has_minutes else None,
        registry_no=row.text("registry_no", required=False),
        text=full_text(WORDS.get(text, text), meeting_on, paragraph),
        state=NOTES.get(note, note),
        provenance=Provenance.PUBLISHED,
    )


def _planned(row: Row) -> Decision:
    return Decision(
        stage=Decision.Stage.PLANNED,
        body=row.known("body", Decision.Body.values),
        kind=row.known("kind", Decision.Kind.values),
        text=row.text("text_sv"),
        provenance=Provenance.ASSUMED,
    )


def create_parties(rows: PartyRows) -> None:
    """Write them."""
    rows.federation.save()
    for customer, municipality, inhabitants in rows.municipalities:
        customer.save()
        municipality.save()
        inhabitants.save()
    Customer.objects.create(kind=Customer.Kind.BUYER, name=BUYER, provenance=Provenance.ASSUMED)
    GovernanceObject.objects.bulk_create(rows.objects)
    Decision.objects.bulk_create(rows.decisions)
