// what `make start` runs: the second part needs what the first one makes
import './prepare.mjs';

const { start } = await import('./dist/start.js');
await start();
