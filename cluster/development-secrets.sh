#!/bin/sh
# Makes the secrets that the charts refer to, each once: a database that was set up with a password keeps it, so a
# secret that exists stays as it is. For development alone; docs/deploying.md says where they come from elsewhere.
set -eu
context=${1:?the name of a kubectl context}

random() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# secret NAME KEY…: each key with a value of its own
secret() {
  name=$1; shift
  if kubectl --context "$context" --namespace attendance get secret "$name" > /dev/null 2>&1; then
    echo "secret/$name unchanged"
    return
  fi
  literals=
  for key in "$@"; do literals="$literals --from-literal=$key=$(random)"; done
  # shellcheck disable=SC2086 # one word for each key
  kubectl --context "$context" --namespace attendance create secret generic "$name" $literals
}

secret postgres-admin password
secret author-database owner-password service-password
secret conference-database owner-password service-password
secret service-token token
