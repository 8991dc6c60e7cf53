import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A private CA of a test, in a folder of its own. */
export class CertificateAuthority {
  readonly folder = mkdtempSync(join(tmpdir(), 'attendance-ca-'));
  readonly ca = join(this.folder, 'ca.crt');

  constructor() {
    const subject = ['-subj', '/CN=a private CA', '-addext', 'basicConstraints=critical,CA:TRUE'];
    this.#openssl('req', '-x509', ...this.#newKey('ca'), '-days', '2', ...subject, '-out', 'ca.crt');
  }

  /** Issues a certificate. @returns the paths of it and of its key */
  issue(commonName: string, { host }: { host?: string } = {}): { certificate: string; key: string } {
    const extensions = host ? `subjectAltName=DNS:${host}` : 'extendedKeyUsage=clientAuth';
    writeFileSync(join(this.folder, 'extensions'), extensions);
    this.#openssl('req', ...this.#newKey(commonName), '-subj', `/CN=${commonName}`, '-out', 'request');
    const by = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'extensions'];
    this.#openssl('x509', '-req', '-in', 'request', ...by, '-days', '2', '-out', `${commonName}.crt`);
    return { certificate: join(this.folder, `${commonName}.crt`), key: join(this.folder, `${commonName}.key`) };
  }

  read(path: string): string {
    return readFileSync(path, 'utf8');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  #newKey(name: string): string[] {
    return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }
}
