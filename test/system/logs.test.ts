import { expect } from 'chai';
import { eventually } from '../support/claims.ts';
import { populate, unknownId } from '../support/gateway.ts';
import type { LogLine } from '../support/process.ts';
import { useSystem } from '../support/system.ts';

describe('the logs', () => {
  const { system, client } = useSystem({ environment: { TIME_SCALE: '2' } });
  const post = (path: string, id: string) => client.request('POST', path, { headers: { 'x-request-id': id } });
  const routes = (lines: LogLine[]) => lines.map(({ route, status }) => `${route as string} ${status as number}`);

  it('of all three services have the id of a request, also for its withdrawal', async () => {
    const { event } = await populate(client);
    await post(`/event/${event.id}/attendance/${unknownId}`, 'no-such-author');
    const { author, conference, gateway } = system.processes;
    await eventually(() => {
      expect(routes(gateway.logsOf('no-such-author'))).to.deep.equal(['/event/:event_id/attendance/:author_id 404']);
      expect(routes(author.logsOf('no-such-author'))).to.deep.equal(['/internal/relation/insertClaims 200']);
      expect(routes(conference.logsOf('no-such-author'))).to.deep.equal([
        '/internal/relation/insertClaims 200',
        '/internal/relation/retireClaims 200',
      ]);
    });
    expect(author.logsOf('no-such-author')[0]!.items).to.deep.equal([
      { request_ids: ['no-such-author'], outcome: 'entity_not_found' },
    ]);
    expect(gateway.logsOf('no-such-author')[0]).to.include({ code: 'author_not_found', method: 'POST' });
  });

  it('omit successful requests of the reconciler', async () => {
    const { author } = system.processes;
    const hasAnswered = async () =>
      (await (await fetch(`${author.managementUrl}/metrics`)).text()).includes('digestClaims');
    await eventually(async () => {
      expect(await hasAnswered()).to.equal(true);
    });
    expect(routes(author.logs).filter((route) => route.includes('digestClaims'))).to.deep.equal([]);
  });

  it('have the outcome of each request in a batch', async () => {
    const { event, author } = await populate(client);
    const ids = Array.from({ length: 20 }, (_, i) => `batched-${i}-of`);
    await Promise.all(
      ids.map((id, i) => post(`/event/${event.id}/attendance/${i % 2 === 0 ? author.id : unknownId}`, id)),
    );
    await eventually(() => {
      for (const [i, id] of ids.entries()) {
        const [line] = system.processes.author.logsOf(id);
        const items = line!.items as { request_ids: string[]; outcome: string }[];
        const item = items.find(({ request_ids }) => request_ids.includes(id));
        expect(item!.outcome).to.equal(i % 2 === 0 ? 'accepted' : 'entity_not_found');
      }
    });
  });
});
