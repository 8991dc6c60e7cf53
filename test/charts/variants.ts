import type { Chart, Values } from './helm.ts';

const placement: Values = {
  podAnnotations: { team: 'attendance' },
  imagePullSecrets: [{ name: 'registry' }],
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'dedicated', operator: 'Exists' }],
  affinity: { nodeAffinity: {} },
  priorityClassName: 'high',
};

/** Every option of the services' charts turned on, so that each object there can be is rendered. */
export const everything: Values = {
  ...placement,
  autoscaling: { enabled: true },
  serviceMonitor: { enabled: true, release: 'prometheus' },
  prometheusRule: { enabled: true, release: 'prometheus' },
  env: { TIME_SCALE: 0.5 },
};

/** Values for each chart that differ in every branch of its templates. */
export const variants: Record<Chart, Record<string, Values>> = {
  postgres: {
    defaults: {},
    everything: { ...placement, persistence: { storageClass: 'fast' } },
    'without policies': { networkPolicy: { enabled: false } },
  },
  'author-service': owner(),
  'conference-service': owner(),
  'gateway-service': {
    ...service(),
    everything: { ...everything, dashboard: { enabled: true }, reconcile: { cronJob: { enabled: true } } },
    'reconciled by a schedule alone': {
      prometheusRule: { enabled: true },
      reconcile: { enabled: false, cronJob: { enabled: true, args: ['--dry-run'] } },
    },
    'behind a proxy': { networkPolicy: { clients: [{ podSelector: { matchLabels: { app: 'proxy' } } }] } },
  },
};

function service(): Record<string, Values> {
  return {
    defaults: {},
    everything,
    'two pods': { replicas: 2 },
    'under the debugger': { debug: true },
    'while it is developed': { readOnlyRootFilesystem: false, liveness: false },
    'without policies': { networkPolicy: { enabled: false } },
  };
}

function owner(): Record<string, Values> {
  return {
    ...service(),
    'with an external database': { database: { host: 'db.example', port: 6432, name: 'prod' } },
    'with the address of an external database': {
      database: { host: 'db.example' },
      networkPolicy: { database: [{ ipBlock: { cidr: '10.1.2.3/32' } }] },
    },
    'with roles of other names': { database: { ownerRole: 'boss', serviceRole: 'clerk' } },
    'with one token': { serviceToken: { previousKey: '' } },
  };
}
