"""Single salaries are the economist's: pay of a post, and what it comes to, are looked for wherever anybody else can read.

The trick: a post is given pay that stands nowhere else, is changed, and is followed by another that is removed, so that
the rows, their history and what the calculation makes of them all hold figures that can be told from any other.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from forecasts.services.roll_up import roll_up_calculated
from history.nouns import load_kinds
from history.stories import Story, tell_all, tell_budget, tell_person
from objects.services.tokens import create_token
from pricing.models import CostPool, Post, PostCost, PostPart
from pricing.services.imports.staff import StaffImport
from pricing.services.posts import remove_post, save_post
from records.import_kinds import kind_of
from records.models import Job, StoredFile
from records.selectors import find_file
from records.services.files import store_file
from records.services.imports.checking import check_import
from records.services.imports.saving import start_import
from reports.workbook.making import make_workbook
from tests.cast import (
    ADMINISTRATOR,
    AUDITOR,
    DRAFT,
    ECONOMIST,
    INSIDE,
    OFFICER,
    OUTSIDER,
    OWNER,
    PEOPLE,
    client_of,
    get_budget,
    get_customer,
    get_user,
)
from tests.routes import list_routes
from web.exports import ExportMixin

pytestmark = pytest.mark.django_db

FIRST_PAY, PAY, REMOVED_PAY = 43_217_91, 48_765_93, 39_158_47
# Smaller amounts may stand somewhere by chance.
LEAST = 10_000_00
NOBODY = "nobody"
OTHERS = [name for name in PEOPLE if name != ECONOMIST]
QUICK = {NOBODY, ADMINISTRATOR, AUDITOR, OWNER, OFFICER}
READERS = [pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in (NOBODY, *OTHERS)]
# A space that stands between thousands.
THOUSANDS = re.compile(r"(?<=\d)(?:[ \u00a0\u202f]|&nbsp;|&#160;)(?=\d{3}(?!\d))")


@dataclass(frozen=True)
class Salary:
    """A post with pay and costs that stand nowhere else."""

    post: Post
    secrets: re.Pattern[str]

    def find(self, text: str) -> list[str]:
        """What of it a text tells."""
        return self.secrets.findall(THOUSANDS.sub("", text).replace("\u2212", "-"))


def make_pattern(amounts: set[int]) -> re.Pattern[str]:
    """Amounts, öre, as they may be written: in öre, in kronor with öre, or in whole kronor."""
    forms = set()
    for ore in amounts:
        forms |= {str(ore), rf"{ore // 100}[.,]{ore % 100:02}", str(ore // 100), str((ore + 50) // 100)}
    return re.compile(rf"(?<![0-9A-Za-z_.,-])(?:{'|'.join(sorted(forms, key=len, reverse=True))})(?![0-9A-Za-z_])")


@pytest.fixture
def salary() -> Salary:
    budget, by = get_budget(), get_user(ECONOMIST)
    pools = [CostPool.objects.get(budget=budget, slug=slug) for slug in ("support", "system")]
    parts = [(pool, 1) for pool in pools]
    post, gone = (
        Post(budget=budget, title=title, monthly_pay_ore=pay, employment_percent=90, pay_from_on=date(2026, 1, 1))
        for title, pay in (("Hemlig tekniker", FIRST_PAY), ("Borttagen tekniker", REMOVED_PAY))
    )
    save_post(post, parts, by=by)  # type: ignore[arg-type]
    post.refresh_from_db()
    post.monthly_pay_ore = PAY
    save_post(post, parts, by=by, seen=post.edited_at)  # type: ignore[arg-type]
    remove_post(save_post(gone, parts, by=by), by=by)  # type: ignore[arg-type]
    roll_up_calculated(budget.pk)
    costs = PostCost.objects.filter(part__post=post)
    assert costs.count() == 10
    # Of a post that is added alone, the budget's sum tells what it costs in all, as it has to; never what that is made of.
    amounts = {ore for cost in costs for ore in cost.amounts if ore >= LEAST}
    return Salary(post, make_pattern({FIRST_PAY, PAY, REMOVED_PAY} | amounts))


def text_of(response: Any) -> str:
    """All that an answer holds, also the sheets of a workbook."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(content)) as package:
            return "\n".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))
    return str(content.decode(errors="replace")) + str(response.headers)


