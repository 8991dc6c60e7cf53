import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { populate } from '../support/gateway.ts';
import { patient, useSystem } from '../support/system.ts';

describe('bytes that are no HTTP request', () => {
  const { system, client } = useSystem({ environment: patient });

  /** Sends these chunks on one connection. @returns all answers */
  async function send(...chunks: string[]): Promise<string> {
    const { hostname, port } = new URL(system.gateway);
    const socket = connect(Number(port), hostname).setEncoding('latin1');
    const answer = text(socket).catch(() => '');
    for (const chunk of chunks) await new Promise<void>((resolve) => socket.write(chunk, () => resolve()));
    return answer;
  }

  it('after a request are not answered, and the request is executed', async () => {
    const { event, authors } = await populate(client, { authors: 2 });
    // the request must still be in flight when the gateway reads the other bytes
    for (const proxy of [system.network.author, system.network.conference])
      proxy.on('/insertClaims', async ({ deliver, answer }) => {
        await sleep(1_000);
        answer(await deliver());
      });
    for (const [i, separate] of [false, true].entries()) {
      const path = `/event/${event.id}/attendance/${authors[i]!.id}`;
      const head = `POST ${path} HTTP/1.1\r\nHost: gateway\r\n\r\n`;
      const answers = await send(...(separate ? [head, '{}'] : [`${head}{}`]));
      expect(answers.match(/^HTTP\/1\.1 .*/gm)).to.deep.equal(['HTTP/1.1 201 Created']);
      expect((await client.getAttendance(event.id, authors[i]!.id)).status).to.equal(200);
    }
  });

  it('are answered 400 on a new connection', async () => {
    expect(await send('{}\r\n\r\n')).to.match(/^HTTP\/1\.1 400 Bad Request\r\n/);
  });
});
