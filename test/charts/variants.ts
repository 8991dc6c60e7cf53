import type { Release, Values } from './helm.ts';

const placement: Values = {
  podAnnotations: { team: 'attendance' },
  podLabels: { cost: '42' },
  podSpec: { hostAliases: [{ ip: 'fd00::1', hostnames: ['db'] }] },
  serviceAccount: { annotations: { role: 'arn' } },
  serviceSpec: { ipFamilies: ['IPv6'], type: 'LoadBalancer' },
  serviceAnnotations: { internal: 'true' },
  imagePullSecrets: [{ name: 'registry' }],
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'dedicated', operator: 'Exists' }],
  affinity: { nodeAffinity: {} },
  priorityClassName: 'high',
};

/** Enables every option of the services' charts, so that every object is rendered. */
export const everything: Values = {
  ...placement,
  autoscaling: { enabled: true },
  serviceMonitor: { enabled: true, release: 'prometheus' },
  prometheusRule: { enabled: true, release: 'prometheus' },
  env: { TIME_SCALE: 0.5, MAX_IN_FLIGHT: 7 },
};

/** Values for each release that together reach every branch of the templates. */
export const variants: Record<Release, Record<string, Values>> = {
  postgres: {
    defaults: {},
    everything: { ...placement, persistence: { storageClass: 'fast' } },
    'without policies': { networkPolicy: { enabled: false } },
  },
  'author-service': ownerService(),
  'conference-service': ownerService(),
  'gateway-service': {
    ...service(),
    everything: { ...everything, dashboard: { enabled: true }, reconcile: { cronJob: { enabled: true } } },
    'reconciled on a schedule only': {
      prometheusRule: { enabled: true },
      reconcile: { enabled: false, cronJob: { enabled: true, args: ['--dry-run'] } },
    },
    'with its token as a file': { serviceToken: { fromFile: true }, reconcile: { cronJob: { enabled: true } } },
    'behind a proxy': { networkPolicy: { clients: [{ podSelector: { matchLabels: { app: 'proxy' } } }] } },
  },
};

function service(): Record<string, Values> {
  return {
    defaults: {},
    everything,
    'two pods': { replicas: 2 },
    'with the debugger': { debug: true },
    'during development': { readOnlyRootFilesystem: false, liveness: false },
    'without policies': { networkPolicy: { enabled: false } },
    'probed by a load balancer': { networkPolicy: { probes: [{ ipBlock: { cidr: '35.191.0.0/16' } }] } },
  };
}

function ownerService(): Record<string, Values> {
  return {
    ...service(),
    'with an external database': { database: { host: 'db.example', port: 6432, name: 'prod' } },
    'with the address of an external database': {
      database: { host: 'db.example' },
      networkPolicy: { database: [{ ipBlock: { cidr: '10.1.2.3/32' } }] },
    },
    'with other role names': { database: { migrationRole: 'boss', serviceRole: 'clerk' } },
    'after the install': { migration: { hook: 'post-install,pre-upgrade' } },
    'with one token': { serviceToken: { previousKey: '' } },
    'with secrets as files, and TLS': {
      serviceToken: { fromFile: true },
      database: {
        passwordFromFile: true,
        tls: { mode: 'verify-full', caSecret: 'ca', certificateSecret: 'one', migrationCertificateSecret: 'two' },
      },
    },
    'behind a pooler': {
      database: { pooler: true, host: 'pooler' },
      migration: { database: { host: 'db', port: 5433 } },
    },
    'with a CA in a ConfigMap': { database: { tls: { mode: 'verify-ca', caConfigMap: 'ca' } } },
  };
}
