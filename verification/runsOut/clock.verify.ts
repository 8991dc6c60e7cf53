import { expect } from 'chai';
import { eventually } from '../../test/support/claims.ts';
import { populate } from '../../test/support/gateway.ts';
import { readMetric } from '../../test/support/metrics.ts';
import { useSystem } from '../../test/support/system.ts';
import { moduleOf } from './gateway.ts';

describe('the clock of the gateway', () => {
  const { system, client } = useSystem({ environment: { RECONCILE: 'false' } });

  for (const [what, seconds] of [
    ['ahead', 60],
    ['behind', -60],
  ] as const)
    it(`that steps is ${what}: adds are certainly not executed, and log, metric and readiness name the clock`, async () => {
      const { event, author } = await populate(client);
      const { gateway } = system.processes;
      await gateway.stop();
      const step = moduleOf(`const now = Date.now; Date.now = () => now() + ${seconds * 1_000};`);
      await gateway.start({ NODE_OPTIONS: `--import=${step}` });
      await eventually(async () => {
        const answer = await fetch(`${gateway.managementUrl}/readyz`);
        expect(answer.status).to.equal(503);
        expect(await answer.text()).to.match(seconds > 0 ? /59\.\d s behind|60\.0 s behind/ : /(59|60)\.\d s ahead of/);
      });
      expect(
        await readMetric(gateway, 'downstream_mismatch', { downstream: 'author-service', what: 'clock' }),
      ).to.equal(1);
      const reply = await client.addAttendance(event.id, author.id);
      expect([reply.status, reply.problem!.code]).to.deep.equal([503, 'not_executed']);
      await gateway.stop();
      await gateway.start({ NODE_OPTIONS: '' });
      await eventually(async () => void expect((await client.addAttendance(event.id, author.id)).status).to.equal(201));
    });
});
