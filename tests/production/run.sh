#!/bin/bash
# The production set-up without containers: Debian's PostgreSQL and Redis, the compose file's own scripts and commands.
# Needs Debian or Ubuntu and root. Everything is made in a new folder and stopped and removed at the end.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/.venv/bin:$PATH"
export PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
[ "$(id -u)" = 0 ] || { echo "run.sh needs root, to install packages and to run PostgreSQL as its own user." >&2; exit 1; }

say() { echo "== $*"; }
postgres_programs() { find /usr/lib/postgresql -name initdb -printf '%h\n' 2>/dev/null | sort -V | tail -1; }
if [ -z "$(postgres_programs)" ] || ! command -v redis-server >/dev/null; then
  say "Installing PostgreSQL and Redis"
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  apt-get update -q
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends postgresql redis-server
fi
programs=$(postgres_programs)

folder=$(mktemp -d /tmp/itsam-production.XXXXXX)
chmod 0755 "$folder"
declare -A pids=()
read -r database_port broker_port web_port < <(python - <<'PY'
import socket
probes = [socket.socket() for _ in range(3)]
for probe in probes:
    probe.bind(("127.0.0.1", 0))
print(*(probe.getsockname()[1] for probe in probes))
PY
)

start() { # NAME COMMAND…: in the background, with its log
  local name=$1
  shift
  "$@" >>"$folder/$name.log" 2>&1 &
  pids[$name]=$!
}
stop() { # NAME…: and wait for it
  local name
  for name in "$@"; do
    [ -n "${pids[$name]:-}" ] || continue
    kill -TERM "${pids[$name]}" 2>/dev/null || true
    wait "${pids[$name]}" 2>/dev/null || true
    unset "pids[$name]"
  done
}
start_database() {
  runuser -u postgres -- "$programs/pg_ctl" -D "$folder/postgres" -w -s -l "$folder/socket/postgres.log" start \
    -o "-p $database_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder/socket"
}
stop_database() { runuser -u postgres -- "$programs/pg_ctl" -D "$folder/postgres" -s -m fast stop; }
start_broker() {
  BROKER_PASSWORD_FILE=$folder/secrets/broker_password REDIS_RUN=$folder/redis REDIS_DATA=$folder/redis \
    REDIS_BIND=127.0.0.1 REDIS_PORT=$broker_port start broker deploy/redis/start.sh
}
end() {
  local code=$?
  stop web worker beat broker
  [ ! -e "$folder/postgres/postmaster.pid" ] || stop_database || true
  if [ $code = 0 ] && [ -z "${KEEP:-}" ]; then rm -rf "$folder"; else echo "The folder is kept: $folder" >&2; fi
  [ $code = 0 ] || for log in web worker beat; do echo "--- $log"; tail -5 "$folder/$log.log" 2>/dev/null; done >&2
  exit $code
}
trap end EXIT

say "Secrets, by deploy/make-secrets"
DATABASE_ADDRESS=127.0.0.1:$database_port BROKER_ADDRESS=127.0.0.1:$broker_port deploy/make-secrets "$folder/secrets" >/dev/null

say "PostgreSQL $("$programs/postgres" --version | cut -d' ' -f3) with two roles, by deploy/postgres/init.sh"
install -d -o postgres -g postgres -m 0700 "$folder/postgres"
install -d -o postgres -g postgres -m 0755 "$folder/socket"
runuser -u postgres -- "$programs/initdb" -D "$folder/postgres" --data-checksums --encoding=UTF8 --locale=C.UTF-8 \
  --auth-local=trust --auth-host=scram-sha-256 --no-sync >/dev/null
start_database
make_roles() {
  OWNER_PASSWORD_FILE=$folder/secrets/owner_password SITE_PASSWORD_FILE=$folder/secrets/site_password \
    PGHOST=$folder/socket PGPORT=$database_port deploy/postgres/init.sh
}
make_roles
make_roles # a second time changes nothing

say "Redis $(redis-server --version | cut -d' ' -f3), by deploy/redis/start.sh"
install -d -m 0700 "$folder/redis"
start_broker

