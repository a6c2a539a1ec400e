import { Type, type Static, type TOptional, type TString } from '@sinclair/typebox';
import { OneOf } from '@tearoff/contracts';
import { isPlaceholder, readEnv, serviceVariables, type VariableFault } from '@tearoff/service-kit';
import { senderOf } from './providers/mailbox';
import { signatureMethods } from './callbacks/vonage.signatures';

const always = {
  ...serviceVariables,
  DATABASE_POOL: Type.Integer({ minimum: 4, maximum: 50, default: 8 }),
  LOG_LEVEL: OneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], { default: 'info' }),
  NOTIFICATION_ROLE: OneOf(['all', 'api', 'worker'], { default: 'all' }),
  SMS_PROVIDER: OneOf(['sandbox', 'vonage', 'none'], { default: 'sandbox' }),
  EMAIL_PROVIDER: OneOf(['sandbox', 'smtp', 'none'], { default: 'sandbox' }),
  /** Messages a second at most, of all workers together; 0 = no bound of ours. */
  SMS_RATE: Type.Number({ minimum: 0, maximum: 100_000, default: 0 }),
  SMTP_RATE: Type.Number({ minimum: 0, maximum: 100_000, default: 0 }),
  /** Of a delivery: attempts at most, and the wait before the second (each further one is three times as long). */
  DELIVERY_ATTEMPTS: Type.Integer({ minimum: 1, maximum: 20, default: 6 }),
  DELIVERY_RETRY_MS: Type.Integer({ minimum: 1, maximum: 3_600_000, default: 30_000 }),
  /** A delivery that has been `sending` for longer belongs to a worker that is gone. */
  DELIVERY_LEASE_MS: Type.Integer({ minimum: 100, maximum: 3_600_000, default: 300_000 }),
  /** How often deliveries are looked for whose work item was lost, and how overdue they must be. */
  DELIVERY_SWEEP_MS: Type.Integer({ minimum: 50, maximum: 3_600_000, default: 60_000 }),
  DELIVERY_LOST_MS: Type.Integer({ minimum: 50, maximum: 86_400_000, default: 1_800_000 }),
  /** How long one call of a provider may take. */
  PROVIDER_TIMEOUT_MS: Type.Integer({ minimum: 50, maximum: 60_000, default: 20_000 }),
};

const text = (options = {}) => Type.String({ minLength: 1, ...options });
const url = (protocols: string) => text({ pattern: `^(${protocols})://` });

/** What a provider needs is required when it is chosen, so that everything missing is named at once. */
function schemaFor(source: NodeJS.ProcessEnv) {
  const given = (name: string): boolean => Boolean(source[name]?.trim());
  const vonage = source.SMS_PROVIDER?.trim() === 'vonage';
  const smtp = source.EMAIL_PROVIDER?.trim() === 'smtp';
  const byApplication = given('VONAGE_APPLICATION_ID') || given('VONAGE_PRIVATE_KEY');
  const when = (needed: boolean, schema: TString) =>
    (needed ? schema : Type.Optional(schema)) as TOptional<TString>;
  const orApplication = { description: 'or VONAGE_APPLICATION_ID with VONAGE_PRIVATE_KEY' };
  return Type.Object({
    ...always,
    PUBLIC_URL: Type.String({
      pattern: '^https?://',
      default: `http://localhost:${source.PORT?.trim() || '3000'}`,
    }),
    VONAGE_APPLICATION_ID: when(vonage && byApplication, text()),
    VONAGE_PRIVATE_KEY: when(vonage && byApplication, text()),
    VONAGE_API_KEY: when(vonage && !byApplication, text(orApplication)),
    VONAGE_API_SECRET: when(vonage && !byApplication, text(orApplication)),
    VONAGE_FROM: when(vonage, text()),
    VONAGE_API_URL: Type.Optional(url('https?')),
    /** `key:secret,key2:secret2`; without one every callback is refused. */
    VONAGE_SIGNATURE_SECRETS: Type.Optional(text({ pattern: '^[^:,\\s]+:[^,\\s]+(,[^:,\\s]+:[^,\\s]+)*$' })),
    VONAGE_SIGNATURE_METHOD: OneOf(signatureMethods, { default: 'md5hash' }),
    SMS_STOP_TEXT: text({
      maxLength: 1_600,
      default: 'You will get no more messages from us. Reply START to get them again.',
    }),
    SMS_HELP_TEXT: text({
      maxLength: 1_600,
      default: 'We send the coupons that you asked for. Reply STOP to get no more.',
    }),
    SMTP_URL: when(smtp, url('smtps?')),
    SMTP_FROM: when(smtp, text({ pattern: '^[^\\r\\n]*[^\\s@<]+@[^\\s@>]+>?$' })),
  });
}

export type NotificationEnv = Static<ReturnType<typeof schemaFor>>;

/** Throws EnvironmentError. `PUBLIC_URL` comes without a slash at its end. */
export function readNotificationEnv(source: NodeJS.ProcessEnv): NotificationEnv {
  const env = readEnv(schemaFor(source), source, faultsIn);
  return { ...env, PUBLIC_URL: env.PUBLIC_URL.replace(/\/+$/, '') };
}

function faultsIn(given: (name: string) => string | undefined): VariableFault[] {
  const faults: VariableFault[] = [];
  // With a secret from our own pages anyone could sign a callback, and so stop messages to others.
  const secrets = (given('VONAGE_SIGNATURE_SECRETS') ?? '')
    .split(',')
    .flatMap((pair) => pair.split(':')[1] ?? []);
  if (secrets.some(isPlaceholder))
    faults.push({ name: 'VONAGE_SIGNATURE_SECRETS', message: 'holds a placeholder, not a secret' });
  const sender = given('SMTP_FROM');
  if (sender !== undefined && !senderOf(sender))
    faults.push({ name: 'SMTP_FROM', message: 'must be "Name <address>" or an address' });
  return faults;
}
