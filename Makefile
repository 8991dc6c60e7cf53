# A convenience: each target is the npm script of the same name.

.PHONY: start test verify check build lint clean

start:
	@node local/start.mjs

test verify check build lint clean:
	@npm run --silent $@

# Kubernetes: docs/deploying.md

.PHONY: cluster e2e

cluster:
	@sh cluster/create.sh

# KEEP=1 keeps its cluster, PART=network runs one part
e2e:
	@bash test/e2e/run.sh
