import { parseArgs } from 'node:util';
import { createMetrics } from '@attendance/common/runtime/metrics';
import { createTimes } from '@attendance/common/times';
import { createAttendance } from '@attendance/gateway-service/attendance';
import { createOwnerServices } from '@attendance/gateway-service/ownerServices';
import { startTemporaryPostgres } from '@attendance/local/postgres/temporary';
import { optionsOrExit, wholeNumber } from '../test/support/options.ts';
import { serviceToken, startSystem } from '../test/support/system.ts';
import { deleteClaims, fill } from './claims.ts';
import { countBytes } from './countBytes.ts';

/** More than the claims that are deleted in all scans. */
const minClaims = 2_000;

/*
 * Measures the cost of a scan: `npm run bench:reconcile -- --claims 10000000`. Scans two copies with so many claims, twice
 * while they are equal and once for each number of half claims.
 */
const claims = optionsOrExit(() => {
  const { values } = parseArgs({ options: { claims: { type: 'string', default: '1000000' } } });
  return wholeNumber('claims', values.claims, minClaims);
});

const times = createTimes();
const postgres = await startTemporaryPostgres();
process.env.POSTGRES_URL = postgres.url;
const system = await startSystem({ direct: true, environment: { RECONCILE: 'false', TIME_SCALE: '1' } });
const counters = {
  author: await countBytes(system.processes.author.url),
  conference: await countBytes(system.processes.conference.url),
};
try {
  print(`${count(claims)} claims of ${count(claims / 100)} authors in each of two copies`);
  const filled = await timed(() => fill(system.databases, claims));
  print(`filled and indexed in ${seconds(filled.ms)}; scans run without rests\n`);

  const metrics = createMetrics({ service: 'bench' });
  const { author, conference } = createOwnerServices({
    authorUrl: counters.author.url,
    conferenceUrl: counters.conference.url,
    token: () => serviceToken,
    times,
    metrics,
  });
  const { reconciler } = createAttendance({ author: author.operations, conference: conference.operations, times });

  print(
    '| half claims | scan | relative to the first | claims/s | network | relative to the first |\n| --- | --- | --- | --- | --- | --- |',
  );
  let first: { ms: number; bytes: number } | undefined;
  for (const half of [0, 0, 1, 10, 100, 1_000]) {
    if (half > 0) await deleteClaims(system.databases, half);
    const before = bytes();
    const { ms, result } = await timed(() => reconciler.run({ mode: 'guarded' }));
    const scan = { ms, bytes: bytes() - before };
    if (result.outcome !== 'reconciled' || result.half !== half)
      throw new Error(`the scan must find ${half} half claims (got ${JSON.stringify(result)})`);
    first ??= scan;
    const cells = [
      count(half),
      seconds(scan.ms),
      (scan.ms / first.ms).toFixed(2),
      count(Math.round((claims / scan.ms) * 1_000)),
      `${(scan.bytes / 1e6).toFixed(2)} MB`,
      (scan.bytes / first.bytes).toFixed(2),
    ];
    print(`| ${cells.join(' | ')} |`);
  }
  print('\nIn a gateway the reconciler rests four times as long as it works, so a scan takes five times as long.');
} finally {
  for (const counter of Object.values(counters)) counter.stop();
  await system.stop();
  await postgres.stop();
}
process.exit(0);

function bytes(): number {
  return counters.author.bytes() + counters.conference.bytes();
}

async function timed<Result>(work: () => Promise<Result>): Promise<{ ms: number; result: Result }> {
  const start = performance.now();
  const result = await work();
  return { ms: performance.now() - start, result };
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function count(number: number): string {
  return number.toLocaleString('en');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
