"""What was measured, on what machine, as JSON for scripts and a table for people."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import Figure, fetch

RESULTS = Path(__file__).parent / "results"


def describe_machine() -> dict[str, str]:
    """Processor, cores, memory and versions; nothing that tells whose machine it is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": _find_processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load when done": f"{os.getloadavg()[2]:.1f} over 15 minutes, with the benchmarks' own",
        "postgresql": str(fetch("SELECT current_setting('server_version')")[0][0]),
    }


def _find_processor() -> str:
    file = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", file.read_text(), re.MULTILINE) if file.exists() else None
    return found[1] if found else platform.processor() or platform.machine()


def format_table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [
        f"| {figure.name} | {_value(figure)} | {figure.bound:g} {figure.unit} | {_verdict(figure)} |"
        for figure in figures
    ]
    return "\n".join(["| Figure | Measured | At most | Holds |", "|---|---:|---:|---|", *rows])


def _value(figure: Figure) -> str:
    return "–" if figure.value is None else f"{figure.value:.2f} {figure.unit}"


def _verdict(figure: Figure) -> str:
    return f"not measured: {figure.reason}" if figure.value is None else "yes" if figure.holds else "**no**"


def store(figures: Sequence[Figure], machine: dict[str, str]) -> Path:
    """Writes both files; returns the one for people, as a path inside the project."""
    today = datetime.now(UTC).date().isoformat()
    kind = re.sub(
        r"[^a-z0-9]+", "-", f"{machine['processor']} {machine['cores']} cores {machine['memory']}".lower()
    ).strip("-")
    path = RESULTS / f"{today}-{kind}"
    RESULTS.mkdir(exist_ok=True)
    rows = [{**asdict(figure), "holds": figure.holds} for figure in figures]
    content = {"measured_on": today, "machine": machine, "figures": rows}
    path.with_suffix(".json").write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    path.with_suffix(".md").write_text(_document(today, machine, figures))
    return path.with_suffix(".md").relative_to(RESULTS.parent.parent)


def _document(today: str, machine: dict[str, str], figures: Sequence[Figure]) -> str:
    facts = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    details = "\n".join(
        f"- {figure.name}: " + ", ".join(f"{name} {value}" for name, value in figure.details.items())
        for figure in figures
        if figure.details
    )
    return f"# Speed and size, {today}\n\n{facts}\n\n{format_table(figures)}\n\n## Behind the figures\n\n{details}\n"