def list_addresses(salary: Salary) -> Iterator[str]:
    """Every address of the site, those of the post itself, and each list as a file."""
    slug, lineage = salary.post.budget.slug, salary.post.lineage
    for route in list_routes():
        yield route.url
        view = getattr(resolve(route.url.partition("?")[0]).func, "view_class", object)
        if issubclass(view, ExportMixin):
            yield f"{route.url}?export=csv"
    yield from (reverse(f"budgets:{name}", args=[slug, lineage]) for name in ("post", "edit_post"))
    person = get_user(ECONOMIST).uuid
    stories = (reverse("reports:history"), reverse("reports:budget_history", args=[slug]),
               reverse("reports:person_history", args=[person]))  # fmt: skip
    for story in stories:
        for thing in ("post", "post_part", "cost_line"):
            yield from (f"{story}?thing={thing}", f"{story}?thing={thing}&export=csv")
    # What was removed is offered to be put back; a list may be asked to filter, sort or search by anything.
    yield f"{reverse('budgets:posts', args=[slug])}?removed={lineage}"
    yield f"{reverse('budgets:lines', args=[slug])}?q=Hemlig"


def find_told(salary: Salary, name: str, addresses: Iterable[str]) -> dict[str, list[str]]:
    """What of a salary each address tells somebody."""
    client = Client() if name == NOBODY else client_of(name)
    client.raise_request_exception = False
    found = {address: salary.find(text_of(client.get(address))) for address in addresses}
    return {address: told for address, told in found.items() if told}


@pytest.mark.parametrize("name", READERS)
def test_no_address_tells_anybody_else_what_a_post_is_paid(salary: Salary, name: str) -> None:
    assert find_told(salary, name, list_addresses(salary)) == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", [NOBODY, *OTHERS])
def test_no_workbook_of_a_list_tells_more_than_its_text(salary: Salary, name: str) -> None:
    files = [address for address in list_addresses(salary) if address.endswith("export=csv")]
    assert len(files) > 20
    assert find_told(salary, name, [address.replace("export=csv", "export=xlsx") for address in files]) == {}


def test_the_economist_reads_it_on_the_post_and_in_history(salary: Salary) -> None:
    """What the walk looks for is there to be found."""
    client, slug = client_of(ECONOMIST), salary.post.budget.slug
    assert salary.find(text_of(client.get(reverse("budgets:edit_post", args=[slug, salary.post.lineage]))))
    story = reverse("reports:budget_history", args=[slug])
    assert salary.find(text_of(client.get(f"{story}?thing=post")))
    assert salary.find(text_of(client.get(f"{story}?thing=post&export=csv")))
    assert salary.find(text_of(client.get(f"{reverse('reports:history')}?thing=post")))


@pytest.mark.parametrize("name", OTHERS)
def test_no_story_holds_events_of_posts_for_anybody_else(salary: Salary, name: str) -> None:
    reader, person = get_user(name), get_user(ECONOMIST)
    for story in (tell_budget(salary.post.budget, reader), tell_person(person, reader), tell_all(reader)):
        assert not {"post", "post_part"} & story.parts.keys()
        assert not _tells_posts(story)
    assert {"post", "post_part"} <= tell_budget(salary.post.budget, person).parts.keys()


def _tells_posts(story: Story) -> bool:
    return any(rows.model.pgh_tracked_model in (Post, PostPart) for rows in story.parts.values())


def test_history_asks_the_rule_of_the_rows_themselves() -> None:
    """Whatever else tells of salaries one day is kept from others by its queryset alone."""
    kept = {kind.key for kind in load_kinds().values() if not kind.is_told_to(get_user(ADMINISTRATOR))}
    assert kept == {"post", "post_part"}
    assert all(kind.is_told_to(get_user(ECONOMIST)) for kind in load_kinds().values())


@pytest.mark.parametrize("name", OTHERS)
def test_rows_of_posts_are_seen_by_nobody_else(salary: Salary, name: str) -> None:
    reader = get_user(name)
    for model in (Post, PostPart, PostCost):
        assert not model.objects.visible_to(reader).exists()
        assert model.objects.visible_to(get_user(ECONOMIST)).exists()


