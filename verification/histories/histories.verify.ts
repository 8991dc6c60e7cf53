import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { toJsonLines } from '../../test/support/history.ts';
import { useSharedSystem } from '../../test/support/sharedSystem.ts';
import { runHistories, longTimeouts } from './histories.ts';
import { checkHistories } from './report.ts';

const seed = Number(process.env.SEED || randomInt(2 ** 31));
const histories = Number(process.env.HISTORIES || 2000);
/** The path for the histories as JSON lines, for other checkers. */
const file = process.env.HISTORY_FILE;

describe('the attendance relation under concurrent clients', () => {
  const { system } = useSharedSystem();

  it(`is a linearizable register per pair in ${histories} random histories (SEED=${seed})`, async () => {
    const { operations, violations, outcomes } = checkHistories(
      await runHistories({ gateways: [system.gateway], histories, seed, ...longTimeouts }),
    );
    if (file) await writeFile(file, toJsonLines(operations));
    expect(violations, violations.join('\n\n')).to.be.empty;

    // a system that refuses every request has no violation either
    const frequent = ['add done', 'remove done', 'remove absent', 'read present', 'read absent', 'read missing'];
    for (const observed of frequent) expect(outcomes[observed], observed).to.be.above(histories / 20);
  });
});
