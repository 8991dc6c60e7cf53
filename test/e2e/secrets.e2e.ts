import { expect } from 'chai';
import { services } from './support/cluster.ts';
import { get, run } from './support/command.ts';

interface Secrets {
  items: { metadata: { name: string; uid: string }; type: string; data: Record<string, string> }[];
}

describe('secrets', () => {
  it('are not changed by a second make cluster', async () => {
    const before = await readSecrets();
    expect(before).to.have.length(4);
    const output = await run('sh', ['cluster/create.sh']);
    expect(output.match(/unchanged/g), output).to.have.length(5);
    expect(await readSecrets()).to.deep.equal(before);
  });

  it('are in no release, neither in its objects nor in its values', async () => {
    const values = (await readSecrets()).flatMap(({ data }) => Object.values(data));
    const decoded = values.map((value) => Buffer.from(value, 'base64').toString());
    for (const release of ['postgres', ...services]) {
      const all = await run('helm', ['get', 'all', release]);
      expect(all, release).to.not.match(/^kind: Secret$/m);
      for (const value of [...values, ...decoded]) expect(all.includes(value), release).to.equal(false);
    }
  });

  async function readSecrets() {
    const { items } = await get<Secrets>('secrets');
    return items
      .filter(({ type }) => type === 'Opaque')
      .map(({ metadata: { name, uid }, data }) => ({ name, uid, data }));
  }
});
