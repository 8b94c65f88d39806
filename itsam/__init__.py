"""The wiring on top of the apps: settings, addresses, jobs, embedded services and commands; the page kit is in web/."""
