"""The engine imports nothing but the standard library and itself, has no float, no clock and no input or output."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ENGINE = Path(__file__).resolve().parents[1]
MODULES = sorted(path for path in ENGINE.glob("*.py"))
IMPURE = {"float", "open", "print", "input"}
IMPURE_METHODS = {"today", "now", "utcnow", "time"}

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