@pytest.mark.parametrize("name", [reader for reader in READERS if reader.values[0] in INSIDE])
def test_the_budgets_workbook_tells_none(salary: Salary, name: str) -> None:
    content = make_workbook(salary.post.budget, get_user(name))
    with zipfile.ZipFile(BytesIO(content)) as package:
        sheets = [package.read(name).decode() for name in package.namelist() if name.endswith(".xml")]
    assert len(sheets) > 10 and not salary.find("\n".join(sheets))


@pytest.mark.parametrize("command", ["personnel", "pools", "trace"])
def test_the_commands_tell_none(salary: Salary, command: str) -> None:
    budget, printed = salary.post.budget, StringIO()
    products = [str(share.budget_product) for pool in CostPool.objects.filter(post_parts__post=salary.post)
                for share in pool.shares.filter(budget_product__isnull=False)[:3]] if command == "trace" else [""]  # fmt: skip
    for product in products:
        call_command(command, budget.slug, *filter(None, [product]), "--json", stdout=printed)
    assert len(printed.getvalue()) > 500 and not salary.find(printed.getvalue())


def test_a_key_of_the_interface_reads_none(salary: Salary) -> None:
    _token, secret = create_token(
        by=get_user(ADMINISTRATOR),
        customer=get_customer(),
        name="Test",
        expires_on=timezone.localdate() + timedelta(days=30),
    )
    client = Client(headers={"authorization": f"Bearer {secret}"})
    asked = [route.url for route in list_routes() if "/api/" in route.url]
    assert len(asked) >= 3
    for address in [*asked, *(address for address in list_addresses(salary) if "/posts/" in address)]:
        assert not salary.find(text_of(client.get(address))), address
    document = json.dumps(client.get(reverse("api:openapi")).json())
    assert not re.search(r"salar|monthly_pay|lön", document)


# Files


def test_a_file_that_a_person_had_made_is_nobody_elses() -> None:
    """A list of history that the economist had made as a file holds pay; a job tells others that it ran, not what it made."""
    by = get_user(ECONOMIST)
    file = store_file(b"pay", name="historik.csv", content_type="text/csv", by=by)
    job = Job.objects.create(kind="list", title="Historik", task="reports.make_list", started_by=by, status="done",
                             result={"file": str(file.uuid)})  # fmt: skip
    for name in OTHERS:
        assert find_file(get_user(name), file.uuid) is None
        assert client_of(name).get(reverse("records:file", args=[file.uuid])).status_code == 404
    assert find_file(by, file.uuid) == file
    page = client_of(ADMINISTRATOR).get(reverse("records:job", args=[job.uuid]))
    assert page.status_code == 200 and str(file.uuid) not in page.content.decode()


def test_a_staff_list_that_was_read_in_is_the_economists_alone() -> None:
    staff = StaffImport()
    assert [name for name in PEOPLE if staff.may(get_user(name))] == [ECONOMIST]


@pytest.mark.parametrize("name", [name for name in OTHERS if name in INSIDE or name == OUTSIDER])
def test_the_kept_file_and_rows_of_the_economists_import_are_not_there_for_others(name: str) -> None:
    by = get_user(ECONOMIST)
    content = b"Produkt;Kostnadsslag;Text;Belopp\nx;Direkt kostnad;Hemlig tekniker;48765\n"
    row = start_import(content, name="lista.csv", kind=kind_of("lines"), source="lön", period=DRAFT, by=by)
    check_import(row, by=by)
    client = client_of(name)
    for route in ("import", "import_file", "corrected_import", "undo_import"):
        assert client.get(reverse(f"records:{route}", args=[row.uuid])).status_code in (403, 404), route
    kept = StoredFile.objects.get(pk=row.file_id)
    assert client.get(reverse("records:file", args=[kept.uuid])).status_code == 404
    assert client.get(reverse("budgets:file", args=[DRAFT, "socialtjanst", kept.uuid])).status_code == 404
    listed = client.get(reverse("records:imports"))
    assert listed.status_code == 403 or "lista.csv" not in listed.content.decode()
    assert client.get(reverse("records:import", args=[uuid4()])).status_code in (403, 404)
