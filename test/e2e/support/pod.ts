import { apply, attempt, kubectl, run } from './command.ts';
import { imageOf } from './cluster.ts';

interface PodOptions {
  name: string;
  namespace: string;
  labels?: Record<string, string>;
}

/** Starts a restricted pod that waits for commands. */
export async function startPod({ name, namespace, labels = {} }: PodOptions): Promise<void> {
  const image = await imageOf('gateway-service');
  await deletePod({ name, namespace });
  await apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'main',
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['node', '--eval', 'setInterval(() => {}, 1e6)'],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  });
  await kubectl('wait', '--namespace', namespace, '--for=condition=Ready', `pod/${name}`, '--timeout=60s');
}

export async function deletePod({ name, namespace }: Pick<PodOptions, 'name' | 'namespace'>): Promise<void> {
  await kubectl('delete', 'pod', name, '--namespace', namespace, '--ignore-not-found', '--wait', '--grace-period=0');
}

export async function createNamespace(name: string): Promise<void> {
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}

export type Port = 'open' | 'refused' | 'silent';

const connect = `
const net = require('node:net');
const timeout = 3000;
Promise.all(process.argv.slice(1).map((address) => new Promise((resolve) => {
  const [host, port] = address.split(':');
  const socket = net.connect({ host, port: Number(port), timeout });
  const report = (state) => { socket.destroy(); resolve([address, state]); };
  socket.on('connect', () => report('open'));
  socket.on('timeout', () => report('silent'));
  socket.on('error', () => report('refused'));
  setTimeout(report, timeout, 'silent');
}))).then((ports) => { console.log(JSON.stringify(Object.fromEntries(ports))); process.exit(); });
`;

const connectFromShell = `
for address in "$@"; do
  (timeout 3 bash -c "exec 3<>/dev/tcp/\${address%:*}/\${address#*:}" 2> /dev/null
   case $? in 0) echo "$address open" ;; 124) echo "$address silent" ;; *) echo "$address refused" ;; esac) &
done
wait
`;

/** Tries to connect to each address, `host:port`, from inside a pod. */
export async function tryPorts(pod: string, namespace: string, addresses: string[]): Promise<Record<string, Port>> {
  const exec = ['exec', '--namespace', namespace, pod, '--'];
  if ((await attempt('kubectl', [...exec, 'node', '--version'])).code === 0)
    return JSON.parse(await run('kubectl', [...exec, 'node', '--eval', connect, ...addresses])) as Record<string, Port>;
  const output = await run('kubectl', [...exec, 'bash', '-c', connectFromShell, 'connect', ...addresses]);
  return Object.fromEntries(
    output
      .trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, Port]),
  );
}
