"""Solves the demo's posts, pools and weights from what is published: `python -m itsam.demo.solve_pools`, run by hand.

It writes posts.csv, post_parts.csv, pool_lines.csv and pool_weights.csv; the same input gives the same files. Pay comes
first, then what teams cost beside it, then who works for whom: every published figure of the three years is exact, and
every krona of it has a post, a line and hours behind it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from engine.money import allocate, round_ore, to_fraction
from engine.years import Amounts
from itsam.demo.assumed_staff import (
    GRANT_POSTS,
    HIRED,
    HOURS_OF_YEARS,
    ONE_SERVER,
    OTHER_STAFF,
    OVERHEAD,
    TEAM_POSTS,
    TEAMS,
    AssumedPost,
)
from itsam.demo.solve_posts import PaidPost, Pay, solve_grant_posts, solve_team_posts
from itsam.demo.solve_weights import Hours, aim, find_windows, solve_hours
from itsam.demo.solving import DATA, YEARS, Figures, read_figures

ASSUMED = "assumed"
# What a line of a pool is counted in: hundreds of SEK, in öre.
STEP = 10_000


class Line(NamedTuple):
    """A cost of a pool beside its posts, öre."""

    pool: str
    text: str
    row: str
    amounts: Amounts


class Team(NamedTuple):
    """A team: the hours of its posts, and what it costs a year with its part of the overhead, öre."""

    hours: int
    costs: Amounts


def main(folder: Path = DATA) -> None:
    """Solve, and write the files."""
    figures = read_figures(folder)
    pay = Pay(folder)
    grant = solve_grant_posts(GRANT_POSTS, figures, pay)
    team_posts = solve_team_posts(TEAM_POSTS, sum_posts(grant, pay), figures, pay)
    windows = find_windows(figures, sum_posts(grant, pay))
    lines = make_lines(team_posts, windows.totals, figures, pay)
    teams = cost_teams(team_posts, lines, pay)
    targets = aim(figures, windows, [sum(team.costs[year] for team in teams.values()) for year in YEARS])
    hours = [solve_hours(targets[year], {n: (t.hours, t.costs[year]) for n, t in teams.items()}) for year in YEARS]
    write_posts(folder, [*grant, *team_posts])
    write_lines(folder, lines)
    write_weights(folder, teams, hours, figures)


def sum_posts(posts: Iterable[PaidPost], pay: Pay) -> Amounts:
    """Return what posts cost, öre."""
    costs = [pay.cost(post.assumed, post.pay) for post in posts]
    first, second, third = (sum(cost[year] for cost in costs) for year in YEARS)
    return first, second, third


def split_posts(posts: Sequence[PaidPost], pay: Pay) -> dict[str, Amounts]:
    """Return what teams bear of posts, öre; row by row, as the calculation does."""
    sums = {team: [0, 0, 0] for team in TEAMS}
    for post in posts:
        for team, amounts in pay.split(post.assumed, post.pay).items():
            sums[team] = [whole + part for whole, part in zip(sums[team], amounts, strict=True)]
    return {team: (first, second, third) for team, (first, second, third) in sums.items()}


def count_hours(posts: Sequence[PaidPost], per_full_time: int) -> dict[str, int]:
    """Return the hours of each team's posts."""
    hours = {team: to_fraction(0) for team in TEAMS}
    for post in posts:
        whole = sum(weight for _team, weight in post.assumed.carriers)
        for team, weight in post.assumed.carriers:
            hours[team] += to_fraction(weight) / whole * post.assumed.percent / 100 * per_full_time
    return {team: int(found) for team, found in hours.items()}


