import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Release, Values } from '../../charts/helm.ts';
import { workloadsOf, type Manifest } from '../../charts/manifests.ts';

const deploying = readFileSync(new URL('../../../docs/deploying.md', import.meta.url), 'utf8');

/** The values in the section about OpenShift. */
export const openShift = parse(/^### OpenShift$[^]*?```yaml\n([^]*?)```/m.exec(deploying)![1]!) as Values;

/** The first of the users and groups that OpenShift gives to a namespace. Its constraint restricted-v2 refuses others. */
const firstUser = 1_000_660_000;
const users = 10_000;

/** Whether restricted-v2 accepts the user and group of a security context. */
export const isOfRange = ({ runAsUser, fsGroup }: Record<string, unknown> = {}) =>
  [runAsUser, fsGroup].every((id) => id === undefined || (Number(id) >= firstUser && Number(id) < firstUser + users));

/** Has the name of the user that OpenShift chooses, as its container engine adds it to each container. */
export const passwd = (namespace: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'passwd', namespace },
  data: { passwd: `root:x:0:0:root:/root:/bin/sh\n${firstUser}:x:${firstUser}:0::/:/sbin/nologin\n` },
});

/** Chooses the user and group of the pods of a manifest, as restricted-v2 does. */
export function asOpenShift(manifest: Manifest): Manifest {
  const chosen = structuredClone(manifest);
  for (const { pod } of workloadsOf([chosen])) {
    pod.securityContext = { ...pod.securityContext, runAsUser: firstUser, fsGroup: firstUser };
    pod.volumes = [...(pod.volumes ?? []), { name: 'passwd', configMap: { name: 'passwd' } }];
    for (const container of pod.containers) {
      const mount = { name: 'passwd', mountPath: '/etc/passwd', subPath: 'passwd' };
      container.volumeMounts = [...(container.volumeMounts ?? []), mount];
    }
  }
  return chosen;
}

/** A quota that every container must have requests and limits for. */
export const quota = { 'requests.cpu': '4', 'requests.memory': '4Gi', 'limits.cpu': '20', 'limits.memory': '8Gi' };

const resources = { requests: { cpu: '50m', memory: '96Mi' }, limits: { cpu: '1', memory: '512Mi' } };

/** The values that give every container requests and limits. */
export const bounded: Record<Release, Values> = {
  postgres: { resources, setup: { resources }, test: { resources } },
  'author-service': { resources, migration: { resources }, test: { resources } },
  'conference-service': { resources, migration: { resources }, test: { resources } },
  'gateway-service': { resources, reconcile: { cronJob: { resources } }, test: { resources } },
};
