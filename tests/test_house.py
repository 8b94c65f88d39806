"""The house's walls that import-linter cannot see: who names addresses, words and rules, and where templates lie."""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

CHECKOUT = Path(__file__).resolve().parents[1]
NAME = re.compile(r"""["']([a-z_]+:[a-z_]+)["']""")
PLACE = re.compile(r"""["']((?:\w+/)+\w+\.(?:html|txt|jinja))["']""")
# What would let markup in a text through, and a text where makemessages does not look: not first, or not in one string.
UNESCAPED_OR_UNCOLLECTED = re.compile(
    r"""\|\s*safe\b|\bautoescape\b|{{(?!\s*_\()[^}]*?\b_\(|\b_\((?!"[^"]*"\))|\b(?:n?p?gettext|pgettext)\b|{%-?\s*trans"""
)


def read_layers() -> list[str]:
    """The apps from the ground up, as the contract on imports names them."""
    contracts = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if "layers" in contract and "containers" not in contract)
    return [app for layer in reversed(layers) for app in layer.split(" | ")]


FACTS = tuple(read_layers()[: read_layers().index("pages")])


def walk(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, str]]:
    """Each address's name and the app of its view."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern) and pattern.name:
            view = getattr(pattern.callback, "view_class", pattern.callback)
            yield f"{namespace}{pattern.name}", view.__module__.split(".")[0]


def list_sources(app: str) -> list[Path]:
    """An app's modules and templates; tests may name any page."""
    modules = [path for path in (CHECKOUT / app).rglob("*.py") if "tests" not in path.relative_to(CHECKOUT).parts]
    return [*modules, *(path for path in (CHECKOUT / "templates" / app).rglob("*") if path.is_file())]


def test_no_app_of_facts_names_a_page_of_an_app_above_it() -> None:
    layers, pages = read_layers(), dict(walk(get_resolver()))
    assert pages["budgets:sub_budget"] == "desk" and pages["reports:overview"] == "reports"
    wrong = [
        (str(path.relative_to(CHECKOUT)), name)
        for app in FACTS
        for path in list_sources(app)
        for name in NAME.findall(path.read_text(encoding="utf-8"))
        if name in pages and pages[name] in layers and layers.index(pages[name]) > layers.index(app)
    ]
    assert wrong == []


def test_a_template_lies_in_the_folder_of_an_app_that_its_drawer_may_import() -> None:
    layers = read_layers()
    wrong = [
        (str(path.relative_to(CHECKOUT)), place)
        for app in FACTS
        for path in list_sources(app)
        for place in PLACE.findall(path.read_text(encoding="utf-8"))
        if (owner := place.split("/")[0]) in layers and layers.index(owner) > layers.index(app)
    ]
    assert wrong == []


