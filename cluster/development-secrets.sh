#!/bin/sh
# Creates the secrets that the charts refer to, for development. Existing secrets stay as they are, because a database
# keeps the password that it was created with. For other clusters see docs/deploying.md.
set -eu
context=${1:?the name of a kubectl context}

random() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# secret NAME KEY…: creates a secret with a random value for each key
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
