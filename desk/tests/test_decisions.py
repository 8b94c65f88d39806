"""The register as it is read: what each decision is worth, governs and waits for, the filters, and the next meeting."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from desk.decisions.parts import DecisionRow, list_meetings, load_decision_rows
from engine.decisions import Standing
from investments.models import BorrowingFramework, CouncilDecision
from investments.services.frameworks import record_council_decision
from objects.models import Decision, DecisionCondition, Municipality
from objects.selectors.decisions import list_decisions
from objects.services.decisions import save_decision
from tests.cast import DRAFT, client_of, count_queries, get_user

pytestmark = pytest.mark.django_db
URL = "/decisions/"
LATER = date(2026, 9, 1)


def find(kind: str) -> Decision:
    decision: Decision = Decision.objects.get(kind=kind)
    return decision


def row_of(decision: Decision, *, on: date = LATER, by: str = "ekonom") -> DecisionRow:
    (row,) = load_decision_rows(list_decisions(get_user(by)).filter(pk=decision.pk), get_user(by), on)
    return row


def decide_all(*, but: int = 0) -> None:
    """Every member's council decides on the proposed framework, but the last `but`."""
    framework = BorrowingFramework.objects.get(decided_by__kind="propose_framework")
    members = list(Municipality.objects.filter(member_to_on=None))
    decided = set(framework.council_decisions.values_list("municipality", flat=True))
    for member in [member for member in members[: len(members) - but] if member.pk not in decided]:
        row = CouncilDecision(framework=framework, municipality=member, decided_on=date(2026, 6, 1),
                              announced_on=date(2026, 6, 5))  # fmt: skip
        record_council_decision(row, by=get_user("ekonom"))


# What decisions are worth


def test_decision_on_a_framework_waits_for_the_councils_and_is_in_force_with_the_last() -> None:
    proposed, adopted = find("propose_framework"), find("adopt_framework")
    assert row_of(proposed).standing == Standing.WAITS
    assert row_of(adopted).standing == Standing.IN_FORCE
    decide_all(but=2)
    assert "2" in row_of(proposed).words and "5" in row_of(proposed).words
    decide_all()
    assert row_of(proposed, on=date(2026, 6, 26)).standing == Standing.WAITS
    assert row_of(proposed, on=date(2026, 6, 27)).standing == Standing.IN_FORCE
    assert row_of(adopted, on=date(2026, 6, 26)).standing == Standing.IN_FORCE
    assert row_of(adopted, on=date(2026, 6, 27)).standing == Standing.SUPERSEDED


def test_decision_is_appealable_up_to_the_last_day_of_appeal() -> None:
    decision = find("accession_process")
    Decision.objects.filter(pk=decision.pk).update(noticed_on=None)
    assert row_of(find("accession_process")).standing == Standing.UNKNOWN
    Decision.objects.filter(pk=decision.pk).update(noticed_on=date(2026, 4, 1))
    assert row_of(decision, on=date(2026, 4, 22)).standing == Standing.APPEALABLE
    assert row_of(decision, on=date(2026, 4, 23)).standing == Standing.IN_FORCE
    DecisionCondition.objects.create(decision=decision, text="Avtal finns")
    assert row_of(decision).standing == Standing.WAITS


def test_decision_governs_the_budget_it_adopted_and_the_framework_it_raised() -> None:
    assert [governed.label for governed in row_of(find("adopt_budget")).governs] == ["Budget 2026"]
    (framework,) = row_of(find("propose_framework")).governs
    assert framework.url.startswith("/frameworks/")
    assert client_of("ekonom", "en").get(framework.url).status_code == 200


# The list


def test_what_is_late_with_a_decision_is_told_once() -> None:
    day = timezone.localdate()
    typed = {"text": "Budget fastställs", "kind": "adopt_budget", "stage": "decided", "body": "board",
             "meeting_on": day.isoformat(), "announced_on": day.isoformat()}  # fmt: skip
    page = client_of("ekonom").post("/decisions/new/", typed, follow=True).content.decode()
    assert page.count("0 dagar före") == 1


def test_filters_by_text_body_kind_year_and_state_narrow_the_list() -> None:
    client = client_of("direktion", "en")

    def shown(**query: str) -> set[str]:
        return {row.record.decision.kind for row in client.get(URL, query).context["table"].rows}

    assert shown(q="2026/14") == {"propose_framework"}
    assert shown(kind="adopt_budget") == {"adopt_budget"}
    assert shown(year="2026", state="waits") == {"propose_framework"}
    assert shown(state="planned") == {"information", "other"}
    assert shown(body="council") == set()
    assert len(shown()) > 4


