import { tokenCheck } from '@attendance/common/http/token';
import { createMetrics } from '@attendance/common/runtime/metrics';
import { expect } from 'chai';
import { pino } from 'pino';
import type { Problem } from '../src/contract/problems.ts';

/** Makes a check, and collects what it logs and counts. */
function given(tokens: string[]) {
  const lines: Record<string, unknown>[] = [];
  const log = pino({}, { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
  const metrics = createMetrics({ service: 'test' });
  const check = tokenCheck({ tokens: () => tokens, log, metrics });
  return {
    tokens,
    lines,
    /** Shows a header. @returns the problem, if there is one */
    show: (authorization: string | undefined): Problem | undefined => {
      try {
        check(authorization);
        return undefined;
      } catch (error) {
        return error as Problem;
      }
    },
    counts: async () => {
      const { values } = await metrics.tokenFailures.get();
      return Object.fromEntries(values.map(({ labels, value }) => [String(labels.reason), value]));
    },
  };
}

describe('the check of the service token', () => {
  it('accepts each of the tokens that are valid at the moment', () => {
    const { show, tokens } = given(['first-token-of-two', 'other-token-of-two']);
    expect(tokens.map((token) => show(`Bearer ${token}`))).to.deep.equal([undefined, undefined]);
    tokens[0] = 'token-after-rotation';
    expect(show('Bearer token-after-rotation')).to.equal(undefined);
    expect(show('Bearer first-token-of-two')?.code).to.equal('unauthorized');
  });

  it('answers 401 to ten failures, then 429, and counts and reports them', async () => {
    const { show, lines, counts } = given(['the-only-valid-token']);
    const codes = Array.from({ length: 50 }, (_, i) => show(i % 2 ? 'Bearer guess' : undefined)?.code);
    expect(codes.slice(0, 10)).to.deep.equal(Array(10).fill('unauthorized'));
    // a second may have passed, and each allows one more
    expect(codes.slice(10).filter((code) => code === 'too_many_failures').length).to.be.at.least(30);
    expect(show('Bearer guess')?.headers).to.deep.equal({ 'Retry-After': '1', Connection: 'close' });
    expect(await counts()).to.deep.equal({ missing: 25, wrong: 26 });
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ level: 40, msg: 'too many requests with a missing or wrong service token' });
  });

  it('accepts a valid token however many others fail', () => {
    const { show } = given(['the-only-valid-token']);
    for (let i = 0; i < 100; i += 1) {
      show('Bearer guess');
      expect(show('Bearer the-only-valid-token')).to.equal(undefined);
    }
  });
});
