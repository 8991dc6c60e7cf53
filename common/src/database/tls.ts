import { readFileSync } from 'node:fs';
import { createSecureContext, type ConnectionOptions } from 'node:tls';

/** The modes of libpq's `sslmode` that promise something. */
export const tlsModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;

export interface TlsSettings {
  mode: (typeof tlsModes)[number];
  /** Files in PEM format. The CA may be `system`: the ones that Node.js knows. */
  ca?: string | undefined;
  certificate?: string | undefined;
  key?: string | undefined;
}

/**
 * Makes node-postgres's settings of TLS. The files are read again for each connection, since certificates are renewed
 * while a service runs.
 */
export function createSsl({ mode, ca, certificate, key }: TlsSettings): ConnectionOptions | false {
  if (mode === 'disable') return false;
  const ssl: ConnectionOptions = { rejectUnauthorized: ca !== undefined };
  if (mode !== 'verify-full') ssl.checkServerIdentity = () => undefined;
  if (ca !== undefined && ca !== 'system') readEachTime(ssl, 'ca', ca);
  if (certificate !== undefined) readEachTime(ssl, 'cert', certificate);
  if (key !== undefined) readEachTime(ssl, 'key', key);
  return ssl;
}

function readEachTime(ssl: ConnectionOptions, name: 'ca' | 'cert' | 'key', path: string): void {
  let last = '';
  const get = () => {
    try {
      last = readFileSync(path, 'utf8');
    } catch {
      // while a file is being replaced, the connection is made with what it was
    }
    return last;
  };
  Object.defineProperty(ssl, name, { get, enumerable: true, configurable: true });
}

/** What is wrong with settings of TLS, by which of them. */
export function tlsFaults({ mode, ca, certificate, key }: TlsSettings): [setting: keyof TlsSettings, fault: string][] {
  if (mode === 'disable') return [];
  if (mode !== 'require' && ca === undefined) return [['ca', `must be set for ${mode}: a file, or system`]];
  if (ca === 'system' && mode !== 'verify-full') return [['ca', 'may be system for verify-full only']];
  if (certificate !== undefined && key === undefined) return [['key', 'must be set too, for the client certificate']];
  if (key !== undefined && certificate === undefined) return [['certificate', 'must be set too, for the key']];
  const files = { ca: ca === 'system' ? undefined : ca, certificate, key };
  const faults = Object.entries(files).flatMap(([setting, path]) => {
    const fault = path === undefined ? undefined : pemFault(path, setting === 'key' ? 'PRIVATE KEY' : 'CERTIFICATE');
    return fault === undefined ? [] : [[setting as keyof TlsSettings, fault] as [keyof TlsSettings, string]];
  });
  if (faults.length > 0 || certificate === undefined || key === undefined) return faults;
  try {
    createSecureContext({ cert: readFileSync(certificate), key: readFileSync(key) });
    return [];
  } catch (error) {
    return [['key', `does not fit the client certificate: ${(error as Error).message}`]];
  }
}

function pemFault(path: string, kind: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').includes(`${kind}-----`) ? undefined : `holds no ${kind} in PEM format: ${path}`;
  } catch (error) {
    return `cannot be read: ${(error as Error).message}`;
  }
}
