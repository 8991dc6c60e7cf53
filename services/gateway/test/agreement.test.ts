import type { Caller, Response } from '@attendance/common/client/caller';
import { agreementOf } from '@attendance/common/contract/agreement';
import { Problem } from '@attendance/common/contract/problems';
import { createMetrics } from '@attendance/common/runtime/metrics';
import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { NotExecuted } from 'many-to-many';
import { AgreementWatch, observeAgreement } from '../src/agreement.ts';

const times = createTimes();
const ours = agreementOf('author', times);
const answer = (body: object): Response => ({ status: 200, location: undefined, text: JSON.stringify(body) });
const problem = (code: 'unauthorized' | 'route_not_found' | 'too_many_failures'): Response => {
  const document = new Problem(code).document('r');
  return { status: document.status, location: undefined, text: JSON.stringify(document) };
};

/** Creates a watch of an author service that answers as `next` says, or not at all. */
function given({ watchEveryMs = 0 } = {}) {
  const scripted: { next: Response | undefined } = { next: undefined };
  const call: Caller = (_request, read) =>
    scripted.next ? Promise.resolve(read(scripted.next)) : Promise.reject(new NotExecuted('refused'));
  const metrics = createMetrics({ service: 'gateway' });
  const observe = observeAgreement(metrics)('author-service');
  const watch = new AgreementWatch('author', { call, times: { ...times, watchEveryMs }, observe });
  return {
    watch,
    /** Compares with this answer. @returns what differs */
    after: async (next: Response | undefined): Promise<string | undefined> => {
      scripted.next = next;
      await watch.compare();
      return watch.fault;
    },
    counted: async (): Promise<string[]> => {
      const { values } = await metrics.registry.getSingleMetric('downstream_mismatch')!.get();
      return values.filter(({ value }) => value === 1).map(({ labels }) => String(labels.what));
    },
  };
}

describe('the agreement of the gateway and an owner service', () => {
  it('holds if all is the same, if the wire versions differ by one, and where a version leaves something out', async () => {
    const { after, counted } = given();
    const older = { ...ours, wire_version: ours.wire_version - 1 };
    const newer = { ...ours, wire_version: ours.wire_version + 1, times: { later_ms: 1 }, later: {} };
    const close = { ...ours, now_ms: Date.now() };
    for (const agreed of [
      answer(ours),
      answer(close),
      answer(older),
      answer(newer),
      answer({}),
      problem('route_not_found'),
    ])
      expect(await after(agreed)).to.equal(undefined);
    expect(await counted()).to.deep.equal([]);
  });

  for (const [what, differs, message] of [
    ['token', problem('unauthorized'), 'it does not accept SERVICE_TOKEN'],
    ['token', problem('too_many_failures'), 'it does not accept SERVICE_TOKEN'],
    ['clock', answer({ ...ours, now_ms: Date.now() + 86_400_000 }), " s ahead of the gateway's: correct the wrong one"],
    ['clock', answer({ ...ours, now_ms: 0 }), " s behind the gateway's: correct the wrong one"],
    ['service', answer({ ...ours, service: 'conference' }), 'AUTHOR_SERVICE_URL leads to the conference service'],
    ['wire_version', answer({ ...ours, wire_version: ours.wire_version + 2 }), 'upgrade one release at a time'],
    [
      'times',
      answer({ ...ours, times: { ...ours.times, grace_ms: 1 } }),
      "its grace_ms is 1, and the gateway's 300000",
    ],
  ] as const)
    it(`does not hold, and no wire operation is sent, if this differs: ${what}, "${message}"`, async () => {
      const { after, counted, watch } = given();
      expect(await after(differs))
        .to.include('author-service: ')
        .and.include(message);
      expect(await counted()).to.deep.equal([what]);
      expect(() => watch.requireAgreement()).to.throw(NotExecuted, message);
      expect(await after(answer(ours))).to.equal(undefined);
      watch.requireAgreement();
    });

  it('is kept as it was while the owner service does not answer', async () => {
    const { after } = given();
    expect(await after(undefined)).to.equal(undefined);
    const fault = await after(problem('unauthorized'));
    expect(await after(undefined)).to.equal(fault);
  });

  it('holds while only some replicas of the owner service differ, and the metric shows it', async () => {
    const { after, counted } = given({ watchEveryMs: 3_600_000 });
    await after(answer(ours));
    expect(await after(problem('unauthorized'))).to.equal(undefined);
    expect(await counted()).to.deep.equal(['token']);
  });
});
