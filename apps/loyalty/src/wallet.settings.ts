import { existsSync, readFileSync } from 'node:fs';
import type { Environment } from './env';

export interface AppleSettings {
  passTypeIdentifier: string;
  teamIdentifier: string;
  /** Null: a chain of our own is made. */
  certificate: { certificate: string; key: string; passphrase?: string; intermediate: string } | null;
  apns: { url: string; ca?: string; token: { key: string; keyId: string } | null };
}

export interface GoogleSettings {
  issuerId: string;
  clientEmail: string;
  privateKey: string;
  tokenUrl?: string;
  url: string;
}

/** Everything about wallets that is set from outside. */
export class WalletSettings {
  constructor(
    readonly publicUrl: string,
    readonly apple: AppleSettings,
    readonly google: GoogleSettings | null,
    /** A phone is told no more often; what changes meanwhile is told together. */
    readonly pushIntervalMs: number,
    /** Passes a second of a round over all of them. */
    readonly roundRate: number,
    /** What a worker that says nothing for so long was sending may be sent by another. */
    readonly leaseMs = 60_000,
  ) {}

  static fromEnv(env: Environment): WalletSettings {
    const { APPLE_PASS_CERT, APPLE_PASS_KEY, APPLE_WWDR_CERT, APNS_KEY, APNS_KEY_ID } = env;
    return new WalletSettings(
      env.PUBLIC_URL.replace(/\/+$/, ''),
      {
        passTypeIdentifier: env.APPLE_PASS_TYPE_ID,
        teamIdentifier: env.APPLE_TEAM_ID,
        certificate:
          APPLE_PASS_CERT && APPLE_PASS_KEY && APPLE_WWDR_CERT
            ? {
                certificate: pem(APPLE_PASS_CERT),
                key: pem(APPLE_PASS_KEY),
                passphrase: env.APPLE_PASS_KEY_PASSPHRASE,
                intermediate: pem(APPLE_WWDR_CERT),
              }
            : null,
        apns: {
          url: env.APNS_URL,
          ...(env.APNS_CA && { ca: pem(env.APNS_CA) }),
          token: APNS_KEY && APNS_KEY_ID ? { key: pem(APNS_KEY), keyId: APNS_KEY_ID } : null,
        },
      },
      googleOf(env),
      env.WALLET_PUSH_INTERVAL_MS,
      env.WALLET_ROUND_RATE,
    );
  }
}

/** PEM as it is, with `\n` for line ends where a variable can hold none, or a file's path. */
function pem(value: string): string {
  if (value.includes('-----BEGIN')) return value.replaceAll('\\n', '\n');
  return readFileSync(value, 'utf8');
}

/** What is wrong with a variable that is to hold PEM or a path; null when nothing is. */
export const pemFault = (value: string): string | null =>
  value.includes('-----BEGIN') || existsSync(value) ? null : 'is neither PEM nor the path of a file';

function googleOf({ GOOGLE_WALLET_ISSUER_ID, GOOGLE_WALLET_CREDENTIALS, GOOGLE_WALLET_URL }: Environment) {
  if (!GOOGLE_WALLET_ISSUER_ID || !GOOGLE_WALLET_CREDENTIALS) return null;
  const account = serviceAccount(GOOGLE_WALLET_CREDENTIALS)!;
  return {
    issuerId: GOOGLE_WALLET_ISSUER_ID,
    clientEmail: account.client_email,
    privateKey: account.private_key,
    tokenUrl: account.token_uri,
    url: GOOGLE_WALLET_URL.replace(/\/+$/, ''),
  };
}

/** The service account in a JSON text or in the file at that path; null when it is none. */
export function serviceAccount(
  value: string,
): { client_email: string; private_key: string; token_uri?: string } | null {
  try {
    const text = value.trimStart().startsWith('{') ? value : readFileSync(value, 'utf8');
    const account = JSON.parse(text) as Record<string, string>;
    const { client_email, private_key, token_uri } = account;
    return client_email && private_key ? { client_email, private_key, token_uri } : null;
  } catch {
    return null;
  }
}