@pytest.mark.parametrize("query", [{"year": "soon"}, {"kind": "rumour"}, {"state": "lost"}, {"body": "king"}])
def test_filter_that_does_not_exist_is_said_and_shows_nothing(query: dict[str, str]) -> None:
    response = client_of("direktion", "en").get(URL, query)
    assert response.status_code == 200
    assert len(response.context["table"].rows) == 0 and response.context["filter"].errors


@pytest.mark.parametrize("column", ["text", "meeting_on", "paragraph", "body", "kind", "words", "governs_label"])
def test_every_column_sorts_both_ways(column: str) -> None:
    for direction in ("", "-"):
        assert client_of("direktion", "en").get(URL, {"sort": f"{direction}{column}"}).status_code == 200


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_list_can_be_taken_out(form: str) -> None:
    response = client_of("ekonom", "en").get(URL, {"export": form})
    assert response.status_code == 200
    if form == "csv":
        text = response.content.decode("utf-8-sig")
        assert "Budget 2026" in text and "<" not in text and "waits for 5 of 5 councils" in text


def test_number_of_queries_does_not_depend_on_the_number_of_decisions() -> None:
    client, counts = client_of("ekonom", "en"), []
    first = find("approve_accounts")
    for many in range(2):
        counts.append(count_queries(client, URL))
        made = Decision.objects.bulk_create(
            Decision(body="board", kind="other", text=f"Ärende {n}", supersedes=first) for n in range(30 * (1 - many))
        )
        DecisionCondition.objects.bulk_create(DecisionCondition(decision=row, text="x") for row in made)
    assert counts[0] == counts[1]


# One decision


@pytest.mark.parametrize("name", ["objektagare", "styrgrupp", "direktion", "revisor", "vimmerby"])
def test_others_read_a_decision_and_find_nothing_that_changes_it(name: str) -> None:
    decision = find("propose_framework")
    text = client_of(name, "en").get(f"{URL}{decision.uuid}/").content.decode()
    assert "Borrowing framework" in text and "Vimmerby" in text
    assert f"{decision.uuid}/change/" not in text and "conditions/new" not in text and "/councils/" not in text


def test_planned_decision_is_not_found_by_an_officer_and_nothing_by_an_outsider() -> None:
    planned = Decision.objects.filter(stage="planned")[0]
    assert client_of("vimmerby", "en").get(f"{URL}{planned.uuid}/").status_code == 404
    assert client_of("objektagare", "en").get(f"{URL}{planned.uuid}/").status_code == 200
    decided = find("propose_framework")
    assert client_of("utan.roll", "en").get(f"{URL}{decided.uuid}/").status_code == 404
    assert len(client_of("utan.roll", "en").get(URL).context["table"].rows) == 0
    assert str(planned.text) not in client_of("vimmerby", "en").get(f"{URL}next-meeting/").content.decode()


def test_decision_page_shows_both_ends_of_a_supersession() -> None:
    proposed, adopted = find("propose_framework"), find("adopt_framework")
    assert f"{URL}{adopted.uuid}/" in client_of("vimmerby", "en").get(f"{URL}{proposed.uuid}/").content.decode()
    assert f"{URL}{proposed.uuid}/" in client_of("vimmerby", "en").get(f"{URL}{adopted.uuid}/").content.decode()


# A council's decision on a framework


def test_economist_enters_a_councils_decision_and_takes_it_back() -> None:
    decision, client = find("propose_framework"), client_of("ekonom", "en")
    address = f"{URL}{decision.uuid}/councils/0884/"
    typed = {"decided_on": "2026-06-01", "announced_on": "2026-06-05"}
    assert client.get(address).status_code == 200
    assert client.post(address, typed).status_code == 302
    saved = CouncilDecision.objects.get(framework__decided_by=decision)
    assert (saved.municipality.code, saved.provenance) == ("0884", "entered")
    assert "4" in row_of(decision).words
    assert client.post(address, {}).status_code == 302
    assert not CouncilDecision.objects.filter(framework__decided_by=decision).exists()


