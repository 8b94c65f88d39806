#!/bin/sh
# Redis with a password from a file and an append-only log, so that a restart loses no job.
set -eu
umask 077
file="${BROKER_PASSWORD_FILE:-/run/secrets/broker_password}"
[ -s "$file" ] || { echo "start.sh: the password file $file is missing, unreadable or empty." >&2; exit 1; }
# The password goes by a file in memory: it is not on the command line.
configuration="${REDIS_RUN:-/run/redis}/redis.conf"
cat >"$configuration" <<EOF_CONFIGURATION
bind ${REDIS_BIND:-0.0.0.0}
port ${REDIS_PORT:-6379}
dir ${REDIS_DATA:-/data}
requirepass $(cat "$file")
appendonly yes
save ""
maxmemory-policy noeviction
EOF_CONFIGURATION
exec redis-server "$configuration"
