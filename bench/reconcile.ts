import { parseArgs } from 'node:util';
import { createMetrics } from '@attendance/common/runtime/metrics';
import { createTimes } from '@attendance/common/times';
import { createAttendance } from '@attendance/gateway-service/attendance';
import { createOwnerServices } from '@attendance/gateway-service/ownerServices';
import { startTemporaryPostgres } from '@attendance/local/postgres/temporary';
import { optionsOrExit, wholeNumber } from '../test/support/options.ts';
import { serviceToken, startSystem } from '../test/support/system.ts';
import { fill, loseClaims } from './claims.ts';
import { countBytes } from './countBytes.ts';

/** More than are lost in all. */
const leastClaims = 2_000;

/*
 * What it costs to reconcile: `npm run bench:reconcile -- --claims 10000000`. Two copies with so many claims are
 * scanned, once as they are and once for each number of differences.
 */
const claims = optionsOrExit(() => {
  const { values } = parseArgs({ options: { claims: { type: 'string', default: '1000000' } } });
  return wholeNumber('claims', values.claims, leastClaims);
});

const times = createTimes();
const postgres = await startTemporaryPostgres();
process.env.POSTGRES_URL = postgres.url;
const system = await startSystem({ direct: true, environment: { RECONCILE: 'false', TIME_SCALE: '1' } });
const wires = {
  author: await countBytes(system.processes.author.url),
  conference: await countBytes(system.processes.conference.url),
};
try {
  print(`${count(claims)} claims of ${count(claims / 100)} authors in each of two copies`);
  const filled = await timed(() => fill(system.databases, claims));
  print(`filled and indexed in ${seconds(filled.ms)}; scanning all of them, without a rest\n`);

  const metrics = createMetrics({ service: 'bench' });
  const { author, conference } = createOwnerServices({
    authorUrl: wires.author.url,
    conferenceUrl: wires.conference.url,
    token: () => serviceToken,
    times,
    metrics,
  });
  const { reconciler } = createAttendance({ author: author.operations, conference: conference.operations, times });

  print(
    '| half claims | scan | of the first | claims/s | on the wire | of the first |\n| --- | --- | --- | --- | --- | --- |',
  );
  let first: { ms: number; bytes: number } | undefined;
  for (const half of [0, 0, 1, 10, 100, 1_000]) {
    if (half > 0) await loseClaims(system.databases, half);
    const before = bytes();
    const { ms, result } = await timed(() => reconciler.run({ mode: 'guarded' }));
    const scan = { ms, bytes: bytes() - before };
    if (result.outcome !== 'reconciled' || result.half !== half)
      throw new Error(`the scan was not as expected: ${JSON.stringify(result)}`);
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
  print('\nBeside the requests it rests four times as long as it works, so that a scan takes five times as long.');
} finally {
  for (const wire of Object.values(wires)) wire.stop();
  await system.stop();
  await postgres.stop();
}
process.exit(0);

function bytes(): number {
  return wires.author.bytes() + wires.conference.bytes();
}

async function timed<Result>(work: () => Promise<Result>): Promise<{ ms: number; result: Result }> {
  const began = performance.now();
  const result = await work();
  return { ms: performance.now() - began, result };
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
