// what `npm start` runs: the second part needs what the first one makes
import './prepare.mjs';

// nothing runs yet that would have to be stopped
const leave = () => process.exit(0);
process.on('SIGINT', leave);
const { start } = await import('./dist/start.js');
process.off('SIGINT', leave);
await start();