def enter(client: Client, address: str, **typed: str) -> Any:
    """Types over the form as it is now; `seen` is what it was when it was opened."""
    return client.post(address, {"decided_on": "", "announced_on": "", "legal_force_on": "", **typed})


def open_council(client: Client, address: str) -> str:
    seen: str = client.get(address).context["form"]["seen"].value()
    return seen


def days_of(decision: Decision) -> list[tuple[date | None, date | None]]:
    rows = CouncilDecision.objects.filter(framework__decided_by=decision)
    return list(rows.values_list("decided_on", "announced_on"))


def test_councils_days_that_somebody_else_entered_or_changed_meanwhile_are_not_overwritten_silently() -> None:
    decision, mine, theirs = find("propose_framework"), client_of("ekonom", "en"), client_of("administrator", "en")
    address = f"{URL}{decision.uuid}/councils/0884/"
    for before, after in ((date(2026, 6, 1), date(2026, 6, 2)), (date(2026, 6, 3), date(2026, 6, 4))):
        seen = open_council(mine, address)
        their = open_council(theirs, address)
        assert enter(theirs, address, decided_on=before.isoformat(), seen=their).status_code == 302
        response = enter(mine, address, decided_on=after.isoformat(), seen=seen)
        text = response.content.decode()
        assert response.status_code == 422
        assert f"<b>{before}</b>" in text and f"<b>{after}</b>" in text and f'value="{after}"' in text
        assert days_of(decision) == [(before, None)]
        again = response.context["form"]["seen"].value()
        assert enter(mine, address, decided_on=after.isoformat(), seen=again).status_code == 302
        assert days_of(decision) == [(after, None)]


def test_councils_decision_that_somebody_else_took_back_meanwhile_is_told_with_what_was_typed() -> None:
    decision, mine = find("propose_framework"), client_of("ekonom", "en")
    address = f"{URL}{decision.uuid}/councils/0884/"
    assert enter(mine, address, decided_on="2026-06-01").status_code == 302
    seen = open_council(mine, address)
    assert enter(client_of("administrator", "en"), address).status_code == 302
    response = enter(mine, address, decided_on="2026-06-01", announced_on="2026-06-05", seen=seen)
    assert response.status_code == 422
    assert "<b>–</b>" in response.content.decode() and 'value="2026-06-05"' in response.content.decode()
    assert days_of(decision) == []
    again = response.context["form"]["seen"].value()
    assert enter(mine, address, decided_on="2026-06-01", seen=again).status_code == 302
    assert days_of(decision) == [(date(2026, 6, 1), None)]


def test_nothing_changed_meanwhile_saves_at_once_and_bad_days_keep_what_was_seen() -> None:
    decision, client = find("propose_framework"), client_of("ekonom", "en")
    address = f"{URL}{decision.uuid}/councils/0884/"
    seen = open_council(client, address)
    response = enter(client, address, decided_on="2026-06-05", announced_on="2026-06-01", seen=seen)
    assert response.status_code == 422 and response.context["form"]["seen"].value() == seen
    assert enter(client, address, decided_on="2026-06-01", announced_on="2026-06-05", seen=seen).status_code == 302
    assert enter(client, address, decided_on="2026-06-01", seen=open_council(client, address)).status_code == 302
    assert enter(client, address, seen=open_council(client, address)).status_code == 302
    assert days_of(decision) == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"decided_on": "2026-06-01", "announced_on": "2026-05-31"}, "announced_on"),
        ({"announced_on": "2026-06-05", "legal_force_on": "2026-06-04"}, "legal_force_on"),
        ({"decided_on": "tomorrow"}, "decided_on"),
        ({"decided_on": "i maj"}, "decided_on"),
    ],
)
def test_bad_days_of_a_council_are_told_at_their_field(typed: dict[str, str], field: str) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    typed = {name: value.replace("tomorrow", tomorrow) for name, value in typed.items()}
    response = client_of("ekonom", "en").post(f"{URL}{find('propose_framework').uuid}/councils/0884/", typed)
    assert response.status_code == 422
    assert f"id_{field}_error" in response.content.decode()


def test_council_of_another_decision_or_of_no_member_does_not_exist() -> None:
    client = client_of("ekonom", "en")
    assert client.get(f"{URL}{find('adopt_budget').uuid}/councils/0884/").status_code == 404
    assert client.get(f"{URL}{find('propose_framework').uuid}/councils/9999/").status_code == 404