def make_lines(posts: Sequence[PaidPost], totals: list[int], figures: Figures, pay: Pay) -> list[Line]:
    """Return what pools cost beside posts: hired and other staff rise with pay, the overhead is the rest of the total.

    The overhead is published in tkr only; its total of a year is free within that.
    """
    hours = count_hours(posts, pay.hours)
    other = allocate(OTHER_STAFF[1] * 100 // STEP, [hours[team] for team in TEAMS])
    staff = [
        *(Line(team, text, "hired_staff", raise_steps(sek * 100 // STEP)) for team, (text, sek) in HIRED.items()),
        *(
            Line(team, OTHER_STAFF[0], "other_staff", raise_steps(part))
            for team, part in zip(TEAMS, other, strict=True)
        ),
    ]
    paid = sum_posts(posts, pay)
    left = [totals[year] - paid[year] - sum(line.amounts[year] for line in staff) for year in YEARS]
    parts = [allocate(round_ore(to_fraction(ore) / STEP), list(OVERHEAD.values())) for ore in left]
    overhead = [
        Line("overhead", text, "other", (a * STEP, b * STEP, c * STEP))
        for text, a, b, c in zip(OVERHEAD, *parts, strict=True)
    ]
    servers = Line("central_it", "Drift av servrar för produkter", "other", figures.sum_kind("server_operation"))
    return [*staff, *overhead, servers]


def raise_steps(steps: int) -> Amounts:
    """Return three years' öre of steps that rise by 3 % a year, each rounded to a step."""
    first, second, third = (round_ore(to_fraction(steps) * 103**year / 100**year) * STEP for year in YEARS)
    return first, second, third


def cost_teams(posts: Sequence[PaidPost], lines: list[Line], pay: Pay) -> dict[str, Team]:
    """Return the teams with their part of the overhead, which is placed on them by their hours."""
    hours, paid = count_hours(posts, pay.hours), split_posts(posts, pay)
    costs = []
    for year in YEARS:
        overhead = sum(line.amounts[year] for line in lines if line.pool == "overhead")
        parts = allocate(overhead, [hours[team] for team in TEAMS])
        own = [paid[t][year] + sum(line.amounts[year] for line in lines if line.pool == t) for t in TEAMS]
        costs.append([part + ore for part, ore in zip(parts, own, strict=True)])
    return {team: Team(hours[team], (a, b, c)) for team, a, b, c in zip(TEAMS, *costs, strict=True)}


def write_posts(folder: Path, posts: Sequence[PaidPost]) -> None:
    """Write posts, and who carries them."""
    columns = ("post", "title", "unit", "kind", "employment_percent", "monthly_pay_sek", "pay_from", "provenance")
    coded = [(f"P{number:02}", post) for number, post in enumerate(posts, 1)]
    rows = [
        (code, p.assumed.title, p.assumed.unit, p.assumed.kind, p.assumed.percent, p.pay, "2026-01-01", ASSUMED)
        for code, p in coded
    ]
    write(folder / "posts.csv", columns, rows)
    parts = [
        (code, *_carrier(post.assumed, to), weight) for code, post in coded for to, weight in post.assumed.carriers
    ]
    write(folder / "post_parts.csv", ("post", "pool", "product", "weight"), parts)


def _carrier(post: AssumedPost, name: str) -> tuple[str, str]:
    return (name, "") if name in TEAMS else ("", name)


def write_lines(folder: Path, lines: list[Line]) -> None:
    """Write what pools cost beside posts."""
    columns = ("pool", "text", "row", "sek_2026", "sek_2027", "sek_2028", "provenance")
    write(
        folder / "pool_lines.csv",
        columns,
        [(line.pool, line.text, line.row, *(ore // 100 for ore in line.amounts), ASSUMED) for line in lines],
    )


def write_weights(folder: Path, teams: dict[str, Team], hours: list[Hours], figures: Figures) -> None:
    """Write whom pools serve: the overhead teams by their hours, teams products, and servers products."""
    rows: list[tuple[object, ...]] = [
        ("overhead", name, "", "", *[team.hours] * 3, ASSUMED) for name, team in teams.items()
    ]
    for team in TEAMS:
        for target in sorted({t for year in hours for t, by in year.items() if team in by}, key=figures.place):
            weights = [hundredths(year[target][team]) for year in hours]
            rows.append((team, "", *target, *weights, ASSUMED))
    rows.extend(list_servers(figures))
    columns = ("pool", "to_pool", "sub_budget", "product", "weight_2026", "weight_2027", "weight_2028", "provenance")
    write(folder / "pool_weights.csv", columns, rows)


def list_servers(figures: Figures) -> list[tuple[object, ...]]:
    """Return the hours of servers that products use: a server that runs all year tells what an hour costs."""
    servers, rows = figures.amounts_of("server_operation"), list[tuple[object, ...]]()
    one = next(amounts for target, amounts in servers.items() if target.product == ONE_SERVER)
    for target, amounts in servers.items():
        hours = [round_ore(to_fraction(amounts[year]) * HOURS_OF_YEARS[year] * 100 / one[year]) for year in YEARS]
        rows.append(("central_it", "", *target, *map(hundredths, hours), ASSUMED))
    return rows


def hundredths(count: int) -> str:
    """Return hundredths as a number with a point and no zeros at its end."""
    return f"{count // 100}.{count % 100:02}".rstrip("0").rstrip(".")


def write(path: Path, columns: tuple[str, ...], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
