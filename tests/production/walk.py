"""What tests/production/run.sh asks of the running site: ``python -m tests.production.walk FOLDER PORT STEP``."""

import html
import http.client
import json
import re
import sys
import time
import urllib.parse
from pathlib import Path

import psycopg

HOST, EMAIL, PASSWORD = "budget.example.org", "eva@example.org", "a password of the test"
SUB_BUDGET = "/budgets/budget-2027/sub-budgets/socialtjanst/"
REQUEST_ID = "walk-0123456789"
FOLDER, PORT = Path(sys.argv[1]), int(sys.argv[2])


class Answer:
    """Status, headers in lower case, cookies with their attributes, text."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.cookies = response.headers.get_all("Set-Cookie") or []
        self.text = response.read().decode()


class Visitor:
    """A browser behind the proxy: keeps cookies, sends the headers that the proxy adds."""

    def __init__(self, *, https: bool = True) -> None:
        self.cookies: dict[str, str] = {}
        self.headers = {"Host": HOST, "X-Forwarded-For": "203.0.113.7", "X-Request-ID": REQUEST_ID}
        self.headers["X-Forwarded-Proto"] = "https" if https else "http"

    def ask(self, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        """GET, or POST with the form's token."""
        sent = {**self.headers, **headers, "Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items())}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{HOST}{path}"}
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        connection.request("GET" if form is None else "POST", path, body, sent)
        answer = Answer(connection.getresponse())
        for cookie in answer.cookies:
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer

    def sign_in(self) -> None:
        """By the form of the sign-in page."""
        form = fields_of(self.ask("/account/login/").text)
        answer = self.ask("/account/login/", form | {"login": EMAIL, "password": PASSWORD})
        assert answer.status == 302, (answer.status, answer.text[:500])
        for cookie in answer.cookies:
            assert "Secure" in cookie, cookie
        session = next(cookie for cookie in answer.cookies if cookie.startswith("__Host-sessionid="))
        assert "HttpOnly" in session and "SameSite=Lax" in session and "Path=/" in session, session


