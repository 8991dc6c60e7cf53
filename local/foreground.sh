# Runs a command for make, which stops it however make itself is stopped.
#
# In a terminal, Ctrl-C would reach make as well, and make would then call an orderly stop an error: so the command
# becomes a job of its own, the one that the terminal talks to. Elsewhere it takes the place of this shell, so that
# make's SIGTERM reaches it.

# only where make is in the foreground itself (`make start &` is not), told by its process group
foreground() {
  [ -t 0 ] || return 1
  if [ -r /proc/self/stat ]; then
    read -r _ _ _ _ group _ _ terminal _ </proc/self/stat
    [ "$group" = "$terminal" ]
  else
    case $(ps -o stat= -p $$) in *+*) ;; *) return 1 ;; esac
  fi
}

if foreground; then
  set -m
  "$@"
else
  exec "$@"
fi
