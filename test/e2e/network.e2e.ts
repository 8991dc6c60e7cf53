import { expect } from 'chai';
import { createNamespace, deletePod, startPod, tryPorts } from './support/pod.ts';
import { namespace, serversOf } from './support/cluster.ts';

const ports = {
  author: 'author-service.attendance:8070',
  'author management': 'author-service.attendance:9070',
  conference: 'conference-service.attendance:8080',
  'conference management': 'conference-service.attendance:9080',
  gateway: 'gateway-service.attendance:8090',
  'gateway management': 'gateway-service.attendance:9090',
  postgres: 'postgres.attendance:5432',
} as const;

type Name = keyof typeof ports;

interface ReleasePod {
  release: string;
  own: string;
  open: Name[];
}

const releasePods: ReleasePod[] = [
  { release: 'gateway-service', own: 'gateway', open: ['author', 'conference'] },
  { release: 'author-service', own: 'author', open: ['postgres'] },
  { release: 'conference-service', own: 'conference', open: ['postgres'] },
  { release: 'postgres', own: 'postgres', open: [] },
];

interface TestPod {
  title: string;
  namespace: string;
  labels?: Record<string, string>;
  open: Name[];
}

const component = (name: string, component: string) => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/instance': name,
  'app.kubernetes.io/component': component,
});

const managements = ['author management', 'conference management', 'gateway management'] as const;

const testPods: TestPod[] = [
  { title: 'another namespace', namespace: 'elsewhere', open: ['gateway'] },
  // anyone may use the gateway's labels in another namespace
  { title: 'an impostor', namespace: 'elsewhere', labels: component('gateway-service', 'server'), open: ['gateway'] },
  { title: 'the namespace of the scraper', namespace: 'monitoring', open: ['gateway', ...managements] },
  { title: 'the namespace of the release, without labels', namespace, open: ['gateway'] },
  {
    title: 'a reconciler Job',
    namespace,
    labels: component('gateway-service', 'reconcile'),
    open: ['author', 'conference'],
  },
  { title: 'the setup Job', namespace, labels: component('postgres', 'setup'), open: ['postgres'] },
];

describe('ports that NetworkPolicies open', () => {
  const openPorts = new Map<string, Promise<Name[]>>();

  before(async () => {
    await createNamespace('elsewhere');
    await createNamespace('monitoring');
    // in parallel, because a closed port takes until the timeout
    for (const { release, own } of releasePods) openPorts.set(release, openFromRelease(release, own));
    for (const [i, pod] of testPods.entries()) openPorts.set(pod.title, openFromTestPod(pod, `stranger-${i}`));
    await Promise.all(openPorts.values());
  });

  for (const { release, open } of releasePods)
    it(`from ${release}: ${open.join(', ') || 'none'}`, async () => {
      expect(await openPorts.get(release)).to.have.members(open);
    });

  for (const { title, open } of testPods)
    it(`from ${title}: ${open.join(', ')}`, async () => {
      expect(await openPorts.get(title)).to.have.members(open);
    });
});

const names = Object.keys(ports) as Name[];

async function openFromRelease(release: string, own: string): Promise<Name[]> {
  const [pod] = await serversOf(release);
  // policies do not apply to a pod's connections to itself
  const others = names.filter((name) => name.split(' ')[0] !== own);
  return openFrom(pod!.metadata.name, namespace, others);
}

async function openFromTestPod({ namespace, labels }: TestPod, name: string): Promise<Name[]> {
  const pod = { name, namespace };
  await startPod({ ...pod, ...(labels ? { labels } : {}) });
  try {
    return await openFrom(name, namespace, names);
  } finally {
    await deletePod(pod);
  }
}

async function openFrom(pod: string, inNamespace: string, candidates: Name[]): Promise<Name[]> {
  const states = await tryPorts(
    pod,
    inNamespace,
    candidates.map((name) => ports[name]),
  );
  expect(Object.keys(states)).to.have.length(candidates.length);
  return candidates.filter((name) => states[ports[name]] === 'open');
}
