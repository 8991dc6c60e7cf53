import { randomInt } from 'node:crypto';
import { isTaken } from '@attendance/local/processes/ports';

/** Finds a free port that is below those of outgoing connections, one of which could take it before the server listens. */
export async function stablePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    if (!(await isTaken(port))) return port;
  }
}
