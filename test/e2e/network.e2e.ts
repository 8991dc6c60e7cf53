import { expect } from 'chai';
import { makeNamespace, deletePod, startPod, tryPorts } from './support/pod.ts';
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

interface Ours {
  release: string;
  own: string;
  may: Name[];
}

const ours: Ours[] = [
  { release: 'gateway-service', own: 'gateway', may: ['author', 'conference'] },
  { release: 'author-service', own: 'author', may: ['postgres'] },
  { release: 'conference-service', own: 'conference', may: ['postgres'] },
  { release: 'postgres', own: 'postgres', may: [] },
];

interface Made {
  from: string;
  in: string;
  labels?: Record<string, string>;
  may: Name[];
}

const component = (name: string, of: string) => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/instance': name,
  'app.kubernetes.io/component': of,
});

const managements = ['author management', 'conference management', 'gateway management'] as const;

const made: Made[] = [
  { from: 'another namespace', in: 'elsewhere', may: ['gateway'] },
  // anyone may use the gateway's labels in another namespace
  { from: 'an impostor', in: 'elsewhere', labels: component('gateway-service', 'server'), may: ['gateway'] },
  { from: 'the namespace of the scraper', in: 'monitoring', may: ['gateway', ...managements] },
  { from: 'our namespace, without labels', in: namespace, may: ['gateway'] },
  {
    from: 'a reconciler Job',
    in: namespace,
    labels: component('gateway-service', 'reconcile'),
    may: ['author', 'conference'],
  },
  { from: 'the setup Job', in: namespace, labels: component('postgres', 'setup'), may: ['postgres'] },
];

describe('ports that NetworkPolicies leave open', () => {
  const found = new Map<string, Promise<Name[]>>();

  before(async () => {
    await makeNamespace('elsewhere');
    await makeNamespace('monitoring');
    // concurrently, because a closed port takes until the timeout
    for (const { release, own } of ours) found.set(release, fromOurs(release, own));
    for (const [i, stranger] of made.entries()) found.set(stranger.from, fromMade(stranger, `stranger-${i}`));
    await Promise.all(found.values());
  });

  for (const { release, may } of ours)
    it(`from ${release}: ${may.join(', ') || 'none'}`, async () => {
      expect(await found.get(release)).to.have.members(may);
    });

  for (const { from, may } of made)
    it(`from ${from}: ${may.join(', ')}`, async () => {
      expect(await found.get(from)).to.have.members(may);
    });
});

const names = Object.keys(ports) as Name[];

async function fromOurs(release: string, own: string): Promise<Name[]> {
  const [pod] = await serversOf(release);
  // policies do not apply to a pod's connections to itself
  const others = names.filter((name) => name.split(' ')[0] !== own);
  return openFrom(pod!.metadata.name, namespace, others);
}

async function fromMade({ in: where, labels }: Made, name: string): Promise<Name[]> {
  const pod = { name, namespace: where };
  await startPod({ ...pod, ...(labels ? { labels } : {}) });
  try {
    return await openFrom(name, where, names);
  } finally {
    await deletePod(pod);
  }
}

async function openFrom(pod: string, where: string, which: Name[]): Promise<Name[]> {
  const tried = await tryPorts(
    pod,
    where,
    which.map((name) => ports[name]),
  );
  expect(Object.keys(tried)).to.have.length(which.length);
  return which.filter((name) => tried[ports[name]] === 'open');
}
