"""The pages of jobs: own ones, all for administrators, followed until they finish, cancelled after a question."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from records.models import Job
from records.services.files import store_file
from records.services.jobs import JobError, cancel_job, running
from records.tables import format_duration
from records.tests.jobs import start, state_of
from tests.cast import ECONOMIST, client_of, count_queries, get_user

pytestmark = pytest.mark.django_db
HTMX: dict[str, Any] = {"HX-Request": "true"}


def english(name: str = "ekonom") -> Client:
    User.objects.filter(email=f"{name}@demo.example").update(language="en")
    client = client_of(name)
    client.cookies["django_language"] = "en"
    return client


def page_of(job: Job) -> str:
    return reverse("records:job", args=[job.uuid])


def test_without_jobs_the_list_says_what_jobs_are() -> None:
    text = english().get(reverse("records:jobs")).content.decode()
    assert "There are no jobs yet" in text
    assert "<table" not in text


def test_people_see_their_own_jobs_and_administrators_all() -> None:
    job = start(title="Workbook of Budget 2027")
    listed = {name: job.title in client_of(name).get(reverse("records:jobs")).content.decode() for name in (
        "ekonom", "administrator", "objektagare", "revisor")}  # fmt: skip
    assert listed == {"ekonom": True, "administrator": True, "objektagare": False, "revisor": False}
    assert client_of("objektagare").get(page_of(job)).status_code == 404
    assert client_of("objektagare").post(reverse("records:cancel_job", args=[job.uuid])).status_code == 404
    assert state_of(job)[0] == "waiting"
    assert Client().get(page_of(job)).status_code == 302


def test_jobs_are_filtered_by_status_and_kind_and_sorted() -> None:
    first, second = start(title="Workbook A", kind="workbook"), start(title="Document B", kind="document")
    cancel_job(second, by=get_user(ECONOMIST))
    client = english()

    def titles(query: str) -> list[str]:
        text = client.get(reverse("records:jobs") + query).content.decode()
        found = [(text.find(f">{job.title}</a>"), job.title) for job in (first, second)]
        return [title for place, title in sorted(found) if place >= 0]

    assert titles("") == ["Document B", "Workbook A"]
    assert titles("?status=waiting") == ["Workbook A"]
    assert titles("?kind=document") == ["Document B"]
    assert titles("?title=work") == ["Workbook A"]
    assert titles("?sort=-title") == ["Workbook A", "Document B"]
    assert titles("?sort=duration") != [] and titles("?sort=status") != [] and titles("?sort=created_at") != []
    assert titles("?status=nonsense") == []


def test_number_of_queries_does_not_depend_on_the_number_of_jobs() -> None:
    client, address = client_of("administrator"), reverse("records:jobs")
    start()
    one = count_queries(client, address)
    for number in range(20):
        start(title=f"Job {number}", by=User.objects.order_by("pk")[number % 5])
    assert count_queries(client, address) == one


def test_page_follows_an_unfinished_job_and_stops_when_it_is_done() -> None:
    job, client = start(), english()
    with running(job.uuid) as run:
        run.report(35, "Sheet Lines")
        text = client.get(page_of(job)).content.decode()
        assert 'value="35"' in text and "Sheet Lines" in text and 'hx-trigger="every 1s, look"' in text
        part = client.get(page_of(job), headers=HTMX)
        assert "HX-Trigger" not in part and "<html" not in part.content.decode()
        stored = store_file(
            b"content", name="Årsbudget.xlsx", content_type="text/plain", by=get_user(ECONOMIST), about=job.uuid
        )
        run.finish({"file": stored.uuid})
    part = client.get(page_of(job), headers=HTMX)
    text = part.content.decode()
    assert "every 1s" not in text
    assert reverse("records:file", args=[stored.uuid]) in text and "Årsbudget.xlsx" in text
    assert json.loads(part["HX-Trigger"])["announce"] == "Budget 2027 is done."
    assert "HX-Trigger" not in client.get(page_of(job))


def test_failed_job_says_why() -> None:
    job = start()
    with running(job.uuid):
        raise JobError("The sheet Lines has no column Amount <2027>. Add it.")
    text = english().get(page_of(job)).content.decode()
    assert "The job failed" in text and "no column Amount &lt;2027&gt;" in text
    assert "no column Amount" in english().get(reverse("records:jobs")).content.decode()


def test_cancelling_asks_first_and_is_done_by_post() -> None:
    job, client = start(), english()
    url = reverse("records:cancel_job", args=[job.uuid])
    assert url in client.get(page_of(job)).content.decode()
    assert "Let it run" in client.get(url).content.decode()
    assert state_of(job)[0] == "waiting"
    assert client.post(url).headers["Location"] == page_of(job)
    assert state_of(job)[0] == "cancelled"
    assert url not in client.get(page_of(job)).content.decode()
    assert client.post(url).status_code == 302
    assert client.get(url).status_code == 200


def test_open_list_gets_news_of_its_unfinished_jobs() -> None:
    busy, done, client = start(title="Busy"), start(title="Short"), english()
    text = client.get(reverse("records:jobs")).content.decode()
    news = f"{reverse('records:job_news')}?job={done.uuid}&amp;job={busy.uuid}"
    assert news in text
    with running(done.uuid):
        pass
    part = client.get(news.replace("&amp;", "&"), headers=HTMX)
    text = part.content.decode()
    assert f'id="job-{done.uuid}" hx-swap-oob="true" data-status="done"' in text
    assert f"?job={busy.uuid}" in text and f"job={done.uuid}" not in text
    assert json.loads(part["HX-Trigger"])["announce"] == "Short is done."
    assert (
        "hx-get" not in client.get(reverse("records:job_news"), {"job": ["no uuid", str(done.uuid)]}).content.decode()
    )


def test_news_tell_nobody_of_others_jobs() -> None:
    job = start(title="Secret")
    assert (
        "Secret"
        not in client_of("objektagare").get(reverse("records:job_news"), {"job": str(job.uuid)}).content.decode()
    )


def test_unknown_job_and_file_do_not_exist() -> None:
    for name in ("job", "cancel_job", "file"):
        assert client_of("administrator").get(reverse(f"records:{name}", args=[uuid.uuid4()])).status_code == 404


def test_duration_is_told_as_people_say_it() -> None:
    with override("en"):
        shown = [format_duration(timedelta(seconds=seconds)) for seconds in (0.2, 1, 59, 75)]
    assert shown == ["0 s", "1 s", "59 s", "1 min 15 s"]
    assert format_duration(None) == ""
