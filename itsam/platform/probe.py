"""``python -m itsam.platform.probe``: ask the site of this container whether it is ready. Standard library only.

The trick: it asks by a name that the site answers to, so that the list of names needs none for probes.
"""

import os
import sys
import urllib.error
import urllib.request


def main() -> None:
    """Exit with 0 when ready; else say why and exit with 1."""
    port = os.environ.get("WEB_BIND", "0.0.0.0:8000").rpartition(":")[2]
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    request = urllib.request.Request(f"http://127.0.0.1:{port}/health/ready", headers={"Host": host})
    try:
        urllib.request.urlopen(request, timeout=8).close()
    except urllib.error.HTTPError as error:
        sys.exit(error.read().decode(errors="replace"))
    except OSError as error:
        sys.exit(f"The site does not answer: {error}")


if __name__ == "__main__":
    main()
