import { Type, type Static } from '@sinclair/typebox';
import { OneOf } from '@tearoff/contracts';
import { readEnv, weaknessOf, type VariableFault } from '@tearoff/service-kit';
import { clientIdPattern } from './access/api-keys/credentials';
import type { ClaimSettings } from './pages/claims/claim-settings';
import { inboxAccess } from './pages/sandbox/inbox-access';

const variables = Type.Object({
  PORT: Type.Integer({ default: 3000, minimum: 0, maximum: 65_535 }),
  /** The address that its ports listen on; absent = every address of the machine. */
  HOST: Type.Optional(Type.String({ minLength: 1 })),
  METRICS_PORT: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  PUBLIC_URL: Type.Optional(
    Type.String({ pattern: '^https?://[^\\s?#]+$', description: 'an http or https address' }),
  ),
  SOURCE_URL: Type.Optional(
    Type.String({ pattern: '^https?://[^\\s]+$', description: 'an http or https address' }),
  ),
  DATABASE_URL: Type.String(),
  DATABASE_POOL: Type.Integer({ default: 8, minimum: 1, maximum: 100 }),
  BOOTSTRAP_CLIENT_ID: Type.Optional(
    Type.String({
      pattern: clientIdPattern,
      description: 'at most 100 ASCII characters without spaces, . and :',
    }),
  ),
  BOOTSTRAP_CLIENT_SECRET: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]+$', maxLength: 500 })),
  RATE_LIMIT: Type.Union([Type.Literal('off'), Type.Integer({ minimum: 1 })], {
    default: 500,
    description: 'requests a second for each key, or off',
  }),
  /** Who may read what the sandbox providers "sent". */
  SANDBOX_INBOX: OneOf(inboxAccess, { default: 'key' }),
  TRUST_PROXY: Type.Optional(
    Type.String({ description: 'how many proxies are in front, or their addresses separated by commas' }),
  ),
  /** Claims an hour from one block of addresses, and for one range of phone numbers. */
  CLAIMS_PER_BLOCK: Type.Integer({ default: 300, minimum: 1 }),
  CLAIMS_PER_PREFIX: Type.Integer({ default: 60, minimum: 1 }),
  CAPTCHA_VERIFY_URL: Type.Optional(
    Type.String({ pattern: '^https?://[^\\s]+$', description: 'an http or https address' }),
  ),
  CAPTCHA_SECRET: Type.Optional(Type.String()),
  CAPTCHA_SITE_KEY: Type.Optional(Type.String()),
  LOG_LEVEL: Type.String({ default: 'info' }),
});

export type GatewayEnv = Static<typeof variables>;

/** The only place in this app that reads the environment; everything wrong is named at once. */
export const gatewayEnv = (source: NodeJS.ProcessEnv): GatewayEnv =>
  readEnv(variables, source, (given) => [...weakSecrets(given), ...missingBeside(given)]);

/** Of what an operator makes up. Other secrets are made by those who check them. */
function weakSecrets(given: (name: string) => string | undefined): VariableFault[] {
  const name = 'BOOTSTRAP_CLIENT_SECRET';
  const weakness = weaknessOf(given(name) ?? '');
  return given(name) && weakness ? [{ name, message: weakness }] : [];
}

function missingBeside(given: (name: string) => string | undefined): VariableFault[] {
  const faults: VariableFault[] = [];
  const [id, secret] = ['BOOTSTRAP_CLIENT_ID', 'BOOTSTRAP_CLIENT_SECRET'] as const;
  if (given(id) && !given(secret)) faults.push({ name: secret, message: `is required beside ${id}` });
  if (given(secret) && !given(id)) faults.push({ name: id, message: `is required beside ${secret}` });
  const captcha = ['CAPTCHA_VERIFY_URL', 'CAPTCHA_SECRET', 'CAPTCHA_SITE_KEY'] as const;
  if (captcha.some((name) => given(name)))
    for (const name of captcha.filter((each) => !given(each)))
      faults.push({ name, message: 'is required where another CAPTCHA_ variable is set' });
  return faults;
}

export type TrustProxy = boolean | string | ((address: string, hop: number) => boolean);

/** Fastify's `trustProxy`: so many hops, a list of addresses, or no one. */
export function trustedProxies({ TRUST_PROXY: value }: GatewayEnv): TrustProxy {
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  return /^\d+$/.test(value) ? (_address, hop) => hop < Number(value) : value;
}

export function claimSettings(env: GatewayEnv): ClaimSettings {
  const { CAPTCHA_VERIFY_URL: verifyUrl, CAPTCHA_SECRET: secret, CAPTCHA_SITE_KEY: siteKey } = env;
  return {
    perBlock: env.CLAIMS_PER_BLOCK,
    perPrefix: env.CLAIMS_PER_PREFIX,
    captcha: verifyUrl && secret && siteKey ? { verifyUrl, secret, siteKey } : null,
  };
}
