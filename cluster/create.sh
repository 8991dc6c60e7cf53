#!/bin/sh
# Creates the kind cluster, the namespace and the development secrets, if they are missing.
#   CLUSTER_NAME   name of the cluster; default: attendance
#   KIND_IMAGE     node image of the cluster; default: kind's
set -eu
cd "$(dirname "$0")"

for tool in docker kind kubectl; do
  command -v "$tool" > /dev/null || { echo "$tool is not on the PATH: install it to use make cluster" >&2; exit 1; }
done
docker info > /dev/null 2>&1 || { echo 'docker info fails: start a Docker engine to use make cluster' >&2; exit 1; }

cluster=${CLUSTER_NAME:-attendance}
context=kind-$cluster
if kind get clusters 2> /dev/null | grep -qx "$cluster"; then
  kind export kubeconfig --name "$cluster" > /dev/null 2>&1
else
  kind create cluster --name "$cluster" --config kind.yaml --wait 120s ${KIND_IMAGE:+--image "$KIND_IMAGE"}
fi

kubectl --context "$context" apply -f namespace.yaml
# kubectl, helm and skaffold use this namespace by default
kubectl config set-context "$context" --namespace attendance > /dev/null
sh development-secrets.sh "$context"
echo "ready: skaffold dev, or skaffold run (context $context, namespace attendance)"
