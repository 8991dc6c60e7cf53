const ignore = () => undefined;

/** Knex's own log, which it writes to the console: whatever it warns of reaches the caller as an error too. */
export const quiet = { warn: ignore, error: ignore, debug: ignore, deprecate: ignore };
