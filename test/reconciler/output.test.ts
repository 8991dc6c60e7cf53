import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { newReport, type WalkReport } from '@attendance/gateway-service/protocol/reconciler/report';
import type { Drop } from '@attendance/gateway-service/protocol/reconciler/settle';
import { createProgress, describeReport, tellDropped } from '@attendance/gateway-service/reconcileOutput';
import { expect } from 'chai';

const output = ({ isTTY = false, highWaterMark = 16_384 } = {}) =>
  Object.assign(new PassThrough({ highWaterMark }), { isTTY });
const textOf = (stream: PassThrough) => ((stream.read() as Buffer | null) ?? '').toString();

const drop: Drop = { copy: 'author', claim_id: 'c', event_id: 'e', author_id: 'a', reason: 'half' };

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

  it('is nothing in a file, nor on a terminal where nothing was done', () => {
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

describe('what a reconciler drops', () => {
  it('is a line of JSON for each row, but none on a terminal', async () => {
    const file = output();
    await tellDropped(file)([drop, { ...drop, copy: 'conference' }]);
    await tellDropped(file)([]);
    expect(textOf(file)).to.equal(`${JSON.stringify(drop)}\n${JSON.stringify({ ...drop, copy: 'conference' })}\n`);
    const terminal = output({ isTTY: true });
    await tellDropped(terminal)([drop]);
    expect(textOf(terminal)).to.equal('');
  });

  it('waits for a slow reader rather than keeping it all', async () => {
    const pipe = output({ highWaterMark: 1 });
    let taken = false;
    const told = tellDropped(pipe)([drop]).then(() => (taken = true));
    await turn();
    expect(taken).to.equal(false);
    pipe.resume();
    await told;
  });
});

describe("a reconciler's report", () => {
  const report = (more: Partial<WalkReport>): WalkReport => ({ ...newReport('all'), claims: 9, half: 2, ...more });
  const guarded = { mode: 'guarded', listed: true } as const;

  it('counts rows, also where another reconciler has dropped the rest', () => {
    const dropped = { half: 1, entity_deleted: 0, surplus: 1 };
    expect(describeReport(report({ dropped }), guarded).split('\n')).to.deep.equal([
      'compared 9 claims, 2 of them in one copy only',
      'dropped:',
      '  1 in one copy only',
      '  0 in one copy only, since their event or author is deleted',
      '  1 to spare, each a row of a claim that both copies held',
    ]);
  });

  it('says up to when it has compared', () => {
    const settled_before = '0199a6d8-2c00-7000-8000-000000000000';
    const [first] = describeReport(report({ settled_before }), guarded).split('\n');
    expect(first).to.equal('compared 9 claims from before 2025-10-02T21:33:28.960Z, 2 of them in one copy only');
  });

  it('says of a dry run how to have each row, where they were not told', () => {
    const dropped = { half: 1, entity_deleted: 0, surplus: 0 };
    const dry = (listed: boolean, more: Partial<WalkReport> = { dropped }) =>
      describeReport(report(more), { mode: 'dry run', listed });
    expect(dry(false)).to.match(/^2> drops\.jsonl lists them$/m);
    for (const said of [dry(true), dry(false, {}), describeReport(report({ dropped }), { ...guarded, listed: false })])
      expect(said).to.not.include('drops.jsonl');
  });

  it('says why it ended', () => {
    const said = (outcome: WalkReport['outcome'], mode: 'guarded' | 'dry run') =>
      describeReport(report({ outcome, reason: 'why' }), { mode, listed: true });
    expect(said('stopped', 'guarded')).to.match(/^stopped: why\nLook at what is wrong first/m);
    expect(said('stopped', 'dry run')).to.match(/^needs --accept: why$/m);
    expect(said('wrong_database', 'dry run')).to.match(/^stopped: why$/m);
    expect(said('unanswered', 'guarded')).to.match(/^ended early, no answer: why$/m);
  });
});
