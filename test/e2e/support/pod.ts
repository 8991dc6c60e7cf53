import { apply, attempt, kubectl, run } from './command.ts';
import { imageOf } from './cluster.ts';

interface PodOptions {
  name: string;
  namespace: string;
  labels?: Record<string, string>;
}

/** A pod with Node in it that waits for commands, as restricted as all others. */
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

export async function makeNamespace(name: string): Promise<void> {
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}

export type Door = 'open' | 'refused' | 'silent';

const knock = `
const net = require('node:net');
const patience = 3000;
Promise.all(process.argv.slice(1).map((door) => new Promise((resolve) => {
  const [host, port] = door.split(':');
  const socket = net.connect({ host, port: Number(port), timeout: patience });
  const settle = (how) => { socket.destroy(); resolve([door, how]); };
  socket.on('connect', () => settle('open'));
  socket.on('timeout', () => settle('silent'));
  socket.on('error', () => settle('refused'));
  setTimeout(settle, patience, 'silent');
}))).then((doors) => { console.log(JSON.stringify(Object.fromEntries(doors))); process.exit(); });
`;

const knockFromShell = `
for door in "$@"; do
  (timeout 3 bash -c "exec 3<>/dev/tcp/\${door%:*}/\${door#*:}" 2> /dev/null
   case $? in 0) echo "$door open" ;; 124) echo "$door silent" ;; *) echo "$door refused" ;; esac) &
done
wait
`;

/** Tries to connect to each door, `host:port`, from inside a pod. */
export async function tryDoors(pod: string, namespace: string, doors: string[]): Promise<Record<string, Door>> {
  const exec = ['exec', '--namespace', namespace, pod, '--'];
  if ((await attempt('kubectl', [...exec, 'node', '--version'])).code === 0)
    return JSON.parse(await run('kubectl', [...exec, 'node', '--eval', knock, ...doors])) as Record<string, Door>;
  const said = await run('kubectl', [...exec, 'bash', '-c', knockFromShell, 'knock', ...doors]);
  return Object.fromEntries(
    said
      .trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, Door]),
  );
}
