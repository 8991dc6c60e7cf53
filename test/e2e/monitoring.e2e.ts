import { expect } from 'chai';
import { eventually } from './support/cluster.ts';
import { forward, type Forwarded } from './support/portForward.ts';

type Sample = { metric: Record<string, string>; value: [time: number, value: string] };

describe('Prometheus', () => {
  let prometheus: Forwarded;
  let gateway: Forwarded;

  before(async () => {
    prometheus = await forward('service/prometheus', 9090, 'monitoring');
    gateway = await forward('service/gateway-service', 8090);
  });

  after(() => Promise.all([prometheus.stop(), gateway.stop()]));

  async function query(expression: string): Promise<Sample[]> {
    const answer = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(expression)}`);
    return ((await answer.json()) as { data: { result: Sample[] } }).data.result;
  }

  const valueOf = async (expression: string) => Number((await query(expression))[0]?.value[1] ?? 0);

  it('finds all three services by their annotations, each pod once, and reaches them', async () => {
    await eventually('three targets, all of them up', 60, async () => {
      const targets = await query('up{namespace="attendance"}');
      return targets.length === 3 && targets.every(({ value }) => value[1] === '1');
    });
    const services = (await query('count by (service) (process_start_time_seconds)')).map(
      ({ metric }) => metric.service,
    );
    expect(services.sort()).to.deep.equal(['author', 'conference', 'gateway']);
  });

  it('counts requests by route template', async () => {
    const counter =
      'sum(http_request_duration_seconds_count{service="gateway",method="GET",route="/author",status="200"})';
    const before = await valueOf(counter);
    for (let i = 0; i < 5; i++) expect((await fetch(`${gateway.url}/author?limit=1`)).status).to.equal(200);
    await eventually('the counter is five higher', 60, async () => (await valueOf(counter)) >= before + 5);
    const owner = 'sum(http_request_duration_seconds_count{service="author",route="/author"})';
    expect(await valueOf(owner)).to.be.at.least(5);
  });
});
