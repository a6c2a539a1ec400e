/** Who runs a service: a process of its own, or one that hosts several. */
export interface ServiceHost<Transport> {
  env: NodeJS.ProcessEnv;
  /** Of a host of several, which also answers for their health; without it this process is the service's own. */
  transport?: Transport;
  /** In place of DATABASE_URL. */
  databaseUrl?: string;
}

/** The environment that a service reads its settings from. */
export const environmentOf = ({ env, databaseUrl }: ServiceHost<unknown>): NodeJS.ProcessEnv => ({
  ...env,
  ...(databaseUrl && { DATABASE_URL: databaseUrl }),
});
