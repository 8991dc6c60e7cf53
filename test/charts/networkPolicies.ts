import { namespace } from './helm.ts';
import { valueAt, selects, type Labels, type Manifest, type Selector, type Workload } from './manifests.ts';

export interface Peer {
  namespace: string;
  labels: Labels;
  /** Port numbers by name. */
  ports: Record<string, number>;
}

interface Rule {
  from?: NetworkPolicyPeer[];
  to?: NetworkPolicyPeer[];
  ports?: { port: number | string; protocol?: string }[];
}

interface NetworkPolicyPeer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: unknown;
}

export function peerOf({ labels, container }: Workload): Peer {
  const ports = (container.ports ?? []).map(({ name, containerPort }): [string, number] => [name, containerPort]);
  return { namespace, labels, ports: Object.fromEntries(ports) };
}

/** Decides whether the policies allow a pod to connect to a TCP port of another, by the rules of Kubernetes. */
export function mayConnect(policies: Manifest[], from: Peer, to: Peer, port: string): boolean {
  return (
    allows(policies, 'Egress', from, to, to.ports[port], to) &&
    allows(policies, 'Ingress', to, from, to.ports[port], to)
  );
}

function allows(
  policies: Manifest[],
  direction: 'Ingress' | 'Egress',
  pod: Peer,
  other: Peer,
  port: number | undefined,
  receiver: Peer,
): boolean {
  const isolating = policies.filter(
    ({ spec }) =>
      pod.namespace === namespace &&
      (valueAt(spec, 'policyTypes') as string[]).includes(direction) &&
      selects(valueAt(spec, 'podSelector') as Selector, pod.labels),
  );
  if (isolating.length === 0) return true;
  const rules = isolating.flatMap(({ spec }) => (valueAt(spec, direction.toLowerCase()) as Rule[] | undefined) ?? []);
  return rules.some((rule) => {
    const peers = direction === 'Ingress' ? rule.from : rule.to;
    const numbers = rule.ports
      ?.filter(({ protocol = 'TCP' }) => protocol === 'TCP')
      .map(({ port: name }) => (typeof name === 'number' ? name : receiver.ports[name]));
    return (!peers || peers.some((peer) => covers(peer, other))) && (!numbers || numbers.includes(port));
  });
}

function covers({ podSelector = {}, namespaceSelector, ipBlock }: NetworkPolicyPeer, pod: Peer): boolean {
  if (ipBlock) return false;
  const inNamespace = namespaceSelector
    ? selects(namespaceSelector, { 'kubernetes.io/metadata.name': pod.namespace })
    : pod.namespace === namespace;
  return inNamespace && selects(podSelector, pod.labels);
}
