import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { describeWith } from '../../test/support/needs.ts';
import { runChaos } from './chaos.ts';
import { summary } from './summary.ts';

const seed = Number(process.env.SEED || randomInt(2 ** 31));
const seconds = Number(process.env.SECONDS || 12);

describeWith('pgbouncer', 'real processes behind PgBouncer in transaction mode, under faults', function () {
  // the final checks take up to 15 minutes
  this.timeout(seconds * 1_000 + 900_000);

  let logs: string;
  beforeEach(() => (logs = mkdtempSync(join(tmpdir(), 'attendance-pooler-logs-'))));
  afterEach(function () {
    // keeps the logs of a failed test
    if (this.currentTest?.isPassed()) rmSync(logs, { recursive: true });
  });

  it(`have linearizable histories (SEED=${seed})`, async () => {
    const report = await runChaos({ seed, logs, seconds, parallel: 20, timeScale: 0.2, pooler: true });
    const text = `${summary(report)}\nlogs: ${logs}`;
    expect(report.violations, text).to.be.empty;
    // the test proves nothing unless clients get answers, through the pooler
    for (const observed of ['add done', 'remove done', 'read present', 'read absent'])
      expect(report.outcomes[observed], `${observed}\n${text}`).to.be.above(0);
    for (const name of ['author', 'conference'])
      expect(readFileSync(join(logs, `${name}-pooler.log`), 'utf8')).to.match(/new connection to server/);
  });
});