def test_a_jinja_template_turns_no_escaping_off_and_writes_its_texts_where_they_are_collected() -> None:
    wrong = [
        (str(path.relative_to(CHECKOUT)), found[0])
        for path in (CHECKOUT / "templates").rglob("*.jinja")
        for found in UNESCAPED_OR_UNCOLLECTED.finditer(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def list_modules() -> dict[str, Path]:
    """The modules of all apps but the engine's and the tests', by their path."""
    found = [path for app in read_layers() if app != "engine" for path in sorted((CHECKOUT / app).rglob("*.py"))]
    return {str(path.relative_to(CHECKOUT)): path for path in found if "tests" not in path.relative_to(CHECKOUT).parts}


@functools.cache
def list_imported(path: Path) -> frozenset[str]:
    """The full names of what a module imports from others."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return frozenset(f"{node.module}.{name.name}" for node in nodes for name in node.names)


ROLL_UP = "forecasts/services/roll_up.py"
# How sure a figure is and which year of whose plan it is, which are asked of more than forecasts.
OF_ALL = ("engine.provenance.", "engine.years.")
# What a rule of the forecasts is asked for besides the stored figures.
WHAT_IF = {
    (
        "forecasts/selectors/councils.py",
        "engine.framework.framework_at",
    ): "what is in force today: a forecast tells year ends",
    ("forecasts/selectors/interest.py", "engine.loan_sources.trace_debt"): "where the interest on a debt comes from",
    ("forecasts/selectors/loans.py", "engine.framework.headroom"): "what a framework that is not in force would leave",
    ("forecasts/selectors/scenarios.py", "engine.framework.headroom"): "what each would leave of a debt that is tried",
}


def test_only_the_roll_up_computes_a_forecast_figure_and_all_others_read_the_stored_row() -> None:
    modules = list_modules()
    rules = {
        name for name in list_imported(modules[ROLL_UP]) if name.startswith("engine.") and not name.startswith(OF_ALL)
    }
    assert {"engine.result.result_rows", "engine.grant.grant_rows", "engine.loans.roll_forward"} <= rules
    used = {(name, rule) for name, path in modules.items() for rule in list_imported(path) & rules if name != ROLL_UP}
    assert used == set(WHAT_IF)


TRANSLATING = ("gettext", "ngettext", "pgettext", "npgettext")
SAYING = {f"django.utils.translation.{name}{lazy}" for name in TRANSLATING for lazy in ("", "_lazy")}
LEADING = {"django.urls.reverse", "django.urls.reverse_lazy", "django.shortcuts.resolve_url"}


def test_a_selector_holds_no_sentence_and_no_address() -> None:
    """It answers what is the case; words, rows, views and templates say it and lead on."""
    wrong = [
        (name, found)
        for name, path in list_modules().items()
        if "selectors" in path.parts or path.stem == "selectors"
        for found in sorted(list_imported(path))
        if found in SAYING | LEADING or found.startswith(("pages.addresses.", "web.addresses."))
    ]
    assert wrong == []


def list_folders(app: str) -> list[str]:
    """The rooms of an app, by name."""
    rooms = [path.parent.name for path in (CHECKOUT / app).glob("*/__init__.py")]
    return sorted(room for room in rooms if room not in ("tests", "migrations"))


def test_the_house_names_every_page_and_the_flow_every_app_from_the_ground_up() -> None:
    """Whoever looks for a place opens these first."""
    house, flow = ((CHECKOUT / "docs" / name).read_text(encoding="utf-8") for name in ("house.md", "flow.md"))
    named = house[house.index("The pages of `desk/`") :].split("\n\n")[0]
    assert [room for app in ("desk", "reports") for room in list_folders(app) if f"`{room}`" not in named] == []
    told = re.findall(r"^(\w+) {2,}\S", flow, re.MULTILINE)
    assert set(told) == {*read_layers(), "itsam"}
    assert [app for app in told if app in FACTS] == list(FACTS)


HOP = re.compile(r"^\d+\. `(?:(\w+\.js) )?([\w.]+)`$", re.MULTILINE)


def find_hop(name: str) -> object:
    """A function by its full name. AttributeError, ModuleNotFoundError."""
    parts = name.split(".")
    depth = next(n for n in range(len(parts), 0, -1) if find_spec_of(".".join(parts[:n])))
    hop: object = import_module(".".join(parts[:depth]))
    for part in parts[depth:]:
        hop = getattr(hop, part)
    return hop


def find_spec_of(name: str) -> bool:
    return (CHECKOUT / name.replace(".", "/")).with_suffix(".py").exists()


def test_the_walk_of_an_amount_names_functions_that_exist_and_is_short() -> None:
    hops = HOP.findall((CHECKOUT / "docs" / "house.md").read_text(encoding="utf-8"))
    assert 40 <= len(hops) <= 50
    for script, name in hops:
        if script:
            text = (CHECKOUT / "static" / "grid" / script).read_text(encoding="utf-8")
            assert re.search(rf"^  (async )?{name}\(", text, re.MULTILINE), f"{script} has no {name}"
        else:
            assert callable(find_hop(name)), name


def test_a_section_and_the_table_in_it_are_not_two_landmarks_of_one_name() -> None:
    twice = {}
    for path in sorted((CHECKOUT / "templates").rglob("*.*")):
        text = path.read_text(encoding="utf-8")
        regions = set(re.findall(r'role="region"[^>]*aria-labelledby="([^"]+)"', text))
        names = regions & set(re.findall(r'<section[^>]*aria-labelledby="([^"]+)"', text))
        if names:
            twice[path.name] = names
    assert twice == {}
