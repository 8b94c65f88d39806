"""What the API's answers tell besides the invoices: their tag, the other pages, the requests left, and all that was wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from invoices.models import Invoice
from invoices.tests.test_api import LIST, OTHER, ask, bill, make_token, problem_of
from objects.models import ApiToken, ApiTokenUse
from objects.services.tokens import revoke_token
from records.models import OutboxMessage
from tests.cast import client_of, get_customer, get_user

pytestmark = pytest.mark.django_db


def own_invoice() -> str:
    return f"{LIST}/{Invoice.objects.filter(customer=get_customer('0884')).earliest('pk').uuid}"


@pytest.mark.parametrize("method", ["get", "head"])
def test_an_invoice_that_the_client_has_is_not_sent_again(method: str) -> None:
    bill()
    secret = make_token()[1]
    for address in (own_invoice(), f"{LIST}?limit=2"):
        first = ask(address, secret)
        assert re.fullmatch('"[0-9a-f]{32}"', first["ETag"]) and first.content
        again = ask(address, secret, method, **{"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert again["Cache-Control"] == "private, no-cache" and "RateLimit" in again
        other = ask(address, secret, method, **{"If-None-Match": '"another"'})
        assert other.status_code == 200


def test_a_list_changes_its_tag_when_an_invoice_comes_and_each_page_has_its_own() -> None:
    bill()
    secret = make_token()[1]
    tags = {ask(f"{LIST}?limit=1&page={page}", secret)["ETag"] for page in (1, 2, 3)}
    assert len(tags) == 3
    before = ask(LIST, secret)["ETag"]
    bill(range(4, 5))
    assert ask(LIST, secret, **{"If-None-Match": before}).status_code == 200


def test_the_tag_of_anothers_invoice_gives_nothing() -> None:
    bill()
    mine, other = make_token()[1], make_token(OTHER)[1]
    tag = ask(own_invoice(), mine)["ETag"]
    assert ask(own_invoice(), other, **{"If-None-Match": tag}).status_code == 404
    assert ask(own_invoice(), None, **{"If-None-Match": tag}).status_code == 401


def links_of(answer: Any) -> dict[str, str]:
    return {name: address for address, name in re.findall('<([^>]+)>; rel="([a-z]+)"', answer["Link"])}


def test_pages_name_each_other() -> None:
    bill(range(1, 8), ("0884",))
    secret = make_token()[1]
    links = links_of(ask(f"{LIST}?limit=3&year=2026&page=2", secret))
    assert set(links) == {"first", "prev", "next", "last"}
    assert links["next"] == f"http://testserver{LIST}?limit=3&year=2026&page=3"
    months, address = [], f"{LIST}?limit=3"
    while address:
        answer = ask(address, secret)
        months += [row["month"] for row in answer.json()["invoices"]]
        address = links_of(answer).get("next", "").removeprefix("http://testserver")
    assert months == [7, 6, 5, 4, 3, 2, 1]
    assert set(links_of(ask(f"{LIST}?year=2030", secret))) == {"first", "last"}


def test_all_that_is_wrong_is_told_at_once() -> None:
    query = "month=13&year=1999&limit=1000&page=0&m%C3%A5nad=5&sort=x"
    body = problem_of(ask(f"{LIST}?{query}", make_token()[1]), 400)
    assert [error["parameter"] for error in body["errors"]] == ["month", "year", "limit", "page", "månad", "sort"]
    assert all(error["parameter"] in body["detail"] and error["detail"] for error in body["errors"])
    assert "from 1 to 12" in body["errors"][0]["detail"] and "does not exist" in body["errors"][4]["detail"]


def test_a_parameter_that_is_there_twice_is_not_guessed_at() -> None:
    body = problem_of(ask(f"{LIST}?page=1&page=2", make_token()[1]), 400)
    assert "twice" in body["errors"][0]["detail"]


def read_limit(answer: Any) -> tuple[int, int]:
    left, seconds = re.fullmatch('"minute";r=([0-9]+);t=([0-9]+)', answer["RateLimit"]).groups()  # type: ignore[union-attr]
    return int(left), int(seconds)


def test_every_answer_tells_how_many_requests_are_left(settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    secret = make_token()[1]
    answers = [ask(address, secret) for address in (LIST, f"{LIST}?month=13", f"{LIST}/not-a-uuid", LIST, LIST)]
    assert [answer.status_code for answer in answers] == [200, 400, 404, 200, 429]
    limits = [read_limit(answer) for answer in answers if "RateLimit" in answer]
    # An address that is none asks for no token, so it counts none.
    assert [left for left, _seconds in limits] == [2, 1, 0, 0] and all(0 < seconds <= 60 for _left, seconds in limits)
    assert answers[0]["RateLimit-Policy"] == '"minute";q=3;w=60'
    assert int(answers[-1]["Retry-After"]) == limits[-1][1]
    assert "RateLimit" not in ask()


PLACES = ["?token={}", "?whatever={}", "?q=Bearer%20{}", "/{}", "?month=1&access_token={}"]


@pytest.mark.parametrize("place", PLACES)
def test_a_token_seen_in_an_address_is_refused_and_shown_as_exposed_until_it_is_revoked(place: str) -> None:
    token, secret = make_token()
    other = make_token()[0]
    address = LIST + place.format(secret)
    assert problem_of(ask(address), 400)["code"] == "token-in-address"
    exposed_at = ApiTokenUse.objects.get(token=token).exposed_at
    assert exposed_at is not None and ApiTokenUse.objects.get(token=other).exposed_at is None
    ask(address)
    assert ApiTokenUse.objects.get(token=token).exposed_at == exposed_at
    told = OutboxMessage.objects.get(key=f"token exposed {token.uuid}")
    assert told.recipient == token.created_by and secret not in told.body and "/api-access/" in told.body
    page = client_of("administrator", "en").get("/api-access/").content.decode()
    assert page.count("Seen in an address: revoke it") == 1 and "has stood in an address" in page
    assert f"/api-access/{token.uuid}/revoke/" in page
    assert ask(LIST, secret).status_code == 200  # what uses it goes on until another is in its place
    revoke_token(token, by=get_user("administrator"))
    page = client_of("administrator", "en").get("/api-access/").content.decode()
    assert "Seen in an address" not in page and "has stood in an address" not in page


def test_what_is_no_token_of_ours_exposes_nothing() -> None:
    make_token()
    problem_of(ask(f"{LIST}?token=itsam_x"), 400)
    problem_of(ask(f"{LIST}?token=x"), 400)
    assert not ApiTokenUse.objects.exclude(exposed_at=None).exists() and not mail.outbox
    assert ApiToken.objects.get().expires_on > timezone.localdate()
