#!/usr/bin/env bash
# What `make e2e` runs: creates a cluster, deploys the released images with Skaffold, and runs the test suites.
#   KEEP=1       keeps the cluster, for inspection or for the next run
#   PART=NAME    runs one part, such as network (test/e2e/network.e2e.ts) or blackbox
set -euo pipefail
cd "$(dirname "$0")/../.."

export CLUSTER_NAME=attendance-e2e
export KUBE_CONTEXT=kind-$CLUSTER_NAME
out=$PWD/.data/e2e
# keeps the caller's kubeconfig unchanged
export KUBECONFIG=$out/kubeconfig
mkdir -p "$out"

say() { printf '%s  %s\n' "$(date +%T)" "$*"; }

for tool in docker kind kubectl helm skaffold; do
  command -v "$tool" > /dev/null || { echo "make e2e needs $tool, and it is not on the PATH" >&2; exit 1; }
done

# Saves logs and events before the cluster is deleted.
save_state() {
  say "logs and events: $out/state"
  rm -rf "$out/state" && mkdir -p "$out/state"
  for namespace in attendance monitoring elsewhere; do
    kubectl -n "$namespace" get all,networkpolicies -o wide > "$out/state/$namespace.objects" 2>&1
    kubectl -n "$namespace" get events --sort-by=.lastTimestamp > "$out/state/$namespace.events" 2>&1
    kubectl -n "$namespace" describe pods > "$out/state/$namespace.pods" 2>&1
    for pod in $(kubectl -n "$namespace" get pods -o name 2> /dev/null); do
      kubectl -n "$namespace" logs --all-containers "$pod" > "$out/state/$namespace.${pod#pod/}.log" 2>&1
      kubectl -n "$namespace" logs --all-containers --previous "$pod" > "$out/state/$namespace.${pod#pod/}.previous.log" 2> /dev/null
    done
  done
}

forwarding=
finish() {
  status=$?
  trap - EXIT
  set +e
  [ -z "$forwarding" ] || kill "$forwarding" 2> /dev/null
  [ $status = 0 ] || save_state
  if [ -n "${KEEP:-}" ]; then
    say "the cluster is kept: export KUBECONFIG=$KUBECONFIG; kind delete cluster --name $CLUSTER_NAME"
  else
    kind delete cluster --name "$CLUSTER_NAME"
  fi
  exit $status
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# the tests import the compiled workspaces
node local/prepare.mjs > "$out/prepare.log" 2>&1 || { cat "$out/prepare.log"; exit 1; }
say 'cluster'
sh cluster/create.sh > "$out/cluster.log" 2>&1 || { cat "$out/cluster.log"; exit 1; }
say 'skaffold run -p ci,monitoring'
skaffold run -p ci,monitoring --kube-context "$KUBE_CONTEXT" > "$out/skaffold.log" 2>&1 || { tail -60 "$out/skaffold.log"; exit 1; }
if grep -i '\bwarn' "$out/skaffold.log"; then echo 'skaffold warned' >&2; exit 1; fi

mocha() { npx mocha --config test/e2e/mocharc.json "$@"; }

# Runs the black-box tests and the README's walk-through, which also run against the services on one machine.
blackbox() {
  kubectl port-forward service/gateway-service 18090:8090 > "$out/port-forward.log" 2>&1 &
  forwarding=$!
  timeout 30 sh -c 'until curl -fso /dev/null http://127.0.0.1:18090/openapi.json; do sleep 0.2; done'
  GATEWAY_URL=http://127.0.0.1:18090 mocha 'test/blackbox/**/*.test.ts' test/walkthrough.test.ts
  kill "$forwarding"
  forwarding=
}

# The order matters: the first parts change little, the half claims of chaos become stable during rollout, and the last
# part replaces the images.
parts=(podSecurity images rendered gitops secrets databases network helmTest monitoring reconcile largeEvent outage
  chaos rotation rollout copies migrations development)

say 'tests'
if [ "${PART:-}" = blackbox ]; then
  blackbox
elif [ -n "${PART:-}" ]; then
  mocha "test/e2e/$PART.e2e.ts"
else
  blackbox
  files=("${parts[@]/#/test/e2e/}")
  mocha "${files[@]/%/.e2e.ts}"
fi
say 'done'
