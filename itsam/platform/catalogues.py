"""Checks that the Swedish catalogue is whole: every text of code and templates is translated, none is doubtful, and
the compiled file is that of the texts. English is the language of the texts themselves and needs no catalogue, but for
the texts of the sign-in library.

The trick: texts are collected in a copy of the checkout, so that a check changes nothing.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
CATALOGUE = Path("locale/sv/LC_MESSAGES/django.po")
ENGLISH = Path("accounts/english/en/LC_MESSAGES/django.po")
LEFT_OUT = (".venv", "var", ".git", "node_modules", "__pycache__", "*_cache")
HEADER = 'msgid ""'
ENDINGS = "html,txt,py,jinja"


def find_problems(checkout: Path) -> list[str]:
    """Return what is wrong with the catalogue, in words; collects the texts into the checkout's own catalogue."""
    collected = subprocess.run(
        [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "-l",
            "sv",
            f"--extension={ENDINGS}",
            "--no-obsolete",
            "--no-location",
        ],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    if collected.returncode:
        return [collected.stderr]
    catalogue = checkout / CATALOGUE
    return [
        *(f"not translated: {text}" for text in _texts(catalogue, "--untranslated")),
        *(f"doubtful (fuzzy): {text}" for text in _texts(catalogue, "--only-fuzzy")),
        *_find_stale(checkout, CATALOGUE),
        *_find_stale(checkout, ENGLISH),
    ]


def _texts(catalogue: Path, which: str) -> list[str]:
    listing = subprocess.run(
        ["msgattrib", which, "--no-wrap", str(catalogue)], capture_output=True, text=True, check=True
    )
    return [line for line in listing.stdout.splitlines() if line.startswith("msgid ") and line != HEADER]


def _find_stale(checkout: Path, name: Path) -> list[str]:
    """Compare what the compiled files say; the creation date in the header may differ."""
    catalogue = checkout / name
    compiled = catalogue.with_suffix(".mo")
    fresh = catalogue.with_name("fresh.mo")
    subprocess.run(["msgfmt", "-o", str(fresh), str(catalogue)], check=True)
    if compiled.exists() and _unformatted(compiled) == _unformatted(fresh):
        return []
    return [f"{name.with_suffix('.mo')} is older than its texts: run make messages"]


def _unformatted(compiled: Path) -> list[str]:
    text = subprocess.run(
        ["msgunfmt", "--sort-output", str(compiled)], capture_output=True, text=True, check=True
    ).stdout
    return [line for line in text.splitlines() if "POT-Creation-Date" not in line]


def main() -> None:
    """Exit with the list of problems, if there are any."""
    if shutil.which("msgfmt") is None:
        sys.exit("gettext is needed to check the texts: install the package gettext.")
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder) / "checkout"
        shutil.copytree(CHECKOUT, checkout, ignore=shutil.ignore_patterns(*LEFT_OUT))
        problems = find_problems(checkout)
    if problems:
        sys.exit("\n".join(["The Swedish texts are not complete:", *problems]))


if __name__ == "__main__":
    main()
