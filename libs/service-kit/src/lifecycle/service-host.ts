import type { ServiceName } from '@tearoff/contracts';
import { EnvironmentError } from '../environment/environment.error';

/** The process that runs a service: its own, or one that hosts several services. */
export interface ServiceHost<Transport> {
  env: NodeJS.ProcessEnv;
  /** Of a host of several, which also answers for their health; without it this process is the service's own. */
  transport?: Transport;
  /** In place of DATABASE_URL; `<SERVICE>_DATABASE_URL` goes before both. */
  databaseUrl?: string;
}

/**
 * The environment that a service reads its settings from. `REDEMPTION_DATABASE_URL` and its like are a service's
 * DATABASE_URL, so that services can leave a shared server one by one. Throws EnvironmentError.
 */
export function environmentOf(
  service: ServiceName,
  { env, databaseUrl }: ServiceHost<unknown>,
): NodeJS.ProcessEnv {
  const name = `${service.toUpperCase()}_DATABASE_URL`;
  const own = env[name]?.trim();
  if (own && !/^postgres(ql)?:\/\//.test(own))
    throw new EnvironmentError([{ name, message: 'must be postgres://…' }]);
  const url = own || databaseUrl;
  return { ...env, ...(url && { DATABASE_URL: url }) };
}
