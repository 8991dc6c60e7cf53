import { isIP } from 'node:net';
import { z } from 'zod';
import { flag, remotePort } from '../runtime/numbers.ts';
import { PasswordFile } from './passwordFile.ts';
import type { DatabaseSettings } from './settings.ts';
import { createSsl, tlsFaults, tlsModes, type TlsSettings } from './tls.ts';

const isQuoted = (text: string) => /^(["'`]).*\1$/.test(text);
const unquoted = (text: z.ZodString) =>
  text.refine((value) => !isQuoted(value), 'is within quotes, which are not part of it: remove them');

/** A host name, an address (an IPv6 one may be in brackets, as in a URL), or the folder of a socket. */
const host = unquoted(z.string())
  .transform((text) => (isIP(text.slice(1, -1)) === 6 && text.startsWith('[') ? text.slice(1, -1) : text))
  .superRefine((text, context) => {
    if (isQuoted(text) || isIP(text) || text.startsWith('/') || /^[\w.-]+$/.test(text)) return;
    context.addIssue({ code: 'custom', message: hostFault(text) });
  });

function hostFault(text: string): string {
  if (text.includes('://')) return `must be a host, not a URL (got ${JSON.stringify(text.replace(/\/\/.*@/, '//…@'))})`;
  if (text.includes(',')) return 'must be one host: the one that leads to the primary';
  if (/:\d+$/.test(text)) return `must be a host without a port, which DATABASE_PORT has (got ${JSON.stringify(text)})`;
  return `must be a host name, an IP address or the folder of a socket (got ${JSON.stringify(text)})`;
}

const tlsMode = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(
    z.enum(tlsModes, {
      error: ({ input }) =>
        input === 'prefer' || input === 'allow'
          ? `${input} would also connect without TLS: say require, or better verify-full`
          : `must be one of ${tlsModes.join(', ')}`,
    }),
  )
  .default('disable');

/** The path of a file. */
export const file = () => z.string().optional();

export const tlsVariables = {
  DATABASE_TLS: tlsMode.describe("As libpq's sslmode"),
  DATABASE_TLS_CA_FILE: file().describe("The CAs that the server's certificate may be of; system: those of Node.js"),
  DATABASE_TLS_CERT_FILE: file().describe('The client certificate'),
  DATABASE_TLS_KEY_FILE: file().describe("The client certificate's key"),
};

/** The variables that `migrate.ts` reads too, there with the migration role's user. */
export const databaseVariables = {
  DATABASE_HOST: host.default('127.0.0.1').describe('The host of PostgreSQL: its primary'),
  DATABASE_PORT: remotePort(5432),
  DATABASE_NAME: unquoted(z.string()).describe("The service's logical database"),
  DATABASE_USER: unquoted(z.string()).describe(
    'The service role, which reads and writes rows; for migrations the migration role, which owns the tables',
  ),
  DATABASE_PASSWORD: z.string().optional().describe('Not needed if PostgreSQL trusts the connection'),
  DATABASE_PASSWORD_FILE: file().describe('A file with DATABASE_PASSWORD, read for each new connection'),
  ...tlsVariables,
};

/** Not for migrations, which need a session of their own. */
export const poolerVariable = {
  DATABASE_POOLER: flag(false).describe('Whether a pooler in transaction mode is in between, such as PgBouncer'),
};

type DatabaseConfig = z.output<z.ZodObject<typeof databaseVariables>>;

type TlsConfig = z.output<z.ZodObject<typeof tlsVariables>>;

export function tlsSettings(config: TlsConfig): TlsSettings {
  return {
    mode: config.DATABASE_TLS,
    ca: config.DATABASE_TLS_CA_FILE,
    certificate: config.DATABASE_TLS_CERT_FILE,
    key: config.DATABASE_TLS_KEY_FILE,
  };
}

const variableOf = {
  mode: 'DATABASE_TLS',
  ca: 'DATABASE_TLS_CA_FILE',
  certificate: 'DATABASE_TLS_CERT_FILE',
  key: 'DATABASE_TLS_KEY_FILE',
} as const;

/** Checks what the variables of TLS must be together. */
export function checkTls(config: TlsConfig, context: z.RefinementCtx): void {
  for (const [setting, message] of tlsFaults(tlsSettings(config)))
    context.addIssue({ code: 'custom', path: [variableOf[setting]], message });
}

/** Makes the settings of the service's database of its configuration. */
export function databaseSettings(config: DatabaseConfig & { DATABASE_POOLER?: boolean }): DatabaseSettings {
  const file = config.DATABASE_PASSWORD_FILE;
  const isSocket = config.DATABASE_HOST.startsWith('/');
  return {
    host: config.DATABASE_HOST,
    port: config.DATABASE_PORT,
    database: config.DATABASE_NAME,
    user: config.DATABASE_USER,
    ...(file === undefined ? { password: config.DATABASE_PASSWORD } : { passwordFile: new PasswordFile(file) }),
    pooler: config.DATABASE_POOLER ?? false,
    // as libpq: a socket of this machine needs none
    ssl: isSocket ? false : createSsl(tlsSettings(config)),
  };
}
