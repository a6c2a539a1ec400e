import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { ClaimedWallet, PushResult } from '../push/wallet.sender';
import { WalletSettings } from '../wallet.settings';
import { ApnsClient } from './apns.client';
import { ApnsToken } from './apns.token';
import { Certificates } from './certificates';

// Not DeviceTokenNotForTopic: a wrong topic of ours would forget every phone.
const goneReasons = ['BadDeviceToken', 'Unregistered'];

/** Tells a phone that a pass on it has changed. */
@Injectable()
export class ApnsSender implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ApnsSender.name);
  private client?: Promise<ApnsClient>;

  constructor(
    private readonly certificates: Certificates,
    private readonly settings: WalletSettings,
  ) {}

  async tell({ address }: ClaimedWallet): Promise<PushResult> {
    try {
      const client = await (this.client ??= this.connect().catch((error: unknown) => {
        this.client = undefined;
        throw error;
      }));
      const { status, reason, retryAfterMs: afterMs } = await client.push(address);
      if (status === 200) return { verdict: 'pushed' };
      if (status === 410 || goneReasons.includes(reason)) return { verdict: 'gone' };
      const why = `APNs answered ${status} ${reason}`;
      // Not the phone's fault but ours: anyone who runs this has to see it.
      if (status !== 429 && status < 500) this.logger.error(why);
      return { verdict: 'later', why, afterMs };
    } catch (error) {
      return { verdict: 'later', why: String(error) };
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await (await this.client)?.close();
  }

  private async connect(): Promise<ApnsClient> {
    const { apns, passTypeIdentifier, teamIdentifier } = this.settings.apple;
    const common = { url: apns.url, ca: apns.ca, topic: passTypeIdentifier };
    if (apns.token) {
      const token = new ApnsToken(apns.token.key, apns.token.keyId, teamIdentifier);
      return new ApnsClient({ ...common, token: () => token.get() });
    }
    const { certificate: cert, key, passphrase } = await this.certificates.get();
    return new ApnsClient({ ...common, certificate: { cert, key, passphrase } });
  }
}
