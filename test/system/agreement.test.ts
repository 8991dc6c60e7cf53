import { expect } from 'chai';
import { eventually } from '../support/claims.ts';
import { populate } from '../support/gateway.ts';
import { readMetric } from '../support/metrics.ts';
import { reconcileByHand } from '../support/reconcile.ts';
import { timeScale, useSystem } from '../support/system.ts';

/** Twice the clocks of the owner services. */
const scale = 2 * timeScale;

describe('a gateway that does not agree with its owner services', () => {
  const { system, client } = useSystem();
  const gateway = () => system.processes.gateway;

  async function restart(environment: Record<string, string>): Promise<void> {
    await gateway().stop();
    gateway().logs.length = 0;
    await gateway().start(environment);
  }
  const readiness = async () => {
    const answer = await fetch(`${gateway().managementUrl}/readyz`);
    return [answer.status, ((await answer.json()) as { reason?: string }).reason];
  };

  /** Expects that the gateway says what differs wherever somebody may look, and sends no wire operation. */
  async function expectMismatch(what: string, reason: string): Promise<void> {
    await eventually(async () => {
      const [status, given] = await readiness();
      expect(status).to.equal(503);
      expect(given).to.include(reason);
    });
    expect((await fetch(`${gateway().managementUrl}/healthz`)).status).to.equal(200);
    await eventually(async () => {
      for (const downstream of ['author-service', 'conference-service'])
        expect(await readMetric(gateway(), 'downstream_mismatch', { downstream, what })).to.equal(1);
    });
    const lines = gateway().logs.filter(({ msg }) => msg.endsWith('do not agree'));
    expect(lines.map(({ downstream }) => downstream)).to.have.members(['author-service', 'conference-service']);
    const { event, author } = await populate(client);
    const { status, problem } = await client.addAttendance(event.id, author.id);
    expect([status, problem!.code]).to.deep.equal([503, 'not_executed']);
  }

  it('is not ready while they do not accept its token, and sends nothing', async () => {
    await restart({ SERVICE_TOKEN: 'a-token-of-another-system' });
    await expectMismatch('token', 'it does not accept SERVICE_TOKEN');
    expect(JSON.stringify(gateway().logs)).to.not.include('a-token-of-another-system');
  });

  it('is not ready while their TIME_SCALE is another, and sends nothing; neither does the command reconcile', async () => {
    await restart({ SERVICE_TOKEN: 'a-token-for-tests-only', TIME_SCALE: String(scale) });
    await expectMismatch('times', 'TIME_SCALE must be the same');
    const { code, errors } = await reconcileByHand({ processes: system.processes, scale });
    expect(code).to.equal(1);
    expect(errors).to.match(/^Invalid configuration:\n {2}author-service: its expiry_ms is 30000, .*\n$/);
  });

  it('is not ready while its URLs are swapped', async () => {
    const { author, conference } = system.network;
    const right = { AUTHOR_SERVICE_URL: author.url, CONFERENCE_SERVICE_URL: conference.url };
    const swapped = { AUTHOR_SERVICE_URL: conference.url, CONFERENCE_SERVICE_URL: author.url };
    await restart({ TIME_SCALE: String(timeScale), ...swapped });
    await eventually(async () => {
      const [status, reason] = await readiness();
      expect(status).to.equal(503);
      expect(reason).to.include('_SERVICE_URL leads to the ');
    });
    await restart(right);
  });

  it('works as soon as they agree', async () => {
    await eventually(async () => {
      expect(gateway().logs.filter(({ msg }) => msg === 'the gateway and an owner service agree')).to.have.length(2);
      expect(await readiness()).to.deep.equal([200, undefined]);
    });
    const { event, author } = await populate(client);
    expect((await client.addAttendance(event.id, author.id)).status).to.equal(201);
    expect(
      await readMetric(gateway(), 'downstream_mismatch', { downstream: 'author-service', what: 'token' }),
    ).to.equal(0);
  });
});
