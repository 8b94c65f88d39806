"""The register of decisions: what can't be entered, who keeps it, what conditions do, and what is kept of changes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from objects.models import Decision, DecisionCondition, Municipality
from objects.selectors.decisions import list_next_items
from objects.services.decisions import add_conditions, meet_condition, remove_condition, remove_decision, save_decision
from objects.services.documents import add_document
from objects.words import list_warnings
from records.changes import list_changes
from records.models import StoredFile
from records.services.attachments import Upload
from records.services.stale import StaleError
from tests.cast import client_of, get_user

pytestmark = pytest.mark.django_db
MEETING = date(2026, 3, 26)


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def make(**values: Any) -> Decision:
    given = {"body": "board", "kind": "other", "text": "Ny taxa", "meeting_on": MEETING, "paragraph": 40}
    return Decision(**{**given, **values})


def save(**values: Any) -> Decision:
    return save_decision(make(**values), by=get_user("ekonom"))


def faults_of(**values: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        save(**values)
    return caught.value.message_dict


def council(code: str = "0884") -> Municipality:
    municipality: Municipality = Municipality.objects.get(code=code)
    return municipality


BAD = {
    "notice before the meeting": ({"noticed_on": date(2026, 3, 25)}, "noticed_on"),
    "notice before the minutes are approved": (
        {"approved_on": date(2026, 4, 2), "noticed_on": date(2026, 4, 1)},
        "noticed_on",
    ),
    "approval before the meeting": ({"approved_on": date(2026, 3, 25)}, "approved_on"),
    "announced after the meeting": ({"announced_on": date(2026, 3, 27)}, "announced_on"),
    "announced without a meeting": (
        {"meeting_on": None, "paragraph": None, "announced_on": MEETING},
        "announced_on",
    ),
    "approved without a meeting": ({"meeting_on": None, "paragraph": None, "approved_on": MEETING}, "approved_on"),
    "paragraph without a meeting": ({"meeting_on": None}, "paragraph"),
    "legal force before the notice": (
        {"noticed_on": date(2026, 4, 1), "legal_force_on": date(2026, 3, 31)},
        "legal_force_on",
    ),
    "planned with a paragraph": ({"stage": "planned"}, "paragraph"),
    "council without a municipality": ({"body": "council"}, "municipality"),
}


def assert_refused(field: str, **values: Any) -> None:
    assert field in faults_of(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**values).save()


@pytest.mark.parametrize(("values", "field"), BAD.values(), ids=BAD)
def test_what_can_not_be_is_told_at_its_field_and_refused_by_the_database(values: Any, field: str) -> None:
    assert_refused(field, **values)


@pytest.mark.parametrize("field", ["approved_on", "noticed_on"])
def test_approval_or_notice_to_come_is_refused(field: str) -> None:
    assert_refused(field, **{field: tomorrow()})


def test_decision_of_a_meeting_to_come_is_planned() -> None:
    assert "stage" in faults_of(meeting_on=tomorrow())
    assert save(meeting_on=tomorrow(), paragraph=None, stage="planned").is_planned


def test_same_paragraph_twice_in_a_meeting_is_told_and_refused() -> None:
    save()
    assert "paragraph" in faults_of()
    with pytest.raises(IntegrityError), transaction.atomic():
        make().save()
    save(body="council", municipality=council())


def test_decision_neither_supersedes_itself_nor_goes_round_in_a_circle() -> None:
    first = save(text="Första")
    second = save(paragraph=41, supersedes=first, text="Andra")
    third = save(paragraph=42, supersedes=second, text="Tredje")
    for other in (first, third):
        first.supersedes = other
        with pytest.raises(ValidationError, match="supersede"):
            save_decision(first, by=get_user("ekonom"))
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.filter(pk=first.pk).update(supersedes=other)


def test_decision_does_not_supersede_a_later_one() -> None:
    later = save(meeting_on=date(2026, 5, 1))
    assert "supersedes" in faults_of(paragraph=41, supersedes=later)


@pytest.mark.parametrize("name", ["objektagare", "styrgrupp", "direktion", "revisor", "vimmerby", "utan.roll"])
def test_only_the_economist_and_the_administrator_keep_the_register(name: str) -> None:
    decision = save()
    condition = add_conditions(decision, text="Något", councils=[], by=get_user("administrator"))[0]
    for attempt in (
        lambda: save_decision(make(paragraph=41), by=get_user(name)),
        lambda: remove_decision(decision, by=get_user(name)),
        lambda: add_conditions(decision, text="Annat", councils=[], by=get_user(name)),
        lambda: meet_condition(condition, met_by=None, met_on=MEETING, by=get_user(name)),
        lambda: remove_condition(condition, by=get_user(name)),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    client = client_of(name, "en")
    for end in ("change/", "conditions/new/", "remove/"):
        address = f"/decisions/{decision.uuid}/{end}"
        assert client.get(address).status_code == client.post(address).status_code == 403
    assert client.post(f"/decisions/conditions/{condition.uuid}/remove/").status_code == 403
    assert client.post("/decisions/new/").status_code == 403


def test_nobody_is_asked_to_sign_in_and_posts_nothing() -> None:
    assert Client().get("/decisions/new/").status_code == 302
    assert Client().post("/decisions/new/", {"text": "x"}).status_code == 401


# Seeing


def test_municipality_officer_sees_what_is_decided_and_an_outsider_nothing() -> None:
    planned = save(stage="planned", paragraph=None, meeting_on=tomorrow())
    add_conditions(planned, text="Något", councils=[], by=get_user("ekonom"))
    seen = Decision.objects.visible_to(get_user("vimmerby"))
    assert seen.exists() and not seen.filter(stage="planned").exists()
    assert not DecisionCondition.objects.visible_to(get_user("vimmerby")).exists()
    assert not Decision.objects.visible_to(get_user("utan.roll")).exists()
    assert planned in list_next_items(get_user("objektagare"))


# The warnings of rule 9


def warnings_of(**values: Any) -> list[str]:
    return list_warnings(make(kind="adopt_budget", **values), date(2026, 6, 1))


def test_meeting_that_sets_the_budget_and_is_announced_late_is_told_with_the_day_it_should_have_been() -> None:
    (warning,) = warnings_of(announced_on=date(2026, 3, 20))
    assert "2026-03-20" in warning and "2026-03-19" in warning and "6" in warning
    assert warnings_of(announced_on=date(2026, 3, 19)) == []
    (missing,) = warnings_of()
    assert "2026-03-19" in missing
    assert list_warnings(make(), date(2026, 6, 1)) == []


def test_late_notice_and_a_meeting_that_was_held_without_minutes_are_told() -> None:
    late = make(approved_on=date(2026, 3, 30), noticed_on=date(2026, 4, 2))
    assert "2026-04-01" in list_warnings(late, date(2026, 6, 1))[0]
    planned = make(stage="planned", paragraph=None)
    assert "2026-03-26" in list_warnings(planned, date(2026, 3, 27))[0]
    assert list_warnings(planned, MEETING) == []


# Conditions


def test_condition_tied_to_councils_is_one_for_each_and_met_by_the_councils_own_decision() -> None:
    by, decision = get_user("ekonom"), save()
    first, _second = add_conditions(decision, text="Alla beslutar", councils=[council(), council("0560")], by=by)
    assert str(first.municipality) == "Vimmerby"
    answer = save(body="council", municipality=council(), noticed_on=date(2026, 4, 1))
    other = save(body="council", municipality=council("0560"))
    with pytest.raises(ValidationError, match="Vimmerby"):
        meet_condition(first, met_by=other, met_on=None, by=by)
    meet_condition(first, met_by=answer, met_on=None, by=by)
    assert first.met_from == date(2026, 4, 23)
    meet_condition(first, met_by=answer, met_on=date(2026, 5, 1), by=by)
    assert first.met_from == date(2026, 5, 1)
    meet_condition(first, met_by=None, met_on=None, by=by)
    assert first.met_from is None


def test_condition_is_entered_once_and_neither_met_ahead_nor_by_its_own_decision() -> None:
    by, decision = get_user("ekonom"), save()
    (condition,) = add_conditions(decision, text="Medel finns", councils=[], by=by)
    with pytest.raises(ValidationError):
        add_conditions(decision, text="Medel finns", councils=[], by=by)
    for values in ({"met_by": decision, "met_on": None}, {"met_by": None, "met_on": tomorrow()}):
        with pytest.raises(ValidationError):
            meet_condition(condition, by=by, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionCondition.objects.filter(pk=condition.pk).update(met_by=decision)
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionCondition.objects.create(decision=decision, text="Medel finns")


# Changing and taking away


def test_planned_decision_can_be_taken_away_and_a_decided_one_stays() -> None:
    by = get_user("ekonom")
    planned = save(stage="planned", paragraph=None)
    uuid = planned.uuid
    assert client_of("ekonom", "en").get(f"/decisions/{uuid}/remove/").status_code == 200
    assert client_of("ekonom", "en").post(f"/decisions/{uuid}/remove/").status_code == 302
    assert not Decision.objects.filter(uuid=uuid).exists()
    decided = save()
    with pytest.raises(ValidationError):
        remove_decision(decided, by=by)
    decided.stage = "planned"  # what is in hand is not what is asked
    with pytest.raises(ValidationError):
        remove_decision(decided, by=by)
    assert client_of("ekonom", "en").post(f"/decisions/{decided.uuid}/remove/").status_code == 422


def test_what_is_decided_is_never_planned_again() -> None:
    decided = save()
    empty = {"stage": "planned", "paragraph": None}
    for name, value in empty.items():
        setattr(decided, name, value)
    with pytest.raises(ValidationError) as caught:
        save_decision(decided, by=get_user("ekonom"))
    assert "stage" in caught.value.message_dict
    typed = posted(stage="planned", paragraph="")
    response = client_of("ekonom", "en").post(f"/decisions/{decided.uuid}/change/", typed)
    assert response.status_code == 422 and "id_stage_error" in response.content.decode()
    rows = Decision.objects.filter(pk=decided.pk)
    for refused in (lambda: rows.update(**empty), rows.delete):
        with pytest.raises(IntegrityError, match="stays in the register"), transaction.atomic():
            refused()
    assert rows.get().stage == "decided"


def test_administration_keeps_what_is_decided_and_takes_a_planned_one_away_with_its_documents() -> None:
    decided, planned = save(), save(stage="planned", paragraph=None)
    upload = Upload("underlag.pdf", "application/pdf", b"%PDF-1.7")
    stored = add_document(planned, upload, by=get_user("ekonom"))
    client = client_of("administrator", "en")
    address = "/admin/objects/decision/"
    assert client.post(f"{address}{decided.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [decided.pk, planned.pk], "post": "yes"}
    client.post(address, chosen)
    assert Decision.objects.filter(pk__in=[decided.pk, planned.pk]).count() == 2
    assert client.post(f"{address}{planned.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Decision.objects.filter(pk=planned.pk).exists()
    assert not StoredFile.objects.filter(pk=stored.pk).exists()


def test_history_names_who_changed_which_field_from_what_to_what() -> None:
    decision = save()
    decision.noticed_on = date(2026, 4, 1)
    save_decision(decision, by=get_user("administrator"))
    newest, oldest = list_changes(decision).rows
    assert (newest.by, newest.label, oldest.by, oldest.label) == (
        "administrator@demo.example", "update", "ekonom@demo.example", "insert"
    )  # fmt: skip
    assert [(before, after) for _name, before, after in newest.fields] == [("", "2026-04-01")]


def test_change_by_somebody_else_meanwhile_is_not_overwritten_silently() -> None:
    decision = save()
    seen = decision.edited_at
    other = Decision.objects.get(pk=decision.pk)
    other.text = "Den andras"
    save_decision(other, by=get_user("administrator"), seen=seen)
    decision.text = "Min"
    with pytest.raises(StaleError) as stale:
        save_decision(decision, by=get_user("ekonom"), seen=seen)
    assert stale.value.saved.text == "Den andras"


# The forms


def posted(**values: str) -> dict[str, str]:
    given = {"text": "Ny taxa", "kind": "other", "stage": "decided", "body": "board", "meeting_on": "2026-03-26",
             "paragraph": "40", "seen": ""}  # fmt: skip
    return {**given, **values}


def test_economist_enters_a_decision_and_is_warned_of_a_late_announcement() -> None:
    client = client_of("ekonom", "en")
    response = client.post("/decisions/new/", posted(kind="adopt_budget", announced_on="2026-03-24"), follow=True)
    decision = Decision.objects.get(text="Ny taxa")
    assert response.redirect_chain == [(f"/decisions/{decision.uuid}/", 302)]
    assert "2026-03-19" in response.content.decode()


def test_bad_form_is_422_with_words_tied_to_the_field_and_what_was_typed() -> None:
    response = client_of("ekonom", "en").post("/decisions/new/", posted(noticed_on="2026-03-01", text="Min text"))
    text = response.content.decode()
    assert response.status_code == 422
    assert 'aria-describedby="id_noticed_on_error id_noticed_on_helptext"' in text or "id_noticed_on_error" in text
    assert 'aria-invalid="true"' in text and "Min text" in text and 'value="2026-03-01"' in text
    assert not Decision.objects.filter(text="Min text").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("paragraph", "0"), ("paragraph", "x"), ("meeting_on", "26 mars"), ("supersedes", "none of these"), ("kind", "rumour"),
     ("municipality", "99999"), ("text", ""), ("text", "   "), ("registry_no", "x" * 41), ("paragraph", "999999")],
)  # fmt: skip
def test_nonsense_in_a_field_is_told_there(field: str, value: str) -> None:
    response = client_of("ekonom", "en").post("/decisions/new/", posted(**{field: value}))
    assert response.status_code == 422
    assert f"id_{field}_error" in response.content.decode()


def test_stale_form_shows_both_values_and_saving_again_keeps_mine() -> None:
    decision = save()
    client, address = client_of("ekonom", "en"), f"/decisions/{decision.uuid}/change/"
    seen = client.get(address).context["form"]["seen"].value()
    other = Decision.objects.get(pk=decision.pk)
    other.text = "Den andras"
    save_decision(other, by=get_user("administrator"))
    response = client.post(address, posted(text="Min", seen=seen))
    text = response.content.decode()
    assert response.status_code == 422
    assert "Den andras" in text and "Min" in text
    again = response.context["form"]["seen"].value()
    assert client.post(address, posted(text="Min", seen=again)).status_code == 302
    decision.refresh_from_db()
    assert decision.text == "Min"


def test_stale_form_of_a_condition_shows_both_and_saving_again_keeps_mine() -> None:
    decision, by = save(), get_user("administrator")
    (condition,) = add_conditions(decision, text="Klart", councils=[], by=by)
    client, address = client_of("ekonom", "en"), f"/decisions/conditions/{condition.uuid}/"
    seen = client.get(address).context["form"]["seen"].value()
    meet_condition(condition, met_by=None, met_on=date(2026, 4, 1), by=by)
    response = client.post(address, {"met_on": "2026-05-02", "seen": seen})
    text = response.content.decode()
    assert response.status_code == 422
    assert "2026-04-01" in text and "2026-05-02" in text
    condition.refresh_from_db()
    assert condition.met_on == date(2026, 4, 1)
    again = response.context["form"]["seen"].value()
    assert client.post(address, {"met_on": "2026-05-02", "seen": again}).status_code == 302
    condition.refresh_from_db()
    assert condition.met_on == date(2026, 5, 2)
    with pytest.raises(StaleError):
        meet_condition(condition, met_by=None, met_on=None, by=by, seen=seen)


@pytest.mark.parametrize("seen", ["nonsense", "2026-01-01", "2026-01-01T00:00:00"])
def test_broken_mark_of_what_was_seen_counts_as_stale(seen: str) -> None:
    decision = save()
    address = f"/decisions/{decision.uuid}/change/"
    assert client_of("ekonom", "en").post(address, posted(text="Min", seen=seen)).status_code == 422


def test_condition_is_added_met_opened_again_and_taken_away_by_its_forms() -> None:
    decision, client = save(), client_of("administrator", "en")
    answer = save(body="council", municipality=council(), noticed_on=date(2026, 4, 1))
    address = f"/decisions/{decision.uuid}/conditions/new/"
    assert client.post(address, {"text": ""}).status_code == 422
    assert client.post(address, {"text": "Alla", "councils": [str(council().uuid)]}).status_code == 302
    assert client.post(address, {"text": "Alla", "councils": [str(council().uuid)]}).status_code == 422
    condition = DecisionCondition.objects.get(decision=decision)
    address = f"/decisions/conditions/{condition.uuid}/"
    assert client.post(address, {"met_by": str(answer.uuid)}).status_code == 302
    condition.refresh_from_db()
    assert condition.met_by == answer
    assert client.post(address, {"met_by": str(decision.uuid)}).status_code == 422
    assert client.post(address, {"met_on": tomorrow().isoformat()}).status_code == 422
    assert client.post(address, {}).status_code == 302
    assert client.get(f"{address}remove/").status_code == 200
    assert client.post(f"{address}remove/").status_code == 302
    assert not DecisionCondition.objects.filter(decision=decision).exists()


def test_markup_in_a_decision_is_shown_as_text() -> None:
    decision = save(text="<script>alert(1)</script>")
    for address in ("/decisions/", f"/decisions/{decision.uuid}/"):
        assert "<script>alert" not in client_of("ekonom", "en").get(address).content.decode()
