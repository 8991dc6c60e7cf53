import { PassThrough, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { createProgress, describeReport, writeDrops } from '@attendance/gateway-service/reconcileOutput';
import { expect } from 'chai';
import { firstId, type Drop, type ScanReport } from 'many-to-many';

const output = ({ isTTY = false, highWaterMark = 16_384 } = {}) =>
  Object.assign(new PassThrough({ highWaterMark }), { isTTY });
/** Reads all that was written. From Node 26 on, `read()` returns one chunk of it. */
function readText(stream: PassThrough): string {
  let text = '';
  for (let chunk: Buffer | null; (chunk = stream.read() as Buffer | null);) text += chunk.toString();
  return text;
}

const drop: Drop = { copy: 'right', claim_id: 'c', left: 'e', right: 'a', reason: 'half' };
const loggedDrop = { copy: 'author', claim_id: 'c', event_id: 'e', author_id: 'a', reason: 'half' };

describe("a reconciler's progress", () => {
  it('is one bar on a terminal, redrawn in place and ended with a new line', () => {
    const terminal = output({ isTTY: true });
    const { show, end } = createProgress(terminal);
    show({ doing: 'comparing', part: 0 });
    show({ doing: 'comparing', part: 0.999 });
    show({ doing: 'compacting', part: 1 });
    end();
    const [before, ...bars] = readText(terminal).split('\r');
    expect(before).to.equal('');
    expect(bars).to.deep.equal([
      `comparing  ${'.'.repeat(30)}   0 %`,
      `comparing  ${'#'.repeat(30)}  99 %`,
      `compacting ${'#'.repeat(30)} 100 %\n`,
    ]);
  });

  it('is empty in a file, and on a terminal before the first step', () => {
    const file = output();
    const progress = createProgress(file);
    progress.show({ doing: 'comparing', part: 0.5 });
    progress.end();
    expect(readText(file)).to.equal('');
    const terminal = output({ isTTY: true });
    createProgress(terminal).end();
    expect(readText(terminal)).to.equal('');
  });
});

describe("a reconciler's drops", () => {
  it('are written as JSON lines, but not to a terminal', async () => {
    const file = output();
    await writeDrops(file)([drop, { ...drop, copy: 'left' }]);
    await writeDrops(file)([]);
    expect(readText(file)).to.equal(
      `${JSON.stringify(loggedDrop)}\n${JSON.stringify({ ...loggedDrop, copy: 'conference' })}\n`,
    );
    const terminal = output({ isTTY: true });
    await writeDrops(terminal)([drop]);
    expect(readText(terminal)).to.equal('');
  });

  it('fail if they cannot be written, so that the scan drops nothing more', async () => {
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('ENOSPC')) });
    const error: unknown = await writeDrops(full)([drop]).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error).with.property('message', 'ENOSPC');
  });

  it('wait for a slow reader, so that they do not fill the memory', async () => {
    const pipe = output({ highWaterMark: 1 });
    let resolved = false;
    const written = writeDrops(pipe)([drop]).then(() => (resolved = true));
    await turn();
    expect(resolved).to.equal(false);
    pipe.resume();
    await written;
  });
});

describe("a reconciler's report", () => {
  const report = (more: Partial<ScanReport>): ScanReport => ({
    ...{ scope: 'all', outcome: 'reconciled', reason: null, claims: 9, half: 2, marked: 0, oldest: null },
    ...{ dropped: { half: 0, entity_deleted: 0, entity_marked: 0, surplus: 0 }, stable_before: firstId },
    ...more,
  });
  const guarded = { mode: 'guarded', listed: true } as const;

  it('counts the dropped rows by reason', () => {
    const dropped = { half: 1, entity_deleted: 0, entity_marked: 0, surplus: 1 };
    expect(describeReport(report({ dropped }), guarded).split('\n')).to.deep.equal([
      'compared 9 claims, 2 of them in one copy only',
      'dropped:',
      '  1 in one copy only',
      '  0 in one copy only, because their event or author was deleted',
      '  0 in one copy only, of an event or author that is not in the other database',
      '  1 surplus, each a row of a claim that both copies held',
    ]);
  });

  it('includes the time before which claims were compared', () => {
    const stable_before = '0199a6d8-2c00-7000-8000-000000000000';
    const [first] = describeReport(report({ stable_before }), guarded).split('\n');
    expect(first).to.equal('compared 9 claims from before 2025-10-02T21:33:28.960Z, 2 of them in one copy only');
  });

  it('of a dry run includes how to list the rows, unless they were listed', () => {
    const dropped = { half: 1, entity_deleted: 0, entity_marked: 0, surplus: 0 };
    const dry = (listed: boolean, more: Partial<ScanReport> = { dropped }) =>
      describeReport(report(more), { mode: 'dry run', listed });
    expect(dry(false)).to.match(/^2> drops\.jsonl lists them$/m);
    const notListed = describeReport(report({ dropped }), { ...guarded, listed: false });
    for (const text of [dry(true), dry(false, {}), notListed]) expect(text).to.not.include('drops.jsonl');
  });

  it('includes the reason for its end', () => {
    const describe = (outcome: ScanReport['outcome'], mode: 'guarded' | 'dry run') =>
      describeReport(report({ outcome, reason: 'why' }), { mode, listed: true });
    expect(describe('tripped', 'guarded')).to.match(/^tripped: why\nFind out what is wrong first/m);
    expect(describe('tripped', 'dry run')).to.match(/^needs --accept: why$/m);
    expect(describe('wrong_database', 'dry run')).to.match(/^tripped: why$/m);
    expect(describe('unanswered', 'guarded')).to.match(/^ended early, no answer: why$/m);
  });
});
