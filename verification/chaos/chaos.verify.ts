import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '@attendance/common/database/client';
import { expect } from 'chai';
import { runChaos, type ChaosOptions } from './chaos.ts';
import { edgeFaults } from './plan.ts';
import { summary } from './summary.ts';
import type { Strike } from './strike.ts';
import type { ChaosSystem } from './system.ts';

const seed = Number(process.env.SEED || randomInt(2 ** 31));
const seconds = Number(process.env.SECONDS || 12);

describe('real processes under faults', function () {
  // the final checks take up to 15 minutes
  this.timeout(seconds * 1_000 + 900_000);

  let logs: string;
  beforeEach(() => (logs = mkdtempSync(join(tmpdir(), 'attendance-chaos-logs-'))));
  afterEach(function () {
    // keeps the logs of a failed test
    if (this.currentTest?.isPassed()) rmSync(logs, { recursive: true });
  });

  const chaos = async (options: Pick<ChaosOptions, 'seconds' | 'timeScale'> & Partial<ChaosOptions>) =>
    runChaos({ seed, logs, parallel: 20, ...options });

  it(`have linearizable histories (SEED=${seed})`, async () => {
    const { outcomes, strikes, violations, ...report } = await chaos({ seconds, timeScale: 0.1 });
    const fullReport = `${summary({ outcomes, strikes, violations, ...report })}\nlogs: ${logs}`;
    expect(violations, fullReport).to.be.empty;

    // the test proves nothing unless faults strike and clients get answers
    expect(struck(strikes, ['kill', 'freeze']), fullReport).to.be.above(0);
    const struckKinds = edgeFaults.filter((kind) => struck(strikes, [kind]) > 0);
    expect(struckKinds, fullReport).to.have.length.above(3);
    for (const observed of ['add done', 'add unknown', 'remove done', 'read present', 'read absent'])
      expect(outcomes[observed], `${observed}\n${fullReport}`).to.be.above(0);
  });

  it(`have a violation if one copy loses claims (SEED=${seed})`, async () => {
    // whether a client reads a pair after the loss of its claim depends on chance
    let violations: string[] = [];
    for (let attempt = 0; attempt < 10 && violations.length === 0; attempt += 1)
      ({ violations } = await chaos({
        ...{ seed: seed + attempt, seconds: 3, timeScale: 0.1 },
        ...{ meanwhile: deleteClaims, reconciled: false },
      }));
    expect(violations.join('\n\n')).to.match(/no order explains (read|remove) absent/);
  });
});

function struck(strikes: Strike[], kinds: string[]): number {
  return strikes.filter(({ fault }) => kinds.includes(fault.kind)).reduce((total, { struck }) => total + struck, 0);
}

/** Repeatedly deletes all claims of the author service's copy, as no operation may. */
async function deleteClaims({ database }: ChaosSystem): Promise<void> {
  for (let lost = 0, tries = 0; lost < 20 && tries < 100; tries++) {
    await sleep(200);
    // PostgreSQL may be down
    await withClient(database('author'), async (client) => {
      const { rowCount } = await client.query('DELETE FROM attendance WHERE NOT retired');
      lost += rowCount ?? 0;
    }).catch(() => undefined);
  }
}
