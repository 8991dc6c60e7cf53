import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withClient } from '@attendance/common/database/client';
import { expect } from 'chai';
import pg from 'pg';
import { eventually } from '../../test/support/claims.ts';
import { createClient } from '../../test/support/client.ts';
import { populate } from '../../test/support/gateway.ts';
import { describeWith } from '../../test/support/needs.ts';
import { OwnServer } from '../../test/support/ownServer.ts';
import { adminConnection } from '../../test/support/postgres.ts';
import { reconcileByHand } from '../../test/support/reconcile.ts';
import { startSystem, useSystem, type System } from '../../test/support/system.ts';

describe('connections to the database', () => {
  const { system, client } = useSystem({ environment: { RECONCILE: 'false' } });

  it('that run out: 503, not ready with the reason, alive; and all is well when there are some again', async () => {
    const { event, author } = await populate(client);
    const { serviceRole } = system.databases.author;
    const role = pg.escapeIdentifier(serviceRole.user);
    const asAdmin = (...statements: string[]) =>
      withClient(adminConnection(), async (admin) => {
        for (const statement of statements) await admin.query(statement);
      });
    await asAdmin(
      `ALTER ROLE ${role} CONNECTION LIMIT 0`,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ${pg.escapeLiteral(serviceRole.user)}`,
    );
    const { managementUrl } = system.processes.author;
    await eventually(async () => {
      const answer = await fetch(`${managementUrl}/readyz`);
      expect([answer.status, ((await answer.json()) as { reason: string }).reason]).to.deep.equal([
        503,
        `database: too many connections for role "${serviceRole.user}"`,
      ]);
    });
    const reply = await client.addAttendance(event.id, author.id);
    expect([reply.status, reply.problem!.code]).to.deep.equal([503, 'not_executed']);
    expect((await fetch(`${managementUrl}/healthz`)).status).to.equal(200);
    await asAdmin(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
    await eventually(async () => void expect((await client.addAttendance(event.id, author.id)).status).to.equal(201));
  });
});

describeWith('unshare', "the disk of a copy's table", () => {
  let server: OwnServer;
  let system: System;
  let disk: string;
  before(async () => {
    server = new OwnServer();
    await server.start();
    const admin = () => server.admin;
    disk = join(server.folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    const { uid, gid } = statSync(server.folder);
    mkdirSync(join(disk, 'tables'));
    chownSync(join(disk, 'tables'), uid, gid);
    system = await startSystem({ direct: true, admin, environment: { RECONCILE: 'false' } });
    const { database } = system.databases.author.serviceRole;
    await withClient({ ...server.admin, database }, async (client) => {
      await client.query(`CREATE TABLESPACE small LOCATION '${join(disk, 'tables')}'`);
      await client.query('ALTER TABLE attendance SET TABLESPACE small');
    });
  });
  after(async () => {
    await system.stop();
    await server.stop();
    execFileSync('umount', [disk]);
    await server.remove();
  });

  it('that is full: an add is unknown, reads and the reconciler work; and all is well when there is room again', async () => {
    const client = createClient({ gateway: system.gateway });
    const { event, author } = await populate(client);
    const add = async () => {
      const { status, problem } = await client.addAttendance(event.id, author.id);
      return [status, problem?.code];
    };
    const junk = join(disk, 'junk');
    expect(() => writeFileSync(junk, Buffer.alloc(2 * 1024 * 1024))).to.throw('ENOSPC');
    // PostgreSQL's class 53 proves no rollback
    expect(await add()).to.deep.equal([504, 'outcome_unknown']);
    expect((await client.listAuthorAttendance(author.id)).body!.events).to.deep.equal([]);
    expect((await fetch(`${system.processes.author.managementUrl}/readyz`)).status).to.equal(200);
    const { code, output } = await reconcileByHand({ processes: system.processes }, '--dry-run');
    expect(code, output).to.equal(0);
    rmSync(junk);
    expect(await add()).to.deep.equal([201, undefined]);
    client.close();
  });
});
