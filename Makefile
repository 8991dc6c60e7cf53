# Each of these does what the npm script of the same name does. npm is not between make and a signal to `start`.

.PHONY: start test verify check build lint clean

start:
	@node local/start.mjs

test verify check build lint clean:
	@npm run --silent $@

# Kubernetes: docs/deploying.md

.PHONY: cluster e2e

cluster:
	@sh cluster/create.sh

# KEEP=1 keeps the cluster, PART=network runs test/e2e/network.e2e.ts only
e2e:
	@bash test/e2e/run.sh
