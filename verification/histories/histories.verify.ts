import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { toJsonLines } from '../../test/support/history.ts';
import { useSharedSystem } from '../../test/support/sharedSystem.ts';
import { runHistories, unhurried } from './histories.ts';
import { reportOn } from './report.ts';

const seed = Number(process.env.SEED || randomInt(2 ** 31));
const histories = Number(process.env.HISTORIES || 2000);
/** Where to leave what was seen, as JSON lines, for other checkers. */
const file = process.env.HISTORY_FILE;

describe('the attendance relation under concurrent clients', () => {
  const { system } = useSharedSystem();

  it(`is a linearizable register per pair in ${histories} random histories (SEED=${seed})`, async () => {
    const { operations, violations, outcomes } = reportOn(
      await runHistories({ gateways: [system.gateway], histories, seed, ...unhurried }),
    );
    if (file) await writeFile(file, toJsonLines(operations));
    expect(violations, violations.join('\n\n')).to.be.empty;

    // a system that refuses everything breaks no promise, and shows none
    const told = ['add done', 'remove done', 'remove absent', 'read present', 'read absent', 'read missing'];
    for (const seen of told) expect(outcomes[seen], seen).to.be.above(histories / 20);
  });
});
