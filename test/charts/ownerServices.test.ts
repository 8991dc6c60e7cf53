import { expect } from 'chai';
import { describeWith } from '../support/needs.ts';
import { render } from './helm.ts';
import { getManifest, workload, type Container, type Manifest } from './manifests.ts';

const names = ['author', 'conference'] as const;

const variable = (container: Container, key: string) => container.env?.find(({ name }) => name === key);
const secret = (container: Container, key: string) => variable(container, key)?.valueFrom?.secretKeyRef;

describeWith('helm', 'charts: the owner services', () => {
  for (const name of names) {
    const release = `${name}-service` as const;
    const server = (manifests: Manifest[]) => workload(manifests, 'Deployment', release).container;
    const migration = (manifests: Manifest[]) => workload(manifests, 'Job', `${release}-migration`).container;

    describe(release, () => {
      let defaults: Manifest[];
      before(() => void (defaults = render(release)));

      it('connects as the service role', () => {
        expect(getManifest(defaults, 'ConfigMap', release).data).to.include({
          DATABASE_HOST: 'postgres',
          DATABASE_PORT: '5432',
          DATABASE_NAME: name,
          DATABASE_USER: `${name}_service`,
          DATABASE_POOL: '16',
        });
        expect(secret(server(defaults), 'DATABASE_PASSWORD')).to.deep.equal({
          name: `${name}-database`,
          key: 'service-password',
        });
      });

      it('migrates as the migration role, with the same image, before the upgrade', () => {
        const job = workload(defaults, 'Job', `${release}-migration`);
        expect(job.manifest.metadata.annotations).to.include({
          'helm.sh/hook': 'pre-install,pre-upgrade',
          'helm.sh/hook-output-log-policy': 'hook-failed',
        });
        expect(job.container.image).to.equal(server(defaults).image);
        expect(job.container.command).to.deep.equal(['node', `services/${name}/dist/migrate.js`]);
        expect(variable(job.container, 'DATABASE_USER')?.value).to.equal(`${name}_owner`);
        expect(secret(job.container, 'DATABASE_PASSWORD')?.key).to.equal('owner-password');
      });

      it('migrates without other objects of the release, which a pre-install hook cannot use', () => {
        const { pod, container } = workload(defaults, 'Job', `${release}-migration`);
        expect(pod).not.to.have.any.keys('serviceAccountName', 'volumes');
        expect(container).not.to.have.property('envFrom');
      });

      it('connects to an external database', () => {
        const database = { host: 'db.example', port: 6432, name: 'prod', existingSecret: 'prod-database' };
        const manifests = render(release, { database });
        const address = { DATABASE_HOST: 'db.example', DATABASE_PORT: '6432', DATABASE_NAME: 'prod' };
        expect(getManifest(manifests, 'ConfigMap', release).data).to.include({
          ...address,
          DATABASE_USER: 'prod_service',
        });
        expect(secret(server(manifests), 'DATABASE_PASSWORD')?.name).to.equal('prod-database');
        for (const [key, value] of Object.entries({ ...address, DATABASE_USER: 'prod_owner' }))
          expect(variable(migration(manifests), key)?.value).to.equal(value);
        expect(secret(migration(manifests), 'DATABASE_PASSWORD')?.name).to.equal('prod-database');
      });

      it('accepts other role names, and further variables, also for the migration', () => {
        const database = { migrationRole: 'boss', serviceRole: 'clerk' };
        const manifests = render(release, { database, env: { PGSSLMODE: 'require' } });
        expect(getManifest(manifests, 'ConfigMap', release).data).to.include({
          DATABASE_USER: 'clerk',
          PGSSLMODE: 'require',
        });
        expect(variable(migration(manifests), 'DATABASE_USER')?.value).to.equal('boss');
        expect(variable(migration(manifests), 'PGSSLMODE')?.value).to.equal('require');
      });

      it('accepts the current token, and the previous one if it exists', () => {
        expect(secret(server(defaults), 'SERVICE_TOKEN')).to.deep.equal({ name: 'service-token', key: 'token' });
        const previous = { name: 'service-token', key: 'previous', optional: true };
        expect(secret(server(defaults), 'SERVICE_TOKEN_PREVIOUS')).to.deep.equal(previous);
        const one = render(release, { serviceToken: { previousKey: '' } });
        expect(variable(server(one), 'SERVICE_TOKEN_PREVIOUS')).to.be.undefined;
      });
    });
  }
});