def fields_of(page: str) -> dict[str, str]:
    """The names and values of the last form with a token."""
    form = next(f for f in reversed(re.findall(r"<form.*?</form>", page, re.S)) if "csrfmiddlewaretoken" in f)
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        values = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "name" in values:
            found[values["name"]] = html.unescape(values.get("value", ""))
    for name, options in re.findall(r'<select[^>]*name="(\w+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen.group(1) if chosen else ""
    return found


def wait_for(path: str, status: int, seconds: float = 60) -> Answer:
    """Ask until the answer has this status."""
    give_up = time.monotonic() + seconds
    while True:
        try:
            answer = Visitor(https=False).ask(path)
            if answer.status == status:
                return answer
        except OSError:
            pass
        assert time.monotonic() < give_up, f"{path} never answered {status}"
        time.sleep(0.2)


def state_of(answer: Answer) -> tuple[str, str]:
    """Database and broker, of a readiness answer that nothing may keep."""
    assert "no-store" in answer.headers["cache-control"] and "set-cookie" not in answer.headers, answer.headers
    found = json.loads(answer.text)
    return found["database"], found["broker"]


def check_not_migrated() -> None:
    """Before the migrations."""
    assert json.loads(wait_for("/health/live", 200).text) == {"status": "ok"}
    assert state_of(wait_for("/health/ready", 503)) == ("not migrated", "ok")


def check_ready() -> None:
    """All is well."""
    assert state_of(wait_for("/health/ready", 200)) == ("ok", "ok")


def check_broker_away() -> None:
    """Named as such; an edit is saved."""
    assert state_of(wait_for("/health/ready", 503)) == ("ok", "unreachable")
    visitor = Visitor()
    visitor.sign_in()
    (FOLDER / "total").write_text(str(cost_of()))
    change_line(visitor, +2000)


def check_broker_back() -> None:
    """The sweep finds what was not sent."""
    check_ready()
    wait_for_cost(int((FOLDER / "total").read_text()) - 2000)


def check_database_away() -> None:
    """Named as such; the process lives."""
    assert state_of(wait_for("/health/ready", 503)) == ("unreachable", "ok")
    assert wait_for("/health/live", 200).status == 200


def check_site() -> None:
    """Everything a visitor meets."""
    check_ready()
    check_front_door()
    visitor = Visitor()
    visitor.sign_in()
    before = cost_of()
    change_line(visitor, +1000)
    seconds = wait_for_cost(before - 1000)
    sys.stdout.write(f"a changed line was in the result forecast after {seconds:.1f} s\n")
    check_site_role()


def check_front_door() -> None:
    """Redirect, headers, the provider's button, and what is refused."""
    plain = Visitor(https=False).ask("/account/login/")
    assert (plain.status, plain.headers["location"]) == (301, f"https://{HOST}/account/login/")
    page = Visitor().ask("/account/login/")
    assert page.status == 200 and "Vimmerby kommun" in page.text and "/account/oidc/vimmerby/login/" in page.text
    assert page.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert page.headers["x-frame-options"] == "DENY" and page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin" and page.headers["x-request-id"] == REQUEST_ID
    visitor = Visitor()
    visitor.headers["X-Request-ID"] = "a b\tc"
    assert visitor.ask("/account/login/").headers["x-request-id"] != "a b\tc"
    assert Visitor().ask("/account/login/", Host="elsewhere.example.org").status == 400
    assert Visitor().ask("/account/login/", {"login": EMAIL, "password": PASSWORD}).status == 403
    assert Visitor().ask("/robots.txt").text.endswith("Disallow: /\n")
    assert Visitor().ask("/.well-known/security.txt").text.startswith("Contact: mailto:security@example.org\n")
    style = re.search(r'href="(/static/[^"]*\.css)"', page.text)
    assert style and "immutable" in Visitor().ask(style.group(1)).headers["cache-control"]


def cost_of() -> int:
    """The operating costs of the result forecast's first year in kronor, from the database that the page reads."""
    with psycopg.connect((FOLDER / "secrets" / "database_url").read_text().strip()) as database:
        row = database.execute(
            "SELECT r.amount_ore / 100 FROM forecasts_forecastrow AS r JOIN forecasts_forecast AS f ON f.id = r.forecast_id"
            " JOIN budgets_budget AS b ON b.id = f.budget_id WHERE b.slug = 'budget-2027' AND f.kind = 'result'"
            " AND r.row = 'operating_costs' ORDER BY r.year LIMIT 1"
        ).fetchone()
    assert row
    return int(row[0])


def change_line(visitor: Visitor, kronor: int) -> None:
    """Add to the first amount of the first line, by its form."""
    page = visitor.ask(SUB_BUDGET)
    assert page.status == 200, page.status
    address = re.search(rf'href="({SUB_BUDGET}lines/[0-9a-f-]+/)"', page.text)
    assert address, page.text[:2000]
    form = fields_of(visitor.ask(address.group(1)).text)
    amount = int(re.sub(r"\D", "", form["amount_1_ore"].split(",")[0]))
    form |= {"amount_1_ore": str(amount + kronor), "quantity": "", "unit_price_ore": ""}
    answer = visitor.ask(address.group(1), form)
    assert answer.status == 302, (answer.status, re.findall(r"invalid-feedback.*?</div>", answer.text, re.S))


def wait_for_cost(wanted: int) -> float:
    """Return the seconds until the forecast shows the wanted costs."""
    started = time.monotonic()
    while (found := cost_of()) != wanted:
        assert time.monotonic() - started < 20, f"the forecast shows {found}, not {wanted}"
        time.sleep(0.05)
    return time.monotonic() - started


def check_site_role() -> None:
    """The site's role can neither empty a table, nor make one, nor forge history."""
    url = (FOLDER / "secrets" / "database_url").read_text().strip()
    for statement in ("TRUNCATE budgets_costline", "CREATE TABLE own (a int)", "DELETE FROM budgets_costlineevent"):
        try:
            with psycopg.connect(url) as database:
                database.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            continue
        raise AssertionError(f"the site's role may {statement}")


def read_lines(name: str) -> list[str]:
    """The lines of a log, without what Celery itself says to a person when it is stopped."""
    lines = (FOLDER / f"{name}.log").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("worker: ")]


def check_logs() -> None:
    """Every line of every process is JSON with what a reader needs and nothing that is secret."""
    count = 0
    secrets = [path.read_text().strip() for path in (FOLDER / "secrets").iterdir() if "providers" not in path.name]
    secrets = [secret for secret in secrets if secret != "none"] + [EMAIL, PASSWORD, "secret-of-the-client"]
    for name in ("web", "worker", "beat"):
        text = (FOLDER / f"{name}.log").read_text()
        assert not [secret for secret in secrets if secret in text], f"a secret is in {name}.log"
        for line in read_lines(name):
            event = json.loads(line)
            assert {"time", "level", "logger", "message"} <= event.keys(), line
            assert event["time"].endswith("+00:00"), line
            assert not str(event.get("path", "")).startswith("/health/") or event["status"] >= 500, line
            count += 1
    requests = [json.loads(line) for line in read_lines("web")]
    requests = [
        event for event in requests if event["logger"] == "itsam.request" and event.get("request_id") == REQUEST_ID
    ]
    assert any(event["path"].startswith(SUB_BUDGET) and event["user_id"] and event["ms"] > 0 for event in requests)
    jobs = [json.loads(line) for line in read_lines("worker")]
    assert any(event.get("task") == "forecasts.roll_up" and event["task_id"] for event in jobs)
    sys.stdout.write(f"{count} lines of JSON, no secret among them\n")


STEPS = {
    "not-migrated": check_not_migrated,
    "ready": check_ready,
    "site": check_site,
    "broker-away": check_broker_away,
    "broker-back": check_broker_back,
    "database-away": check_database_away,
    "logs": check_logs,
}

if __name__ == "__main__":
    STEPS[sys.argv[3]]()
