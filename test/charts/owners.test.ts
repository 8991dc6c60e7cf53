import { expect } from 'chai';
import { describeWith } from '../support/needs.ts';
import { render } from './helm.ts';
import { get, workload, type Container, type Manifest } from './manifests.ts';

const owners = ['author', 'conference'] as const;

const variable = (container: Container, name: string) => container.env?.find((variable) => variable.name === name);
const secret = (container: Container, name: string) => variable(container, name)?.valueFrom?.secretKeyRef;

describeWith('helm', 'charts: the two owners', () => {
  for (const owner of owners) {
    const chart = `${owner}-service` as const;
    const server = (manifests: Manifest[]) => workload(manifests, 'Deployment', chart).container;
    const migration = (manifests: Manifest[]) => workload(manifests, 'Job', `${chart}-migration`).container;

    describe(chart, () => {
      let defaults: Manifest[];
      before(() => void (defaults = render(chart)));

      it('connects as the role that reads and writes rows', () => {
        expect(get(defaults, 'ConfigMap', chart).data).to.include({
          DATABASE_HOST: 'postgres',
          DATABASE_PORT: '5432',
          DATABASE_NAME: owner,
          DATABASE_USER: `${owner}_service`,
          DATABASE_POOL: '16',
        });
        expect(secret(server(defaults), 'DATABASE_PASSWORD')).to.deep.equal({
          name: `${owner}-database`,
          key: 'service-password',
        });
      });

      it('migrates as the role that owns the database, in the same image, before anything else', () => {
        const job = workload(defaults, 'Job', `${chart}-migration`);
        expect(job.manifest.metadata.annotations).to.include({
          'helm.sh/hook': 'pre-install,pre-upgrade',
          'helm.sh/hook-output-log-policy': 'hook-failed',
        });
        expect(job.container.image).to.equal(server(defaults).image);
        expect(job.container.command).to.deep.equal(['node', `services/${owner}/dist/migrate.js`]);
        expect(variable(job.container, 'DATABASE_USER')?.value).to.equal(`${owner}_owner`);
        expect(secret(job.container, 'DATABASE_PASSWORD')?.key).to.equal('owner-password');
      });

      it('counts in a migration on nothing of the release, which is not there yet', () => {
        const { pod, container } = workload(defaults, 'Job', `${chart}-migration`);
        expect(pod).not.to.have.any.keys('serviceAccountName', 'volumes');
        expect(container).not.to.have.property('envFrom');
      });

      it('reaches an external database by three values and a secret', () => {
        const database = { host: 'db.example', port: 6432, name: 'prod', existingSecret: 'prod-database' };
        const manifests = render(chart, { database });
        const where = { DATABASE_HOST: 'db.example', DATABASE_PORT: '6432', DATABASE_NAME: 'prod' };
        expect(get(manifests, 'ConfigMap', chart).data).to.include({ ...where, DATABASE_USER: 'prod_service' });
        expect(secret(server(manifests), 'DATABASE_PASSWORD')?.name).to.equal('prod-database');
        for (const [name, value] of Object.entries({ ...where, DATABASE_USER: 'prod_owner' }))
          expect(variable(migration(manifests), name)?.value).to.equal(value);
        expect(secret(migration(manifests), 'DATABASE_PASSWORD')?.name).to.equal('prod-database');
      });

      it('takes roles of other names, and further variables in the migration too', () => {
        const database = { ownerRole: 'boss', serviceRole: 'clerk' };
        const manifests = render(chart, { database, env: { PGSSLMODE: 'require' } });
        expect(get(manifests, 'ConfigMap', chart).data).to.include({ DATABASE_USER: 'clerk', PGSSLMODE: 'require' });
        expect(variable(migration(manifests), 'DATABASE_USER')?.value).to.equal('boss');
        expect(variable(migration(manifests), 'PGSSLMODE')?.value).to.equal('require');
      });

      it('takes the token, and the previous one if it is there', () => {
        expect(secret(server(defaults), 'SERVICE_TOKEN')).to.deep.equal({ name: 'service-token', key: 'token' });
        const previous = { name: 'service-token', key: 'previous', optional: true };
        expect(secret(server(defaults), 'SERVICE_TOKEN_PREVIOUS')).to.deep.equal(previous);
        const one = render(chart, { serviceToken: { previousKey: '' } });
        expect(variable(server(one), 'SERVICE_TOKEN_PREVIOUS')).to.be.undefined;
      });
    });
  }
});
