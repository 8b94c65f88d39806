"""The council package: composed, edited, frozen when sent, each council's steps, and what waits for whom."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from desk.council_package.words import Line, list_lines, list_thoughts, say_chart
from engine.councils import Wait
from forecasts.selectors import list_framework_states
from forecasts.selectors.councils import PackageState, find_framework_state, load_package_state
from investments.models import BorrowingFramework, CouncilDecision, CouncilPackage, PackageCouncil, RecourseParty
from investments.services.frameworks import record_council_decision
from investments.services.packages import save_package_text, send_package
from investments.services.recourse import sign_agreement
from itsam.demo.loader import DATA
from itsam.demo.packages import read_packages
from itsam.demo.reader import Reader
from objects.models import Municipality, RoleAssignment
from records.models import OutboxMessage, StoredFile
from tests.cast import client_of, get_user

pytestmark = pytest.mark.django_db
MKR = 100_000_000
TODAY = date(2026, 5, 12)
# As drawn: council's code, decision, notice, signature.
DECIDED = [
    ("0509", date(2026, 4, 20), date(2026, 4, 23), date(2026, 5, 6)),
    ("0560", date(2026, 4, 27), date(2026, 4, 28), date(2026, 5, 7)),
    ("0512", date(2026, 4, 27), date(2026, 4, 30), None),
]


def proposed() -> BorrowingFramework:
    framework: BorrowingFramework = BorrowingFramework.objects.get(decided_by__kind="propose_framework")
    return framework


def url(rest: str = "", framework: BorrowingFramework | None = None) -> str:
    return f"/frameworks/{(framework or proposed()).uuid}/package/{rest}"


def member(code: str) -> Municipality:
    found: Municipality = Municipality.objects.get(code=code)
    return found


def decide_as_drawn() -> None:
    for code, decided_on, announced_on, signed_on in DECIDED:
        days = {"decided_on": decided_on, "announced_on": announced_on}
        row = CouncilDecision(framework=proposed(), municipality=member(code), **days)
        record_council_decision(row, by=get_user("ekonom"))
        if signed_on is not None:
            party = RecourseParty.objects.get(agreement__framework=proposed(), municipality__code=code)
            sign_agreement(party, signed_on, by=get_user("ekonom"))


def as_of(on: date) -> PackageState:
    state = find_framework_state(list_framework_states(get_user("ekonom")), proposed().uuid)
    assert state is not None
    return load_package_state(get_user("ekonom"), state, on)


def lines(on: date = TODAY) -> dict[str, Line]:
    return {line.step.municipality.name: line for line in list_lines(as_of(on))}


def later_framework() -> BorrowingFramework:
    framework: BorrowingFramework = BorrowingFramework.objects.create(
        amount_ore=150 * MKR, right_to_borrow_ore=160 * MKR, replaces=proposed()
    )
    return framework


def begin(client: Client | None = None) -> CouncilPackage:
    framework = later_framework()
    response = (client or client_of("ekonom", "en")).post(url("begin/", framework))
    assert response.status_code == 302
    package: CouncilPackage = CouncilPackage.objects.get(framework=framework)
    return package


def send(package: CouncilPackage, *codes: str, on: date | None = None) -> None:
    councils = list(Municipality.objects.filter(code__in=codes))
    send_package(package, councils, sent_on=on or timezone.localdate(), files=[], by=get_user("ekonom"))


# What waits for whom


def test_demo_holds_the_published_clauses_with_assumed_days_and_no_decision() -> None:
    package = CouncilPackage.objects.get(framework=proposed())
    assert package.provenance == "published" and package.sent_at is not None and len(package.clauses) == 7
    assert "130 000 000 kr" in package.clauses[1] and "ränta och kostnader" in package.clauses[1]
    assert set(package.councils.values_list("provenance", flat=True)) == {"assumed"}
    assert not proposed().council_decisions.exists()
    assert sum(party.share_percent for party in RecourseParty.objects.all()) == 100


def test_steps_are_as_drawn_and_say_what_each_council_waits_for() -> None:
    decide_as_drawn()
    found = {name: [(cell.state, cell.text) for cell in line.cells] for name, line in lines().items()}
    assert list(found) == ["Ödeshög", "Boxholm", "Ydre", "Åtvidaberg", "Vimmerby"]
    done, plan = "done", "plan"
    assert found["Ödeshög"] == [
        (done, "2 april"),
        (done, "20 april"),
        (done, "23 april"),
        (plan, "16 maj"),
        (done, "6 maj"),
    ]
    assert found["Ydre"][3:] == [(plan, "22 maj"), ("wait", "väntar")]
    assert found["Vimmerby"] == [(done, "7 april"), (plan, "25 maj"), (plan, "29 maj"), (plan, "23 juni"), (plan, "–")]
    assert [line.waits_for for line in lines().values()] == [
        "Tiden för överklagande, till 15 maj",
        "Tiden för överklagande, till 19 maj",
        "Kommunen: skriva under regressavtalet",
        "Fullmäktige: besluta 20 maj",
        "Fullmäktige: besluta 25 maj",
    ]


def test_the_last_council_decides_the_day_and_what_to_look_out_for_says_so() -> None:
    decide_as_drawn()
    state = as_of(TODAY)
    assert state.earliest_on == date(2026, 6, 23) and [step.municipality.name for step in state.last] == ["Vimmerby"]
    assert say_chart(state) == "Vimmerby blir sist och avgör dagen"
    told = {thought.words: thought.note for thought in list_thoughts(state, [], None)}
    assert told["Ydre har inte skrivit under regressavtalet"] == "Det gamla avtalet gäller till alla 5 har gjort det."
    assert told["Vimmerby avgör dagen"] == "Anslås beslutet efter 1 juni flyttas 23 juni framåt."
    assert "Vimmerby och Åtvidaberg har kvar att besluta" in told


def test_planned_day_becomes_done_when_it_is_registered_and_late_when_it_has_passed() -> None:
    assert lines(date(2026, 5, 26))["Vimmerby"].step.wait == Wait.LATE_DECISION
    assert lines(date(2026, 5, 26))["Vimmerby"].cells[1].state == "wait"
    row = CouncilDecision(framework=proposed(), municipality=member("0884"), decided_on=date(2026, 5, 25))
    record_council_decision(row, by=get_user("ekonom"))
    line = lines(date(2026, 5, 26))["Vimmerby"]
    assert line.cells[1].state == "done" and line.step.wait == Wait.NOTICE
    assert line.waits_for == "Kommunen: anslå beslutet"


def test_page_shows_everybody_what_waits_and_the_officer_what_waits_for_the_own_municipality() -> None:
    decide_as_drawn()
    with patch("django.utils.timezone.localdate", return_value=TODAY):
        page = client_of("direktion").get(url()).content.decode()
        assert "23 juni" in page and "av 5 har beslutat" in page and "Vimmerby blir sist och avgör dagen" in page
        assert url("send/") not in page and url("councils/0884/") not in page
        own = client_of("vimmerby").get(url())
        assert [line.step.municipality.name for line in own.context["own"]] == ["Vimmerby"]
        assert "Det här väntar på Vimmerby" in own.content.decode()
        assert not client_of("ekonom").get(url()).context["own"]


def test_decision_and_loans_lead_to_the_package() -> None:
    decision = proposed().decided_by
    assert decision is not None
    assert url() in client_of("direktion", "en").get(f"/decisions/{decision.uuid}/").content.decode()
    loans = client_of("direktion", "en").get("/budgets/budget-2027/loans/").content.decode()
    assert f"/frameworks/{proposed().uuid}/" in loans


def test_decision_that_is_registered_from_the_package_leads_back_to_it() -> None:
    decision = proposed().decided_by
    assert decision is not None
    address = f"/decisions/{decision.uuid}/councils/0884/"
    assert f"{address}?next={url()}" in client_of("ekonom", "en").get(url("councils/0884/")).content.decode()
    typed = {"decided_on": "2026-05-25"}
    assert client_of("ekonom").post(f"{address}?next={url()}", typed)["Location"] == url()
    away = client_of("ekonom").post(f"{address}?next=https://example.com/", {"announced_on": "2026-05-26"})
    assert away["Location"] == f"/decisions/{decision.uuid}/"


# The text


def test_text_is_composed_of_what_is_entered_and_edited_until_it_is_sent() -> None:
    client = client_of("ekonom", "en")
    package = begin(client)
    clauses = [clause.replace("\u00a0", " ") for clause in package.clauses]
    assert len(clauses) == 7 and "högst 160 000 000 kr" in clauses[0]
    assert "sammanlagt 150 000 000 kr, jämte ränta och kostnader" in clauses[1] and "Ingen borgensavgift" in clauses[2]
    assert all(name in clauses[3] for name in ("Boxholm", "Vimmerby", "Ydre", "Åtvidaberg", "Ödeshög"))
    assert "130 000 000 kr" in clauses[5] and "alla 5 medlemskommuner" in clauses[6]
    address = url("text/", package.framework)
    seen = client.get(address).context["form"]["seen"].value()
    assert client.post(address, {"text": "Förbundet får låna.", "seen": seen}).status_code == 302
    stale = client.post(address, {"text": "Annat.", "seen": seen})
    assert stale.status_code == 422 and "Förbundet får låna." in stale.content.decode()
    package.refresh_from_db()
    assert package.clauses == ["Förbundet får låna."]
    assert CouncilPackage.objects.filter(framework=package.framework).count() == 1
    assert client.post(url("begin/", package.framework)).status_code == 302
    package.refresh_from_db()
    assert package.clauses == ["Förbundet får låna."]


def test_draft_of_a_package_is_not_found_outside_the_federation() -> None:
    package = begin()
    assert client_of("direktion").get(url("", package.framework)).status_code == 200
    for rest in ("", "whole/", "papers/proposal/"):
        assert client_of("vimmerby").get(url(rest, package.framework)).status_code == 404
    send(package, "0884")
    assert client_of("vimmerby").get(url("", package.framework)).status_code == 200


def test_sending_freezes_the_text_and_keeps_the_documents_as_they_were() -> None:
    client, package = client_of("ekonom", "en"), begin()
    address = url("send/", package.framework)
    assert "frozen" in client.get(address).content.decode()
    uuids = [str(row.uuid) for row in Municipality.objects.filter(code__in=("0884", "0512"))]
    response = client.post(address, {"councils": uuids, "sent_on": timezone.localdate().isoformat()})
    assert response.status_code == 302
    package.refresh_from_db()
    assert package.sent_at is not None
    assert set(package.councils.exclude(sent_on=None).values_list("municipality__code", flat=True)) == {"0884", "0512"}
    kept = sorted(StoredFile.objects.filter(about=package.uuid).values_list("name", flat=True))
    assert kept == ["Förslag till beslut, text att klistra in.docx", "Låneprognos.docx"]
    package.text = "Något annat."
    with pytest.raises(ValidationError):
        save_package_text(package, by=get_user("ekonom"))
    assert client.post(url("text/", package.framework), {"text": "Annat."}).status_code == 422
    for change in ({"text": "Annat."}, {"sent_at": None}, {"framework": proposed()}):
        with pytest.raises(IntegrityError, match="keeps its text"), transaction.atomic():
            CouncilPackage.objects.filter(pk=package.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        package.delete()
    file = StoredFile.objects.filter(about=package.uuid).earliest("pk")
    assert client.post(url(f"documents/{file.uuid}/remove/", package.framework)).status_code == 422


def test_package_without_a_text_or_a_council_is_not_sent() -> None:
    client, package = client_of("ekonom", "en"), begin()
    CouncilPackage.objects.filter(pk=package.pk).update(text=" \n ")
    address, today = url("send/", package.framework), timezone.localdate().isoformat()
    uuid = str(member("0884").uuid)
    refused = client.post(address, {"councils": [uuid], "sent_on": today})
    assert refused.status_code == 422 and "The package has no text" in refused.content.decode()
    assert "id_councils_error" in refused.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        CouncilPackage.objects.filter(pk=package.pk).update(sent_at=timezone.now())
    with pytest.raises(IntegrityError, match="frozen before"), transaction.atomic():
        PackageCouncil.objects.create(package=package, municipality=member("0884"), sent_on=timezone.localdate())
    CouncilPackage.objects.filter(pk=package.pk).update(text="Ja.")
    assert "Choose at least one council" in client.post(address, {"sent_on": today}).content.decode()
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert client.post(address, {"councils": [uuid], "sent_on": tomorrow}).status_code == 422
    assert not package.councils.exists()


# The plan


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"sent_on": "2026-04-02", "planned_on": "2026-04-01"}, "planned_on", "before the package was sent"),
        (
            {"planned_on": "2028-05-02", "planned_notice_on": "2028-05-01"},
            "planned_notice_on",
            "before the council decides",
        ),
        ({"planned_notice_on": "2028-05-01"}, "planned_on", "comes before its notice"),
        ({"planned_on": "i maj"}, "planned_on", ""),
    ],
)
def test_days_that_run_backwards_are_told_at_their_field(typed: dict[str, str], field: str, words: str) -> None:
    asked = {f"{name}-asked": value for name, value in typed.items()}
    page = client_of("ekonom", "en").post(url("councils/0884/"), typed | asked)
    assert page.status_code == 422
    assert f"id_{field}_error" in page.content.decode() and words in page.content.decode()


def test_planned_day_is_registered_and_stands_as_entered() -> None:
    client, day = client_of("ekonom", "en"), timezone.localdate() + timedelta(days=30)
    assert "assumed" in client.get(url("councils/0884/")).content.decode()
    typed = {"sent_on": "2026-04-07", "planned_on": day.isoformat(), "planned_notice_on": ""}
    assert client.post(url("councils/0884/"), typed).status_code == 302
    row = PackageCouncil.objects.get(package__framework=proposed(), municipality__code="0884")
    assert (row.planned_on, row.provenance) == (day, "entered")
    with pytest.raises(IntegrityError), transaction.atomic():
        PackageCouncil.objects.filter(pk=row.pk).update(planned_on=date(2026, 4, 1))
    assert client.get(url("councils/0513/")).status_code == 404


@pytest.mark.parametrize("name", ["direktion", "kommundirektor", "vimmerby", "revisor"])
def test_others_change_nothing(name: str) -> None:
    client = client_of(name)
    for rest in ("text/", "send/", "councils/0884/", "remind/", "documents/new/"):
        assert client.get(url(rest)).status_code == 403 and client.post(url(rest), {}).status_code == 403
    assert client.post(url("begin/")).status_code == 403
    assert client_of("utan.roll").get(url()).status_code == 404


# Documents


def texts_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
    return "\n".join(text for node in root.iter() if node.tag.endswith("}t") and (text := node.text))


def test_papers_are_word_files_in_swedish_for_every_reader() -> None:
    client = client_of("vimmerby", "en")
    proposal = texts_of(client.get(url("papers/proposal/")).content)
    assert "Förslag till beslut i fullmäktige" in proposal and "ränta och kostnader" in proposal and "§ 18" in proposal
    agreement = texts_of(client.get(url("papers/agreement/")).content)
    assert "37,4083 %" in agreement and "Underskrift" in agreement
    assert "2026" in texts_of(client.get(url("papers/forecast/")).content)
    assert client.get(url("papers/rumour/")).status_code == 404


def test_whole_package_holds_all_documents_once() -> None:
    client = client_of("ekonom", "en")
    pdf = SimpleUploadedFile("Tjänsteskrivelse.pdf", b"%PDF-1.7 a", "application/pdf")
    assert client.post(url("documents/new/"), {"file": pdf}).status_code == 302
    file = StoredFile.objects.get(name="Tjänsteskrivelse.pdf")
    response = client.get(url("whole/"))
    assert "zip" in response["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as package:
        assert sorted(package.namelist()) == [
            "Förslag till beslut, text att klistra in.docx",
            "Låneprognos.docx",
            "Regressavtal, för underskrift.docx",
            "Tjänsteskrivelse.pdf",
        ]
        assert package.read("Tjänsteskrivelse.pdf") == b"%PDF-1.7 a"
    assert client_of("vimmerby").get(url(f"documents/{file.uuid}/")).status_code == 200
    assert client.get(url(f"documents/{file.uuid}/", later_framework())).status_code == 404


# Reminders, and the demo's file


def test_officers_of_the_municipalities_it_waits_for_are_reminded_once_a_day() -> None:
    client, before = client_of("ekonom", "en"), OutboxMessage.objects.count()
    page = client.get(url("remind/")).content.decode()
    assert escape("Nobody of the municipality has a role here") in page and "Vimmerby" in page
    for _again in range(2):
        assert client.post(url("remind/")).status_code == 302
    (message,) = OutboxMessage.objects.order_by("-pk")[: OutboxMessage.objects.count() - before]
    assert message.recipient in {row.user for row in RoleAssignment.objects.filter(municipality__code="0884")}
    assert "Vimmerby" in message.subject and url() in message.body


def test_demo_file_with_bad_cells_is_told_by_row_and_field(tmp_path: Any) -> None:
    for file in DATA.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    text = (tmp_path / "package_councils.csv").read_text().replace("2026-04-20", "i april", 1).replace("0884", "9999")
    (tmp_path / "package_councils.csv").write_text(text)
    reader = Reader(tmp_path)
    read_packages(reader)
    assert len(reader.problems) == 2 and all("package_councils.csv" in problem for problem in reader.problems)


def test_sent_text_is_that_of_the_demo_by_every_door() -> None:
    with pytest.raises(IntegrityError, match="keeps its text"), transaction.atomic():
        CouncilPackage.objects.update(text="Något annat.")
