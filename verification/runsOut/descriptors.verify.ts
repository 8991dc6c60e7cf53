import { setTimeout as sleep } from 'node:timers/promises';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { eventually } from '../../test/support/claims.ts';
import { createClient } from '../../test/support/client.ts';
import { populate } from '../../test/support/gateway.ts';
import { useSystem } from '../../test/support/system.ts';

describe('file descriptors', () => {
  const { system, client } = useSystem({ environment: { RECONCILE: 'false' } });

  it('that run out: new connections are closed, calls are certainly not executed, and the service recovers', async () => {
    const { event, author } = await populate(client);
    const { gateway } = system.processes;
    const kept = createClient({ gateway: gateway.url });
    expect((await kept.request('GET', '/openapi.json')).status).to.equal(200);
    // until the gateway has closed its idle connections to the owner services
    await sleep(5_000);
    const used = readdirSync(`/proc/${gateway.pid}/fd`).map(Number);
    const limit = Math.max(...used) + 1;
    const [, hard] = execFileSync('prlimit', [
      '--pid',
      String(gateway.pid),
      '--nofile',
      '--raw',
      '--noheadings',
      '-oSOFT,HARD',
    ])
      .toString()
      .trim()
      .split(/\s+/);
    execFileSync('prlimit', ['--pid', String(gateway.pid), `--nofile=${limit}:${hard}`]);
    const sockets: Socket[] = [];
    const { hostname, port } = new URL(gateway.url);
    for (let i = 0; i < 2 * limit; i += 1)
      sockets.push(
        connect(Number(port), hostname)
          .on('error', () => undefined)
          .resume(),
      );
    try {
      await eventually(() => {
        expect(readdirSync(`/proc/${gateway.pid}/fd`)).to.have.length.at.least(limit - 2);
      });
      const reply = await kept.addAttendance(event.id, author.id);
      expect([reply.status, reply.problem?.code]).to.deep.equal([503, 'not_executed']);
    } finally {
      execFileSync('prlimit', ['--pid', String(gateway.pid), `--nofile=${hard}:${hard}`]);
      for (const socket of sockets) socket.destroy();
    }
    await eventually(async () => void expect((await client.addAttendance(event.id, author.id)).status).to.equal(201));
    kept.close();
  });
});
