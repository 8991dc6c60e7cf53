import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { createProgress, describeReport, writeDrops } from '@attendance/gateway-service/reconcileOutput';
import { expect } from 'chai';
import { firstId, type Drop, type ScanReport } from 'many-to-many';

const output = ({ isTTY = false, highWaterMark = 16_384 } = {}) =>
  Object.assign(new PassThrough({ highWaterMark }), { isTTY });
const textOf = (stream: PassThrough) => ((stream.read() as Buffer | null) ?? '').toString();

const drop: Drop = { copy: 'right', claim_id: 'c', left: 'e', right: 'a', reason: 'half' };
const described = { copy: 'author', claim_id: 'c', event_id: 'e', author_id: 'a', reason: 'half' };

describe("a reconciler's progress", () => {
  it('is a bar on a terminal, drawn over itself and ended with its line', () => {
    const terminal = output({ isTTY: true });
    const { show, end } = createProgress(terminal);
    show({ doing: 'comparing', part: 0 });
    show({ doing: 'comparing', part: 0.999 });
    show({ doing: 'compacting', part: 1 });
    end();
    const [before, ...drawn] = textOf(terminal).split('\r');
    expect(before).to.equal('');
    expect(drawn).to.deep.equal([
      `comparing  ${'.'.repeat(30)}   0 %`,
      `comparing  ${'#'.repeat(30)}  99 %`,
      `compacting ${'#'.repeat(30)} 100 %\n`,
    ]);
  });

  it('is empty in a file, and on a terminal if nothing was done', () => {
    const file = output();
    const inFile = createProgress(file);
    inFile.show({ doing: 'comparing', part: 0.5 });
    inFile.end();
    expect(textOf(file)).to.equal('');
    const terminal = output({ isTTY: true });
    createProgress(terminal).end();
    expect(textOf(terminal)).to.equal('');
  });
});

describe("a reconciler's drops", () => {
  it('are a line of JSON for each row, and are not written to a terminal', async () => {
    const file = output();
    await writeDrops(file)([drop, { ...drop, copy: 'left' }]);
    await writeDrops(file)([]);
    expect(textOf(file)).to.equal(
      `${JSON.stringify(described)}\n${JSON.stringify({ ...described, copy: 'conference' })}\n`,
    );
    const terminal = output({ isTTY: true });
    await writeDrops(terminal)([drop]);
    expect(textOf(terminal)).to.equal('');
  });

  it('wait for a slow reader instead of filling memory', async () => {
    const pipe = output({ highWaterMark: 1 });
    let handedOver = false;
    const written = writeDrops(pipe)([drop]).then(() => (handedOver = true));
    await turn();
    expect(handedOver).to.equal(false);
    pipe.resume();
    await written;
  });
});

describe("a reconciler's report", () => {
  const report = (more: Partial<ScanReport>): ScanReport => ({
    ...{ scope: 'all', outcome: 'reconciled', reason: null, claims: 9, half: 2, oldest: null },
    ...{ dropped: { half: 0, entity_deleted: 0, surplus: 0 }, stable_before: firstId },
    ...more,
  });
  const guarded = { mode: 'guarded', listed: true } as const;

  it('counts rows, also if another reconciler has dropped the rest', () => {
    const dropped = { half: 1, entity_deleted: 0, surplus: 1 };
    expect(describeReport(report({ dropped }), guarded).split('\n')).to.deep.equal([
      'compared 9 claims, 2 of them in one copy only',
      'dropped:',
      '  1 in one copy only',
      '  0 in one copy only, because their event or author was deleted',
      '  1 surplus, each a row of a claim that both copies held',
    ]);
  });

  it('says up to which time claims were compared', () => {
    const stable_before = '0199a6d8-2c00-7000-8000-000000000000';
    const [first] = describeReport(report({ stable_before }), guarded).split('\n');
    expect(first).to.equal('compared 9 claims from before 2025-10-02T21:33:28.960Z, 2 of them in one copy only');
  });

  it('says of a dry run how to list the rows, if they were not listed', () => {
    const dropped = { half: 1, entity_deleted: 0, surplus: 0 };
    const dry = (listed: boolean, more: Partial<ScanReport> = { dropped }) =>
      describeReport(report(more), { mode: 'dry run', listed });
    expect(dry(false)).to.match(/^2> drops\.jsonl lists them$/m);
    for (const said of [dry(true), dry(false, {}), describeReport(report({ dropped }), { ...guarded, listed: false })])
      expect(said).to.not.include('drops.jsonl');
  });

  it('says why it ended', () => {
    const said = (outcome: ScanReport['outcome'], mode: 'guarded' | 'dry run') =>
      describeReport(report({ outcome, reason: 'why' }), { mode, listed: true });
    expect(said('tripped', 'guarded')).to.match(/^tripped: why\nFind out what is wrong first/m);
    expect(said('tripped', 'dry run')).to.match(/^needs --accept: why$/m);
    expect(said('wrong_database', 'dry run')).to.match(/^tripped: why$/m);
    expect(said('unanswered', 'guarded')).to.match(/^ended early, no answer: why$/m);
  });
});
