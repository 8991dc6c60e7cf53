import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { describeWith } from '../../../test/support/needs.ts';
import { summary } from '../summary.ts';
import { loseCommits } from './loseCommits.ts';
import { runFailovers } from './runFailovers.ts';

const seed = Number(process.env.SEED || randomInt(2 ** 31));
const seconds = Number(process.env.SECONDS || 30);
/** A test must not fail because the machine is busy. `npm run chaos -- --failover` has the bound of 5 s. */
const boundMs = 60_000;
/** The final checks wait for the reconcilers. */
const timeoutMs = seconds * 1_000 + 900_000;

let logs: string;
const createLogs = () => {
  logs = mkdtempSync(join(tmpdir(), 'attendance-failover-logs-'));
};
/** Keeps the logs of a failed test. */
const removeLogs = function (this: Mocha.Context) {
  if (this.currentTest?.isPassed()) rmSync(logs, { recursive: true });
};

async function expectNothingLost({ patroni }: { patroni: boolean }) {
  // the times of production, whose grace period is too long to wait for, because a busy machine needs them
  const report = await runFailovers({
    ...{ seconds, seed, timeScale: 1, boundMs, logs, parallel: 10, patroni },
    reconciled: false,
  });
  const text = `${summary(report)}\nlogs: ${logs}`;
  expect(report.violations, text).to.be.empty;
  // the test proves nothing unless primaries are replaced while clients get answers
  expect(report.failovers, text).to.not.be.empty;
  for (const observed of ['add done', 'read present']) expect(report.outcomes[observed], text).to.be.above(0);
}

describe('primaries that fail over', function () {
  this.timeout(timeoutMs);
  beforeEach(createLogs);
  afterEach(removeLogs);

  it(`to a synchronous standby lose nothing (SEED=${seed})`, () => expectNothingLost({ patroni: false }));

  it(`to an asynchronous standby lose what is documented (SEED=${seed})`, async () => {
    const { lines, violations } = await loseCommits({ seed, timeScale: 0.3, boundMs, logs });
    expect(violations, `${lines.join('\n')}\nlogs: ${logs}`).to.be.empty;
  });
});

describeWith('patroni', 'primaries that Patroni manages', function () {
  this.timeout(timeoutMs);
  beforeEach(createLogs);
  afterEach(removeLogs);

  it(`fail over and lose nothing (SEED=${seed})`, () => expectNothingLost({ patroni: true }));
});
