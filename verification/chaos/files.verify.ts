import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { History } from '../histories/histories.ts';
import type { RecordedOperation } from '../../test/support/history.ts';
import { countDrops } from './drops.ts';
import { beginHistoryFile } from './historyFile.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'attendance-chaos-files-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Creates a history of reads of one pair that began at these times. */
function historyOf(...starts: number[]): History {
  const read = {
    event: 'E',
    author: 'A',
    process: 0,
    kind: 'read',
    outcome: 'absent',
    request: '',
    status: 404,
  } as const;
  const operations: RecordedOperation[] = starts.map((start) => ({ ...read, start, end: start + 1 }));
  const world = { conference: 'C', events: ['E', 'F'], authors: ['A', 'B'] } as const;
  return { seed: 1, number: 0, world, steps: starts.length, operations, contractViolations: [] };
}

describe('the file of the histories', () => {
  it('gets a history when it ends, and later its further operations, each once', () => {
    const path = join(folder, 'new', 'history.jsonl');
    const lines = () =>
      readFileSync(path, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { start?: number; seed?: number });
    const write = beginHistoryFile(path, { seed: 3, time_scale: 1 });
    expect(lines()).to.deep.equal([{ seed: 3, time_scale: 1 }]);
    const history = historyOf(1, 2);
    write(history);
    expect(lines().map(({ start }) => start)).to.deep.equal([undefined, 1, 2]);
    history.operations.push(...historyOf(3).operations);
    write(history);
    expect(lines().map(({ start }) => start)).to.deep.equal([undefined, 1, 2, 3]);
  });
});

describe('the drops of the reconcilers', () => {
  it('are counted by reason, and by whether a client used the pair later', async () => {
    const at = (micros: number) => new Date(performance.timeOrigin + micros / 1_000).toISOString();
    const drop = (reason: string, event_id = 'E') => ({ reason, event_id, author_id: 'A' });
    const line = (micros: number, ...drops: unknown[]) =>
      JSON.stringify({ time: at(micros), drops, msg: 'the reconciler dropped claims' });
    const log = join(folder, 'gateway.log');
    const lines = [
      line(20_000_000, drop('half'), drop('surplus'), drop('surplus', 'F')),
      JSON.stringify({ time: at(20_000_000), msg: 'another' }),
      line(40_000_000, drop('entity_deleted')),
      line(41_000_000, drop('half')).slice(0, -9),
    ];
    writeFileSync(log, lines.join('\n'));
    // the last operation belongs to the last reads
    const histories = [historyOf(10_000_000, 30_000_000, 50_000_000)];
    expect(await countDrops([log], { histories, clientsEnded: 45_000_000 })).to.deep.equal({
      byReason: { half: 1, entity_deleted: 1, entity_marked: 0, surplus: 2 },
      inUse: 2,
    });
  });
});
