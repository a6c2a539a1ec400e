import { Type, type Static } from '@sinclair/typebox';
import { portsPattern, readEnv, serviceVariables, type VariableFault } from '@tearoff/service-kit';
import { pemFault, serviceAccount } from './wallet.settings';

const url = { pattern: '^https?://[^\\s]+$', description: 'an http or https address' };
const pem = () => Type.Optional(Type.String({ description: 'PEM, or the path of a file' }));

const schemaFor = (source: NodeJS.ProcessEnv) =>
  Type.Object({
    ...serviceVariables,
    PUBLIC_URL: Type.String({ ...url, default: `http://localhost:${source.PORT?.trim() || '3000'}` }),
    /** Of the passes; without the certificate beside them a chain of our own is made, which phones refuse. */
    APPLE_PASS_TYPE_ID: Type.String({ pattern: '^pass\\.[\\w.-]+$', default: 'pass.tearoff.development' }),
    APPLE_TEAM_ID: Type.String({ pattern: '^[A-Z0-9]{10}$', default: 'TEAROFFDEV' }),
    APPLE_PASS_CERT: pem(),
    APPLE_PASS_KEY: pem(),
    APPLE_PASS_KEY_PASSPHRASE: Type.Optional(Type.String()),
    APPLE_WWDR_CERT: pem(),
    APNS_URL: Type.String({ ...url, default: 'https://api.push.apple.com' }),
    APNS_CA: pem(),
    /** Token authentication; without it the pass's certificate authenticates. */
    APNS_KEY: pem(),
    APNS_KEY_ID: Type.Optional(Type.String({ pattern: '^[A-Z0-9]{10}$' })),
    GOOGLE_WALLET_ISSUER_ID: Type.Optional(Type.String({ pattern: '^[0-9]+$' })),
    GOOGLE_WALLET_CREDENTIALS: Type.Optional(
      Type.String({ description: "a service account's JSON, or the path of a file" }),
    ),
    GOOGLE_WALLET_URL: Type.String({ ...url, default: 'https://walletobjects.googleapis.com' }),
    WALLET_PUSH_INTERVAL_MS: Type.Integer({ minimum: 0, maximum: 3_600_000, default: 5_000 }),
    WALLET_ROUND_RATE: Type.Integer({ minimum: 1, maximum: 100_000, default: 500 }),
    /** Lets pictures of faces be fetched from private addresses: for trying out, and inside one network. */
    PICTURE_ALLOW_PRIVATE: Type.Boolean({ default: false }),
    /** Ports that pictures may be fetched from besides 80 and 443: numbers, separated by blanks or commas. */
    PICTURE_PORTS: Type.String({
      pattern: portsPattern,
      default: '',
      description: 'port numbers, separated by blanks or commas',
    }),
    /** How long the fetch of one picture may take. */
    PICTURE_TIMEOUT_MS: Type.Integer({ minimum: 50, maximum: 60_000, default: 10_000 }),
    /** How often pictures are looked for that are due to be fetched. */
    PICTURE_SWEEP_MS: Type.Integer({ minimum: 50, maximum: 3_600_000, default: 5_000 }),
    /** How old a picture is when it is looked at again. */
    PICTURE_REFRESH_SECONDS: Type.Integer({ minimum: 1, maximum: 2_592_000, default: 86_400 }),
  });
export type Environment = Static<ReturnType<typeof schemaFor>>;

const together: readonly (readonly (keyof Environment)[])[] = [
  ['APPLE_PASS_TYPE_ID', 'APPLE_TEAM_ID', 'APPLE_PASS_CERT', 'APPLE_PASS_KEY', 'APPLE_WWDR_CERT'],
  ['APNS_KEY', 'APNS_KEY_ID'],
  ['GOOGLE_WALLET_ISSUER_ID', 'GOOGLE_WALLET_CREDENTIALS'],
];
const pems = ['APPLE_PASS_CERT', 'APPLE_PASS_KEY', 'APPLE_WWDR_CERT', 'APNS_CA', 'APNS_KEY'] as const;

/** The only reader of the environment; throws EnvironmentError naming every fault. */
export const readEnvironment = (source: NodeJS.ProcessEnv): Environment =>
  readEnv(schemaFor(source), source, walletFaults);

function walletFaults(given: (name: string) => string | undefined): VariableFault[] {
  const faults: VariableFault[] = [];
  for (const names of together) {
    const first = names.find(given);
    for (const name of first ? names.filter((each) => !given(each)) : [])
      faults.push({ name, message: `is required beside ${first}` });
  }
  for (const name of pems) {
    const fault = given(name) && pemFault(given(name)!);
    if (fault) faults.push({ name, message: fault });
  }
  const credentials = given('GOOGLE_WALLET_CREDENTIALS');
  if (credentials && !serviceAccount(credentials))
    faults.push({ name: 'GOOGLE_WALLET_CREDENTIALS', message: 'is no service account' });
  return faults;
}
