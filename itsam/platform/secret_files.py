"""Settings that lie in files, as containers get their secrets: `NAME_FILE` names the file that holds `NAME`.

The trick: a secret is then neither in the container's description nor in the compose file. Standard library only.
"""

import os
from pathlib import Path
from typing import Final

NAMES: Final = (
    "SECRET_KEY",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "BROKER_URL",
    "EMAIL_HOST_PASSWORD",
    "OIDC_PROVIDERS",
    "SAML_PROVIDERS",
)


class SecretFileError(Exception):
    """A file of a setting is not there, unreadable or empty; the message names setting and file."""


def read_secret_files() -> None:
    """Set each setting whose file is named. SecretFileError says which could not be read."""
    for name in NAMES:
        file = os.environ.get(f"{name}_FILE")
        if file:
            value = _read(name, file)
            if os.environ.get(name, "") not in ("", value):
                raise SecretFileError(f"Both {name} and {name}_FILE are set, and they differ. Take one of them away.")
            os.environ[name] = value


def _read(name: str, file: str) -> str:
    try:
        value = Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SecretFileError(
            f"The setting {name}_FILE names {file}, which cannot be read: {error.strerror}."
        ) from None
    except UnicodeDecodeError:
        raise SecretFileError(f"The setting {name}_FILE names {file}, which is no text in UTF-8.") from None
    if not value:
        raise SecretFileError(f"The setting {name}_FILE names {file}, which is empty.")
    return value
