import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { runHistories, type History } from '../histories/histories.ts';
import { createRandom } from 'many-to-many/testing';
import { atomicRelation } from '../histories/relations.ts';
import { violationsOf } from '../histories/report.ts';
import { startStandIn, type StandIn } from '../histories/stand-in.ts';
import { TcpProxy } from '../../test/support/tcpProxy.ts';
import { runFinalChecks } from './finalChecks.ts';
import { readAllAgain } from './lastReads.ts';

describe('the last reads', function () {
  this.timeout(20_000);

  let standIn: StandIn;
  let histories: History[];
  beforeEach(async () => {
    standIn = await startStandIn(atomicRelation(createRandom(1)));
    histories = await runHistories({ gateways: [standIn.gateway], histories: 6, seed: 1 });
  });
  afterEach(() => standIn.stop());

  const reader = (gateway: string, process = 1_000) => ({ gateway, process, timeout: 5_000 });

  it('count every history whose reads were answered', async () => {
    const { readAgain, violations } = await readAllAgain(histories, [reader(standIn.gateway)]);
    expect({ readAgain, violations }).to.deep.equal({ readAgain: 6, violations: [] });
    expect(histories.flatMap(violationsOf)).to.be.empty;
    for (const { operations } of histories)
      expect(operations.filter(({ process }) => process === 1_000)).to.have.lengthOf.at.least(20);
  });

  it('have a violation if a gateway refuses all requests', async () => {
    const refusing = createServer((_request, response) => response.writeHead(503).end());
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    const gateway = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    try {
      const readers = [reader(standIn.gateway), reader(gateway, 1_001)];
      const { readAgain, violations } = await readAllAgain(histories, readers);
      expect(readAgain).to.equal(3);
      expect(violations).to.have.lengthOf(1);
      const { number, world } = histories[1]!;
      expect(violations[0]).to.contain(`seed 1, history ${number}:`);
      expect(violations[0]).to.contain(`at ${gateway} read /event/${world.events[0]}/attendance/${world.authors[0]}`);
      expect(violations[0]).to.contain('was not answered in 3 tries (503); 3 histories could not be read');
    } finally {
      refusing.close().closeAllConnections();
    }
  });

  it('have a violation if a gateway does not listen', async () => {
    const { violations } = await readAllAgain(histories, [reader('http://127.0.0.1:1')]);
    expect(violations.join('\n')).to.contain('was not answered in 3 tries (no answer); 6 histories');
  });

  it('are repeated after a missing answer', async () => {
    const target = { host: '127.0.0.1', port: 0 };
    const proxy = await new TcpProxy(target).start();
    try {
      const reading = readAllAgain(histories, [reader(`http://127.0.0.1:${proxy.port}`)]);
      while (proxy.accepted === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      target.port = Number(new URL(standIn.gateway).port);
      expect(await reading).to.deep.equal({ readAgain: 6, violations: [] });
    } finally {
      proxy.stop();
    }
  });

  it('have a violation in the final checks if no gateway listens', async () => {
    const { violations, readAgain } = await runFinalChecks(histories, {
      gateways: ['http://127.0.0.1:1'],
      timeout: 1_000,
      databases: null,
    });
    expect(readAgain).to.equal(0);
    expect(violations.join('\n')).to.contain('could not be read');
  });
});
