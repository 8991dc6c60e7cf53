import { expect } from 'chai';
import { services } from './support/cluster.ts';
import { get, run } from './support/command.ts';

interface Secrets {
  items: { metadata: { name: string; uid: string }; type: string; data: Record<string, string> }[];
}

describe('secrets', () => {
  it('are unchanged by another make cluster', async () => {
    const before = await secrets();
    expect(before).to.have.length(4);
    const said = await run('sh', ['cluster/create.sh']);
    expect(said.match(/unchanged/g), said).to.have.length(5);
    expect(await secrets()).to.deep.equal(before);
  });

  it('are in no release, neither in objects nor in values', async () => {
    const values = (await secrets()).flatMap(({ data }) => Object.values(data));
    const plain = values.map((value) => Buffer.from(value, 'base64').toString());
    for (const release of ['postgres', ...services]) {
      const all = await run('helm', ['get', 'all', release]);
      expect(all, release).to.not.match(/^kind: Secret$/m);
      for (const value of [...values, ...plain]) expect(all.includes(value), release).to.equal(false);
    }
  });

  async function secrets() {
    const { items } = await get<Secrets>('secrets');
    return items
      .filter(({ type }) => type === 'Opaque')
      .map(({ metadata: { name, uid }, data }) => ({ name, uid, data }));
  }
});
