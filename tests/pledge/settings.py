"""The site's settings, and one app more."""

from itsam.settings import *  # noqa: F403
from itsam.settings import INSTALLED_APPS as APPS

INSTALLED_APPS = [*APPS, "tests.pledge"]
