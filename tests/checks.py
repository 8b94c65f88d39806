"""Two habits of tests that no linter knows: what a test declares it reads, and nothing reads the clock when imported.

A parameter that no line reads is an expected value that is never compared, whatever its name begins with. A date that
is computed when a module is imported is yesterday's in a run over midnight, and another one in each test process.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
CLOCKS = {
    "date.today", "datetime.now", "datetime.today", "datetime.utcnow", "time.monotonic", "time.time",
    "timezone.localdate", "timezone.localtime", "timezone.now",
}  # fmt: skip
Function = ast.FunctionDef | ast.AsyncFunctionDef


def find_faults(source: str) -> list[tuple[int, str]]:
    """The faults of a module, each with its line."""
    module = ast.parse(source)
    return sorted([*_find_unread_parameters(module), *_find_clocks(module.body)])


def _find_unread_parameters(module: ast.Module) -> Iterator[tuple[int, str]]:
    named = _find_named_marks(module)
    for function in ast.walk(module):
        if isinstance(function, Function):
            read = {node.id for line in function.body for node in ast.walk(line) if isinstance(node, ast.Name)}
            for name in _list_parameters(function, named):
                if name not in read:
                    yield function.lineno, f"{function.name} never reads its parameter {name}"


def _find_named_marks(module: ast.Module) -> dict[str, ast.expr]:
    """What stands behind a decorator that has a name of its own."""
    assigned = [node for node in module.body if isinstance(node, ast.Assign)]
    return {target.id: node.value for node in assigned for target in node.targets if isinstance(target, ast.Name)}


def _list_parameters(function: Function, named: dict[str, ast.expr]) -> Iterator[str]:
    """The names that pytest.mark.parametrize gives."""
    for decorator in function.decorator_list:
        mark = named.get(decorator.id) if isinstance(decorator, ast.Name) else decorator
        if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("mark.parametrize"):
            names = ast.literal_eval(mark.args[0])
            yield from (name.strip() for name in (names.split(",") if isinstance(names, str) else names))


def _find_clocks(statements: list[ast.stmt]) -> Iterator[tuple[int, str]]:
    pending: list[ast.AST] = list(statements)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Call) and ".".join(ast.unparse(node.func).split(".")[-2:]) in CLOCKS:
            yield node.lineno, f"{ast.unparse(node)} is computed when the module is imported"
        pending += _list_parts_run_at_import(node)


def _list_parts_run_at_import(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Lambda):
        return [node.args]
    if isinstance(node, Function):
        return [*node.decorator_list, node.args]
    return list(ast.iter_child_nodes(node))


def main() -> int:
    """Name every fault in the project's modules; the number of them ends the process."""
    folders = [path.parent for path in CHECKOUT.glob("*/__init__.py")]
    faults = [
        f"{path.relative_to(CHECKOUT)}:{line}: {words}\n"
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        for line, words in find_faults(path.read_text(encoding="utf-8"))
    ]
    sys.stderr.writelines(faults)
    return min(len(faults), 1)


if __name__ == "__main__":
    sys.exit(main())