# As docker-compose.yml sets them; the folder stands for the volumes.
export ALLOWED_HOSTS=budget.example.org BEHIND_PROXY=1 LOG_FORMAT=json EMAIL_HOST=smtp.example.org
export EMAIL_BACKEND=django.core.mail.backends.filebased.EmailBackend EMAIL_FILE_PATH=$folder/mail
export SECRET_KEY_FILE=$folder/secrets/secret_key DATABASE_URL_FILE=$folder/secrets/database_url
export BROKER_URL_FILE=$folder/secrets/broker_url OIDC_PROVIDERS_FILE=$folder/secrets/oidc_providers
export STATIC_ROOT=$folder/static FILES_ROOT=$folder/data/files ITSAM_VAR=$folder/data
export WEB_BIND=127.0.0.1:$web_port BEAT_SCHEDULE=$folder/beat-schedule SECURITY_CONTACT=mailto:security@example.org
export SECURITY_CONTACT_EXPIRES=2099-12-31
# Debian's server is older than the one the backup's own programs are for.
export POSTGRES_PROGRAMS=$programs
cat >"$folder/secrets/oidc_providers" <<'JSON'
[{"id": "vimmerby", "name": "Vimmerby kommun", "domains": ["vimmerby.se"], "client_id": "itsam",
  "secret": "secret-of-the-client", "server_url": "https://login.example.org/vimmerby"}]
JSON
run_site() { deploy/run "$@"; }
run_owner() { DATABASE_OWNER_URL_FILE=$folder/secrets/database_owner_url deploy/run "$@"; }
walk() { python -m tests.production.walk "$folder" "$web_port" "$@"; }

say "manage.py check --deploy"
run_site check --deploy --fail-level WARNING 2>&1
run_site collectstatic --noinput --verbosity 0

say "The site before its migrations is alive and not ready"
start web deploy/run web
walk not-migrated

say "Migrations as the owner; the site becomes ready without a restart"
run_owner migrate --noinput --verbosity 0
walk ready
run_site probe

say "Worker and beat"
# In its container the worker is no superuser; here it is, and would be warned of it.
export PYTHONWARNINGS="ignore:You're running the worker with superuser privileges"
start worker deploy/run worker
start beat deploy/run beat

say "Demo, and a user of its own who may sign in through the proxy"
run_site load_demo 2>"$folder/load_demo.log" >/dev/null
run_site shell --verbosity 0 <tests/production/user.py

say "Over the proxy's headers: sign in, change a line, wait for its forecast; cookies, headers, roles"
walk site
run_site ping-worker >/dev/null

say "Redis away: not ready, an edit is saved all the same; Redis back: the forecast follows"
stop broker
walk broker-away
start_broker
walk broker-back

say "PostgreSQL away: alive, not ready; back: ready without a restart"
stop_database
walk database-away
start_database
walk ready

say "Backup"
mkdir -p "$folder/data/files/kept"
echo "a stored file" >"$folder/data/files/kept/file.txt"
stop worker beat
run_site forecast budget-2027 --json >"$folder/before.json"
run_owner backup "$folder/backups/itsam.dump"
stop web

say "Restore into an empty cluster and an empty folder"
stop_database
rm -rf "$folder/postgres" "$folder/data/files"
install -d -o postgres -g postgres -m 0700 "$folder/postgres"
runuser -u postgres -- "$programs/initdb" -D "$folder/postgres" --data-checksums --encoding=UTF8 --locale=C.UTF-8 \
  --auth-local=trust --auth-host=scram-sha-256 --no-sync >/dev/null
start_database
make_roles
run_owner restore "$folder/backups/itsam.dump"
run_owner migrate --noinput --verbosity 0
run_site forecast budget-2027 --json >"$folder/after.json"
cmp "$folder/before.json" "$folder/after.json"
[ "$(cat "$folder/data/files/kept/file.txt")" = "a stored file" ]
echo "forecast --json: $(wc -c <"$folder/after.json") bytes, the same byte for byte"
start web deploy/run web
start worker deploy/run worker
walk site
stop web worker

say "Logs"
walk logs
say "All is well"
