import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { v7 } from 'uuid';
import { eventually, podsOf, psql, rolledOut } from './support/cluster.ts';
import { get, kubectl, run } from './support/command.ts';

const operating = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8');
/** The shell function of the documentation. */
const [reconcileByHand] = /^reconcile\(\) \{\n[^]*?^\}$/m.exec(operating)!;

describe('reconciling by hand, while the gateway is off', () => {
  const author_id = v7();
  const claim_id = v7({ msecs: Date.now() - 10 * 60_000 });
  let replicas: number;

  before(async () => {
    const { spec } = await get<{ spec: { replicas: number } }>('deployment', 'gateway-service');
    replicas = spec.replicas;
    await kubectl('scale', 'deployment/gateway-service', '--replicas=0');
    // a pod that is stopping completes its scan
    await eventually('no gateway is left', 60, async () => (await podsOf('gateway-service')).length === 0);
    await psql('author', `INSERT INTO authors (id, full_name) VALUES ('${author_id}', 'Half There')`);
    await psql(
      'author',
      `INSERT INTO attendance (claim_id, author_id, event_id) VALUES ('${claim_id}', '${author_id}', '${v7()}')`,
    );
  });

  after(async () => {
    // the pods of completed Jobs are never ready, for which other parts wait
    await kubectl('delete', 'jobs', '--selector', 'app.kubernetes.io/component=reconcile');
    await psql('author', `DELETE FROM authors WHERE id = '${author_id}'`);
    await kubectl('scale', 'deployment/gateway-service', `--replicas=${replicas}`);
    await rolledOut('gateway-service');
  });

  const reconcile = (argument: string) => run('bash', ['-euc', `${reconcileByHand}\nreconcile ${argument}`]);
  const rows = () => psql('author', `SELECT count(*) FROM attendance WHERE claim_id = '${claim_id}'`);

  it('reports what would be dropped, and drops nothing', async () => {
    const said = await reconcile('--dry-run');
    expect(said).to.match(/^would drop:$/m);
    expect(said).to.match(/^ {2}[1-9]\d* in one copy only, because their event or author was deleted$/m);
    expect(await rows()).to.equal('1');
  });

  it('drops it with --accept', async () => {
    expect(await reconcile('--accept')).to.match(/^dropped:$/m);
    expect(await rows()).to.equal('0');
  });
});
