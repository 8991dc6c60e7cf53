import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { v7 } from 'uuid';
import { psql, scaleGateway } from './support/cluster.ts';
import { get, kubectl, run } from './support/command.ts';

const operating = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8');
/** The shell function `reconcile` of the documentation. */
const [reconcileFunction] = /^reconcile\(\) \{\n[^]*?^\}$/m.exec(operating)!;

describe('the command reconcile, without a gateway', () => {
  const author_id = v7();
  const claim_id = v7({ msecs: Date.now() - 10 * 60_000 });
  let replicas: number;

  before(async () => {
    const { spec } = await get<{ spec: { replicas: number } }>('deployment', 'gateway-service');
    replicas = spec.replicas;
    await scaleGateway(0);
    await psql('author', `INSERT INTO authors (id, full_name) VALUES ('${author_id}', 'Half There')`);
    await psql(
      'author',
      `INSERT INTO attendance (claim_id, author_id, event_id) VALUES ('${claim_id}', '${author_id}', '${v7()}')`,
    );
  });

  after(async () => {
    // other parts wait until all pods are ready, which the pods of completed Jobs never are
    await kubectl('delete', 'jobs', '--selector', 'app.kubernetes.io/component=reconcile');
    await psql('author', `DELETE FROM authors WHERE id = '${author_id}'`);
    await scaleGateway(replicas);
  });

  const reconcile = (argument: string) => run('bash', ['-euc', `${reconcileFunction}\nreconcile ${argument}`]);
  const countRows = () => psql('author', `SELECT count(*) FROM attendance WHERE claim_id = '${claim_id}'`);

  it('reports a half claim with --dry-run, and does not drop it', async () => {
    const output = await reconcile('--dry-run');
    expect(output).to.match(/^would drop:$/m);
    expect(output).to.match(
      /^ {2}[1-9]\d* in one copy only, of an event or author that is not in the other database$/m,
    );
    expect(await countRows()).to.equal('1');
  });

  it('drops the half claim with --accept', async () => {
    expect(await reconcile('--accept')).to.match(/^dropped:$/m);
    expect(await countRows()).to.equal('0');
  });
});
