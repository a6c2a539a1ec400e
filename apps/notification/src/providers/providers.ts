import type { Channel } from '@tearoff/contracts';
import type { DataSource } from 'typeorm';
import type { NotificationEnv } from '../env';
import type { UnsubscribeLinks } from '../unsubscribe/unsubscribe-links';
import { NoProvider } from './no-provider';
import type { Provider } from './provider';
import { SandboxProvider } from './sandbox.provider';
import { SmtpProvider } from './smtp.provider';
import { VonageProvider } from './vonage.provider';

/** Who carries each channel's messages in this installation. */
export class Providers {
  constructor(private readonly byChannel: Readonly<Record<Channel, Provider>>) {}

  static fromEnv(env: NotificationEnv, dataSource: DataSource, links: UnsubscribeLinks): Providers {
    return new Providers({ sms: smsProvider(env, dataSource), email: emailProvider(env, dataSource, links) });
  }

  of(channel: Channel): Provider {
    return this.byChannel[channel];
  }

  usesSandbox(): boolean {
    return Object.values(this.byChannel).some((provider) => provider.name === 'sandbox');
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.byChannel).map((provider) => provider.close()));
  }
}

function smsProvider(env: NotificationEnv, dataSource: DataSource): Provider {
  if (env.SMS_PROVIDER === 'none') return new NoProvider();
  if (env.SMS_PROVIDER === 'sandbox')
    return new SandboxProvider(dataSource, 'sms', env.VONAGE_FROM ?? 'Tearoff');
  return new VonageProvider(
    {
      apiKey: env.VONAGE_API_KEY,
      apiSecret: env.VONAGE_API_SECRET,
      applicationId: env.VONAGE_APPLICATION_ID,
      privateKey: env.VONAGE_PRIVATE_KEY,
      apiUrl: env.VONAGE_API_URL?.replace(/\/+$/, ''),
      timeoutMs: env.PROVIDER_TIMEOUT_MS,
      connections: 50,
    },
    env.VONAGE_FROM!,
  );
}

function emailProvider(env: NotificationEnv, dataSource: DataSource, links: UnsubscribeLinks): Provider {
  if (env.EMAIL_PROVIDER === 'none') return new NoProvider();
  if (env.EMAIL_PROVIDER === 'sandbox')
    return new SandboxProvider(dataSource, 'email', env.SMTP_FROM ?? 'Tearoff <coupons@localhost>', links);
  return new SmtpProvider({
    url: env.SMTP_URL!,
    from: env.SMTP_FROM!,
    timeoutMs: env.PROVIDER_TIMEOUT_MS,
    links,
  });
}
