import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { populate } from '../support/gateway.ts';
import { patient, useSystem } from '../support/system.ts';

describe('what is no request', () => {
  const { system, client } = useSystem({ environment: patient });

  /** @returns all that was answered before the connection ended */
  async function exchange(...chunks: string[]): Promise<string> {
    const { hostname, port } = new URL(system.gateway);
    const socket = connect(Number(port), hostname).setEncoding('latin1');
    const answer = text(socket).catch(() => '');
    for (const chunk of chunks) await new Promise<void>((resolve) => socket.write(chunk, () => resolve()));
    return answer;
  }

  it('is not answered in the place of the request before it, which is executed', async () => {
    const { event, authors } = await populate(client, { authors: 2 });
    // so that the request is still under way when the rest has been read
    for (const owner of [system.network.author, system.network.conference])
      owner.on('/insertClaims', async ({ deliver, answer }) => {
        await sleep(1_000);
        answer(await deliver());
      });
    for (const [i, separate] of [false, true].entries()) {
      const path = `/event/${event.id}/attendance/${authors[i]!.id}`;
      const head = `POST ${path} HTTP/1.1\r\nHost: gateway\r\n\r\n`;
      const said = await exchange(...(separate ? [head, '{}'] : [`${head}{}`]));
      expect(said.match(/^HTTP\/1\.1 .*/gm)).to.deep.equal(['HTTP/1.1 201 Created']);
      expect((await client.getAttendance(event.id, authors[i]!.id)).status).to.equal(200);
    }
  });

  it('is answered where no other request is under way', async () => {
    expect(await exchange('{}\r\n\r\n')).to.match(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(await exchange('BREW /author HTTP/1.1\r\nHost: gateway\r\n\r\n')).to.match(/^HTTP\/1\.1 405 /);
  });
});
