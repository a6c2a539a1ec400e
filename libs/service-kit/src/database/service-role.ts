import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';

/** Thrown when the schema of a service can neither be used nor made; `message` says what to change. */
export class DatabaseSetupError extends Error {
  override readonly name = 'DatabaseSetupError';
}

interface RolePrivileges {
  user: string;
  isSuperuser: boolean;
  mayMakeRoles: boolean;
  /** Null = there is no such role; otherwise whether we may become it. */
  mayBecomeRole: boolean | null;
  schemaOwner: string | null;
  ownsSchema: boolean;
}

/**
 * Sees to it that schema `service` exists and belongs to role `tearoff_<service>`, and that PUBLIC can make
 * nothing in schema `public`. Returns the role that connections shall take, or null when this user may make no
 * roles and owns the schema itself, as where a database administrator has prepared it. May run at the same
 * time as others: in this database it queues, and it repeats what another database's set-up has disturbed.
 */
export async function prepareServiceSchema(client: Client, service: string): Promise<string | null> {
  const role = `tearoff_${service}`;
  await client.query(`select pg_advisory_lock(hashtext('tearoff'), hashtext('setup'))`);
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        return await prepare(client, service, role);
      } catch (error) {
        if (attempt === 10 || !isRace(error)) throw error;
        await delay(10 * attempt + Math.random() * 20);
      }
    }
  } finally {
    await client.query(`select pg_advisory_unlock(hashtext('tearoff'), hashtext('setup'))`);
  }
}

async function prepare(client: Client, service: string, role: string): Promise<string | null> {
  const found = await situation(client, service, role);
  if (found.schemaOwner === role && found.mayBecomeRole) return role;
  if (found.schemaOwner !== null && found.schemaOwner !== role) {
    if (found.ownsSchema && !found.isSuperuser) return null;
    throw new DatabaseSetupError(
      `Schema "${service}" belongs to "${found.schemaOwner}", not to "${role}". Give it and its tables to that role ` +
        `(alter schema … owner to …, reassign owned …), or connect as its owner.`,
    );
  }
  try {
    if (!found.mayMakeRoles && !found.mayBecomeRole && found.schemaOwner === null) {
      await client.query(`create schema ${service}`);
      return null;
    }
    if (found.mayBecomeRole === null) await client.query(`create role ${role} nologin`);
    if (!found.mayBecomeRole && !found.isSuperuser) await client.query(`grant ${role} to current_user`);
    await client.query(`create schema if not exists ${service} authorization ${role}`);
    await closePublicSchema(client);
    return role;
  } catch (error) {
    if (codeOf(error) !== '42501') throw error;
    throw new DatabaseSetupError(
      `Database user "${found.user}" may not set up service "${service}" (${(error as Error).message}). Let it make ` +
        `roles and schemas (CREATEROLE, CREATE on the database), or make schema "${service}" owned by it.`,
      { cause: error },
    );
  }
}

async function situation(client: Client, service: string, role: string): Promise<RolePrivileges> {
  // From version 16 on, being a member does not yet mean that one may SET ROLE.
  const { rows } = await client.query<RolePrivileges>(
    `select current_user::text as "user", u.rolsuper as "isSuperuser",
            u.rolsuper or u.rolcreaterole as "mayMakeRoles",
            (select pg_has_role(current_user, r.oid,
                      case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end)
             from pg_roles r where r.rolname = $2) as "mayBecomeRole",
            (select pg_get_userbyid(n.nspowner)::text from pg_namespace n where n.nspname = $1) as "schemaOwner",
            coalesce((select pg_has_role(current_user, n.nspowner, 'USAGE')
                      from pg_namespace n where n.nspname = $1), false) as "ownsSchema"
     from pg_roles u where u.rolname = current_user`,
    [service, role],
  );
  return rows[0];
}

/** The default before PostgreSQL 15. Only the schema's owner can: anyone who may not has left it to another. */
async function closePublicSchema(client: Client): Promise<void> {
  const { rows } = await client.query(
    `select from pg_namespace where nspname = 'public' and has_schema_privilege('public', oid, 'CREATE')
       and pg_has_role(current_user, nspowner, 'USAGE')`,
  );
  if (rows.length > 0) await client.query('revoke create on schema public from public');
}

/** Roles belong to the whole cluster: set-ups of two databases can meet where no lock of ours reaches. */
function isRace(error: unknown): boolean {
  const code = codeOf(error);
  if (code === '42710' || code === '42P06' || code === '23505') return true;
  return code === 'XX000' && /concurrently updated/.test((error as Error).message);
}

const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code;
