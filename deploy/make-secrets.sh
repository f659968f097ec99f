#!/bin/sh
# Makes the secrets of compose.yaml, those that are not there yet: deploy/secrets, for its owner alone.
# The files in it are readable for all because each container runs as a user of its own; the folder is not.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
chmod 700 secrets

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
# keep <name> <value>: written whole or not at all, and never a second time
keep() {
  [ -e "secrets/$1" ] && return 0
  printf '%s\n' "$2" >"secrets/.$1.new"
  chmod 644 "secrets/.$1.new"
  mv "secrets/.$1.new" "secrets/$1"
  echo "made deploy/secrets/$1"
}
read_secret() { tr -d '\n' <"secrets/$1"; }

keep server_secret "$(random)"
keep bootstrap_key "ops:$(random)"
keep grafana_password "$(random)"

keep postgres_password "$(random)"
keep ledger_url "postgres://tollgate:$(read_secret postgres_password)@postgres:5432/tollgate"

keep valkey_password "$(random)"
keep lines_url "redis://tollgate:$(read_secret valkey_password)@valkey:6379"
# everything a gateway does, nothing that empties or reconfigures the store
hash=$(read_secret valkey_password | sha256sum | cut -d' ' -f1)
keep valkey_users "user default off
user tollgate on #$hash ~* &* +@all -flushall -flushdb -swapdb -keys -config -debug -shutdown -module -replicaof -acl"
