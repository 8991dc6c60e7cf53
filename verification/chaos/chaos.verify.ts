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
  // of what waits for the copies, beside the faults
  this.timeout(seconds * 1_000 + 900_000);

  let logs: string;
  beforeEach(() => (logs = mkdtempSync(join(tmpdir(), 'attendance-chaos-logs-'))));
  afterEach(function () {
    // a failure is easier to explain with what the processes said
    if (this.currentTest?.isPassed()) rmSync(logs, { recursive: true });
  });

  const chaos = async (options: Pick<ChaosOptions, 'seconds' | 'timeScale'> & Partial<ChaosOptions>) =>
    runChaos({ seed, logs, parallel: 20, ...options });

  it(`give answers that are all true (SEED=${seed})`, async () => {
    const { outcomes, strikes, violations, ...report } = await chaos({ seconds, timeScale: 0.1 });
    const whole = `${summary({ outcomes, strikes, violations, ...report })}\nlogs: ${logs}`;
    expect(violations, whole).to.be.empty;

    // where nothing goes wrong or nothing is done, every answer is true
    expect(struck(strikes, ['kill', 'freeze']), whole).to.be.above(0);
    const met = edgeFaults.filter((kind) => struck(strikes, [kind]) > 0);
    expect(met, whole).to.have.length.above(3);
    for (const told of ['add done', 'add unknown', 'remove done', 'read present', 'read absent'])
      expect(outcomes[told], `${told}\n${whole}`).to.be.above(0);
  });

  it(`are caught in a lie, if claims vanish from one copy (SEED=${seed})`, async () => {
    // a client has to ask for a pair after its claim has gone: whether one does is a matter of chance
    let violations: string[] = [];
    for (let more = 0; more < 10 && violations.length === 0; more += 1)
      ({ violations } = await chaos({
        ...{ seed: seed + more, seconds: 3, timeScale: 0.1 },
        ...{ meanwhile: loseClaims, reconciled: false },
      }));
    expect(violations.join('\n\n')).to.match(/no order explains (read|remove) absent/);
  });
});

function struck(strikes: Strike[], kinds: string[]): number {
  return strikes.filter(({ fault }) => kinds.includes(fault.kind)).reduce((total, { struck }) => total + struck, 0);
}

/** What nobody may do: every claim that the author's copy holds at some moment is gone from it. */
async function loseClaims({ database }: ChaosSystem): Promise<void> {
  for (let lost = 0, tries = 0; lost < 20 && tries < 100; tries++) {
    await sleep(200);
    // PostgreSQL is killed now and then
    await withClient(database('author'), async (client) => {
      const { rowCount } = await client.query('DELETE FROM attendance WHERE NOT retired');
      lost += rowCount ?? 0;
    }).catch(() => undefined);
  }
}
