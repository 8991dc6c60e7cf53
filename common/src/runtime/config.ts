import { z } from 'zod';
import type { DatabaseSettings } from '../database/settings.ts';
import { createSsl } from '../database/tls.ts';
import { checkTls, databaseVariables, file, poolerVariable, tlsSettings, tlsVariables } from '../database/variables.ts';
import { ConfigError } from './configError.ts';
import { atLeastOne, flag, port, scale } from './numbers.ts';
import { readVariables } from './readVariables.ts';
import { LiveSecret } from './secretFile.ts';

const timeVariable = {
  TIME_SCALE: scale(1).describe('Multiplies every duration in many-to-many/src/times.ts and common/src/times.ts'),
};

const serverVariables = (ports: { port: number; managementPort: number }) => ({
  ...timeVariable,
  HOST: z.string().optional().describe('The address to listen on; unset: all addresses, IPv6 and IPv4'),
  PORT: port(ports.port).describe('The port of the API'),
  MANAGEMENT_PORT: port(ports.managementPort).describe('The port of /healthz, /readyz and /metrics'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('The lowest level that is logged'),
  MAX_IN_FLIGHT: atLeastOne(1_000).describe('Requests in flight at once; more are answered 503'),
  DRAIN: flag(true).describe(
    'Keep serving for a while after SIGTERM, until load balancers have noticed; false if there are none',
  ),
});

const minToken = 16;
const token = () =>
  z
    .string()
    .min(minToken, {
      error: ({ input }) => `must be at least ${minToken} characters (got ${(input as string).length})`,
    })
    .regex(/^[\x20-\x7e]*$/, 'may have printable ASCII characters only: it is sent in a header');
const tokenVariables = {
  SERVICE_TOKEN: token().describe('The token that internal routes require'),
  SERVICE_TOKEN_FILE: file().describe('A file with SERVICE_TOKEN, read every second'),
  SERVICE_TOKEN_PREVIOUS: token().optional().describe('Also accepted, while the token is being rotated'),
  SERVICE_TOKEN_PREVIOUS_FILE: file().describe('A file with SERVICE_TOKEN_PREVIOUS, read every second; may be missing'),
};

export const migrateConfig = z.object(databaseVariables).superRefine(checkTls);

/** The management port is 1,000 above the port of the API. */
export const ownerConfig = ({ port }: { port: number }) =>
  z
    .object({
      ...serverVariables({ port, managementPort: port + 1_000 }),
      ...tokenVariables,
      ...databaseVariables,
      ...poolerVariable,
      DATABASE_POOL: atLeastOne(16).describe('The largest number of connections to the database'),
    })
    .superRefine(checkTls);

const serviceUrl = () => z.url({ protocol: /^http$/ });

const ownersVariables = {
  SERVICE_TOKEN: token().describe('The token that the gateway sends to both owner services'),
  SERVICE_TOKEN_FILE: file().describe('A file with SERVICE_TOKEN, read every second'),
  AUTHOR_SERVICE_URL: serviceUrl().default('http://author-service:8070').describe('The author service'),
  CONFERENCE_SERVICE_URL: serviceUrl().default('http://conference-service:8080').describe('The conference service'),
};

export const gatewayConfig = z.object({
  ...serverVariables({ port: 8090, managementPort: 9090 }),
  ...ownersVariables,
  RECONCILE: flag(true).describe('Run the reconciler in the background'),
  BASE_PATH: z
    .string()
    .regex(/^(\/(?!\.{1,2}(\/|$))[\w.~-]+)+$/, {
      error: 'must be a path such as /api: no slash at its end, no escapes',
    })
    .optional()
    .describe('The prefix that a proxy in front strips from every path; Location and openapi.json have it'),
});

/** For one scan of the reconciler, by hand or as a Job. */
export const reconcileConfig = z.object({ ...timeVariable, ...ownersVariables });

export type ServerConfig = z.output<z.ZodObject<ReturnType<typeof serverVariables>>>;

/**
 * Reads only how to connect to a database over TLS.
 * @throws {ConfigError} naming every fault
 */
export function readSsl(environment: NodeJS.ProcessEnv): DatabaseSettings['ssl'] {
  const schema = z.object(tlsVariables).superRefine(checkTls);
  return createSsl(tlsSettings(readConfig(schema, environment)));
}

/** Gives the token that the gateway sends, as its file has it now. */
export function serviceToken(config: { SERVICE_TOKEN: string; SERVICE_TOKEN_FILE?: string | undefined }): () => string {
  const token = new LiveSecret(config.SERVICE_TOKEN, { file: config.SERVICE_TOKEN_FILE, minLength: minToken });
  return () => token.current ?? config.SERVICE_TOKEN;
}

/** Gives the tokens that an owner service accepts on internal routes, as their files have them now. */
export function serviceTokens(config: z.output<z.ZodObject<typeof tokenVariables>>): () => string[] {
  const { SERVICE_TOKEN, SERVICE_TOKEN_FILE, SERVICE_TOKEN_PREVIOUS, SERVICE_TOKEN_PREVIOUS_FILE } = config;
  const token = new LiveSecret(SERVICE_TOKEN, { file: SERVICE_TOKEN_FILE, minLength: minToken });
  const previous = new LiveSecret(SERVICE_TOKEN_PREVIOUS, {
    file: SERVICE_TOKEN_PREVIOUS_FILE,
    minLength: minToken,
    mayBeMissing: true,
  });
  return () => [...token.recent, ...previous.recent];
}

/** Variables whose values are not printed; a URL may contain a password. */
const isSecret = /TOKEN|PASSWORD|URL/;

/**
 * Reads a service's configuration. Nothing else reads the environment. An empty variable counts as unset.
 * @throws {ConfigError} naming every fault
 */
export function readConfig<Schema extends z.ZodObject>(schema: Schema, environment = process.env): z.output<Schema> {
  const { values, names, faults } = readVariables(Object.keys(schema.shape), environment);
  const result = schema.safeParse(values);
  const issues = (result.error?.issues ?? []).map(({ path, code, message }) => {
    const variable = path.join('.');
    const name = names[variable] ?? variable;
    const value = values[variable];
    if (code === 'custom') return { name, fault: message };
    if (value === undefined) return { name, fault: 'is not set' };
    // a URL in the place of a host may have a password too
    const shown = isSecret.test(variable) || value.includes('@') ? '' : ` (got ${JSON.stringify(value)})`;
    return { name, fault: message + shown };
  });
  // one fault of each variable is enough: what cannot be read is not missing too
  const all = [...faults, ...issues.filter(({ name }) => !faults.some((fault) => fault.name.startsWith(name)))];
  if (result.success && all.length === 0) return result.data;
  throw new ConfigError(`Invalid configuration:\n${all.map(({ name, fault }) => `  ${name}: ${fault}`).join('\n')}`);
}
