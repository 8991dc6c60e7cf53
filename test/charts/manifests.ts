export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Labels; annotations?: Labels };
  spec?: unknown;
  data?: Record<string, string>;
}

export type Labels = Record<string, string>;

export interface Container {
  name: string;
  image: string;
  imagePullPolicy?: string;
  command?: string[];
  args?: string[];
  env?: EnvironmentVariable[];
  envFrom?: { configMapRef?: { name: string } }[];
  ports?: { name: string; containerPort: number; hostPort?: number }[];
  resources?: { requests?: Labels; limits?: Labels };
  securityContext?: Record<string, unknown>;
  volumeMounts?: Record<string, unknown>[];
  startupProbe?: object;
  livenessProbe?: object;
  readinessProbe?: object;
}

export interface EnvironmentVariable {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: { name: string; key: string; optional?: boolean } };
}

export interface PodSpec {
  containers: Container[];
  securityContext?: Record<string, unknown>;
  volumes?: Record<string, unknown>[];
  [field: string]: unknown;
}

/** An object that creates pods, or a pod, and its pod template. */
export interface Workload {
  title: string;
  manifest: Manifest;
  labels: Labels;
  annotations: Labels;
  pod: PodSpec;
  container: Container;
}

/** Returns the value at a path such as `spec.template.spec`, or undefined. */
export function valueAt(object: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
}

export function findManifest(manifests: Manifest[], kind: string, name?: string): Manifest | undefined {
  return manifests.find((manifest) => manifest.kind === kind && (!name || manifest.metadata.name === name));
}

/** @throws if there is no such manifest */
export function getManifest(manifests: Manifest[], kind: string, name?: string): Manifest {
  const manifest = findManifest(manifests, kind, name);
  if (!manifest) throw new Error(`no ${kind} ${name ?? ''} among ${manifests.map((m) => m.kind).join(', ')}`);
  return manifest;
}

export function workloadsOf(manifests: Manifest[]): Workload[] {
  return manifests.flatMap((manifest) => {
    const path = manifest.kind === 'CronJob' ? 'jobTemplate.spec.template' : 'template';
    const template = manifest.kind === 'Pod' ? manifest : valueAt(manifest.spec, path);
    if (!template) return [];
    const { metadata, spec } = template as { metadata: Manifest['metadata']; spec: PodSpec };
    const [container] = spec.containers;
    if (!container) throw new Error(`${manifest.metadata.name} has no container`);
    const title = `${manifest.kind} ${manifest.metadata.name}`;
    return [
      { title, manifest, labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {}, pod: spec, container },
    ];
  });
}

export function workload(manifests: Manifest[], kind: string, name: string): Workload {
  const [found] = workloadsOf([getManifest(manifests, kind, name)]);
  if (!found) throw new Error(`${kind} ${name} creates no pods`);
  return found;
}

export const isHook = (manifest: Manifest) => manifest.metadata.annotations?.['helm.sh/hook'] !== undefined;

export interface Selector {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: string; values: string[] }[];
}

export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      if (operator !== 'In') throw new Error(`unknown operator ${operator}`);
      return values.includes(labels[key] ?? '');
    })
  );
}
