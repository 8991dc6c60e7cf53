# A convenience: each target is the npm script of the same name.

.PHONY: start test check build lint clean

start:
	@MAKE_PID=$$PPID exec sh local/foreground.sh npm run --silent start

test check build lint clean:
	@npm run --silent $@
