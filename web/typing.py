"""Types that many modules name alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

# What a template is given: every page adds its own names to it.
Context: TypeAlias = dict[str, Any]
# What JSON holds.
JsonValue: TypeAlias = str | int | float | bool | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None
