import { valueAt, workloadsOf, type Manifest } from '../../charts/manifests.ts';
import { apply, attempt, kubectl } from './command.ts';

/** Creates a namespace that refuses pods as OpenShift's do: those that are not restricted, or exceed a quota. */
export async function createRestrictedNamespace(name: string, quota?: Record<string, string>): Promise<void> {
  // the previous run may still be deleting it
  await kubectl('delete', 'namespace', name, '--ignore-not-found');
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  if (quota)
    await apply({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'quota', namespace: name },
      spec: { hard: quota },
    });
  await kubectl('wait', '--namespace', name, '--for=create', 'serviceaccount/default', '--timeout=60s');
}

/** Kinds of the Prometheus operator, which is not installed. */
const isForeign = ({ apiVersion }: Manifest) => apiVersion.startsWith('monitoring.coreos.com/');

/** Returns the objects, with the pod of each Deployment, Job and so on: only pods are admitted or refused by a namespace. */
export function withPods(manifests: Manifest[]): Manifest[] {
  const objects = manifests.filter((manifest) => !isForeign(manifest));
  const pods = workloadsOf(objects).map(({ manifest, labels, annotations, pod }, index) => {
    // what the controller of a StatefulSet adds
    const claims = (valueAt(manifest.spec, 'volumeClaimTemplates') ?? []) as Manifest[];
    const volumes = claims.map(({ metadata: { name } }) => ({ name, persistentVolumeClaim: { claimName: name } }));
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `pod-${index}`, labels, annotations },
      // admission looks the ServiceAccount up, which a dry run does not create
      spec: { ...pod, serviceAccountName: 'default', volumes: [...(pod.volumes ?? []), ...volumes] },
    };
  });
  return [...objects.filter(({ kind }) => kind !== 'Pod'), ...pods];
}

/** Has the API server check objects as if they were applied. @returns what it refuses, and why */
export async function dryRun(namespace: string, manifests: Manifest[]): Promise<string[]> {
  const args = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '--namespace', namespace];
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
  const { code, stdout, stderr } = await attempt('kubectl', [...args, '--filename', '-'], { input });
  const accepted = stdout.split('\n').filter((line) => line.endsWith(' serverside-applied (server dry run)'));
  const faults = stderr.split('\n').filter(Boolean);
  if (faults.length === 0 && (code !== 0 || accepted.length !== manifests.length))
    throw new Error(`${accepted.length} of ${manifests.length} objects: ${stdout}`);
  return faults;
}