@pytest.mark.parametrize("name", ["objektagare", "direktion", "revisor", "vimmerby"])
def test_only_who_keeps_the_register_enters_a_councils_decision(name: str) -> None:
    address = f"{URL}{find('propose_framework').uuid}/councils/0884/"
    assert client_of(name, "en").get(address).status_code == client_of(name, "en").post(address).status_code == 403
    row = CouncilDecision(framework=BorrowingFramework.objects.all()[0], municipality=Municipality.objects.all()[0])
    with pytest.raises(PermissionDenied):
        record_council_decision(row, by=get_user(name))
    row.decided_on, row.announced_on = date(2026, 2, 2), date(2026, 2, 1)
    with pytest.raises(ValidationError):
        record_council_decision(row, by=get_user("ekonom"))


# The next meeting


def test_planned_decisions_are_listed_by_meeting_with_the_day_to_announce_it() -> None:
    def plan(**values: Any) -> None:
        Decision.objects.create(**{"stage": "planned", "body": "board", "kind": "other", "text": "Taxa", **values})

    plan(meeting_on=date(2026, 12, 18), kind="adopt_budget", text="Budget 2028")
    plan(meeting_on=date(2026, 12, 18))
    plan(meeting_on=date(2026, 12, 1), body="council", municipality=Municipality.objects.get(code="0884"))
    council, board, undated = list_meetings(get_user("ekonom"), date(2026, 11, 1))
    assert (council.meeting_on, board.meeting_on, undated.meeting_on) == (date(2026, 12, 1), date(2026, 12, 18), None)
    assert "Vimmerby" in council.body and council.announce_by is None
    assert board.announce_by == date(2026, 12, 11) and len(board.items) == 2
    (late,) = list_meetings(get_user("ekonom"), date(2026, 12, 30))[0].items
    assert late[1]
    text = client_of("direktion", "en").get(f"{URL}next-meeting/").content.decode()
    assert "2026-12-11" in text and "new/?planned=1" not in text


def test_nothing_planned_says_how_a_decision_gets_there() -> None:
    Decision.objects.filter(stage="planned").delete()
    text = client_of("ekonom", "en").get(f"{URL}next-meeting/").content.decode()
    assert 'class="empty"' in text and "new/?planned=1" in text


def test_history_of_a_decision_is_for_the_federation_only_and_names_people() -> None:
    decision = Decision(stage="planned", body="board", kind="other", text="Hemligt utkast")
    save_decision(decision, by=get_user("administrator"))
    decision.text, decision.stage, decision.meeting_on = "Ny taxa", "decided", date(2026, 3, 26)
    save_decision(decision, by=get_user("administrator"))
    inside = client_of("direktion", "en").get(f"{URL}{decision.uuid}/").content.decode()
    assert "Hemligt utkast" in inside and get_user("administrator").name in inside and "administrator@" not in inside
    outside = client_of("vimmerby", "en").get(f"{URL}{decision.uuid}/").content.decode()
    assert "Ny taxa" in outside
    for secret in ("Hemligt utkast", get_user("administrator").name, "administrator@"):
        assert secret not in outside


def test_history_that_is_cut_says_how_much_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("records.changes.MOST_CHANGES", 1)
    decision = Decision(stage="planned", body="board", kind="other", text="Ett")
    for text in ("Ett", "Två", "Tre"):
        decision.text = text
        save_decision(decision, by=get_user("ekonom"))
    assert "2 older changes are not shown." in client_of("ekonom", "en").get(f"{URL}{decision.uuid}/").content.decode()


def test_decision_that_a_budget_waits_for_is_entered_from_its_step_and_leads_back_to_it() -> None:
    client = client_of("ekonom", "en")
    form = client.get(f"/decisions/new/?adopts={DRAFT}").content.decode()
    assert '<option value="adopt_budget" selected>' in form
    typed = {
        "text": "Ny budget", "kind": "adopt_budget", "stage": "decided", "body": "board", "meeting_on": "2026-03-26",
        "paragraph": "40", "seen": "",
    }  # fmt: skip
    response = client.post(f"/decisions/new/?adopts={DRAFT}", typed)
    decision = Decision.objects.get(text="Ny budget")
    assert response["Location"] == f"/budgets/{DRAFT}/workflow/adopt/?decision={decision.uuid}"
    assert client.get("/decisions/new/?adopts=budget-9999").status_code == 200
