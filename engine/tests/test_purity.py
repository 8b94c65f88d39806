"""The engine imports nothing but the standard library and itself, has no float, no clock and no input or output.

It names nobody and nothing of a federation either: what only one customer has is data.
"""

import ast
import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

ENGINE = Path(__file__).resolve().parents[1]
MODULES = sorted(path for path in ENGINE.glob("*.py"))
IMPURE = {"float", "open", "print", "input"}
IMPURE_METHODS = {"today", "now", "utcnow", "time"}

DATA = ENGINE.parent / "itsam" / "demo" / "data"
# Files of the federation's data, with the columns that name what is its own.
NAMED_IN = {
    "municipalities.csv": ("name",),
    "assumed_parties.csv": ("name",),
    "objects.csv": ("code", "name_sv"),
    "products.csv": ("sub_budget", "product"),
    "published_sub_budgets.csv": ("sub_budget", "line"),
    "cost_lines.csv": ("product",),
    "investments.csv": ("name_sv",),
    "influenceable_costs.csv": ("name_sv",),
    "personnel_costs.csv": ("name_sv",),
}
ITS_OWN_NAME = {"Itsam", "Itsamtid"}
# Rows of every federation: the sum of a table.
OF_EVERYBODY = {"TOTAL", "Summa"}

PROBE = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
sys.modules["django"] = None
for name in sys.argv[2:]:
    importlib.import_module("engine." + name)
loaded = {name.partition(".")[0] for name, module in sys.modules.items() if module is not None}
foreign = loaded - sys.stdlib_module_names - {"engine", "__main__"}
assert not foreign, foreign
"""


def test_the_engine_loads_without_django_or_any_other_package() -> None:
    names = [path.stem for path in MODULES if path.stem != "__init__"]
    command = [sys.executable, "-I", "-S", "-c", PROBE, str(ENGINE.parent), *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_has_no_float_no_clock_and_no_input_or_output(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        assert not (isinstance(node, ast.Name) and node.id in IMPURE)
        assert not (isinstance(node, ast.Attribute) and node.attr in IMPURE_METHODS)


def read_names() -> set[str]:
    names = set(ITS_OWN_NAME)
    for file, columns in NAMED_IN.items():
        with (DATA / file).open(encoding="utf-8", newline="") as stream:
            names |= {row[column] for row in csv.DictReader(stream) for column in columns}
    return names - OF_EVERYBODY - {""}


def find_customer_names(source: str) -> list[str]:
    """The names of the federation that stand in a text as words of their own."""
    return sorted(name for name in read_names() if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", source))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_names_no_member_object_or_product_of_a_customer(path: Path) -> None:
    assert find_customer_names(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "name", ["Vimmerby", "klient", "grundanslag", "Hyra och el Teknikringen 9", "Revision", "Itsam"]
)
def test_a_name_of_the_federation_would_be_found(name: str) -> None:
    assert name in find_customer_names(f'("sub_budget/{name}", "TOTAL")')
