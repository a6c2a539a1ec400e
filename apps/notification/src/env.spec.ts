import { readNotificationEnv } from './env';

const DATABASE_URL = 'postgres://localhost/tearoff';

describe("notification's environment", () => {
  it('needs a database alone, and then uses the sandbox', () => {
    expect(readNotificationEnv({ DATABASE_URL, PORT: '8080' })).toMatchObject({
      SMS_PROVIDER: 'sandbox',
      EMAIL_PROVIDER: 'sandbox',
      NOTIFICATION_ROLE: 'all',
      PUBLIC_URL: 'http://localhost:8080',
      DELIVERY_ATTEMPTS: 6,
    });
    expect(readNotificationEnv({ DATABASE_URL, PUBLIC_URL: 'https://go.example/' }).PUBLIC_URL).toBe(
      'https://go.example',
    );
  });

  it('names everything that the chosen providers lack at once', () => {
    const read = () => readNotificationEnv({ SMS_PROVIDER: 'vonage', EMAIL_PROVIDER: 'smtp' });
    for (const name of [
      'DATABASE_URL',
      'VONAGE_API_KEY',
      'VONAGE_API_SECRET',
      'VONAGE_FROM',
      'SMTP_URL',
      'SMTP_FROM',
    ])
      expect(read).toThrow(name);
    expect(read).toThrow('or VONAGE_APPLICATION_ID with VONAGE_PRIVATE_KEY');
  });

  it('wants both halves of an application’s credentials', () => {
    const env = { DATABASE_URL, SMS_PROVIDER: 'vonage', VONAGE_FROM: 'Shop', VONAGE_APPLICATION_ID: 'x' };
    expect(() => readNotificationEnv(env)).toThrow('VONAGE_PRIVATE_KEY is required');
    expect(readNotificationEnv({ ...env, VONAGE_PRIVATE_KEY: '/run/secrets/key' })).toBeDefined();
  });

  it('may have no provider for a channel', () => {
    const none = { SMS_PROVIDER: 'none', EMAIL_PROVIDER: 'none' };
    expect(readNotificationEnv({ DATABASE_URL, ...none })).toMatchObject(none);
  });

  it('refuses providers and roles that there are not', () => {
    expect(() =>
      readNotificationEnv({ DATABASE_URL, SMS_PROVIDER: 'pigeon', NOTIFICATION_ROLE: 'boss' }),
    ).toThrow(/SMS_PROVIDER must be one of sandbox, vonage[^]*|NOTIFICATION_ROLE must be one of/);
  });

  it('takes a rate below one a second, none when none is given, and no negative one', () => {
    expect(readNotificationEnv({ DATABASE_URL, SMS_RATE: '0.5' })).toMatchObject({
      SMS_RATE: 0.5,
      SMTP_RATE: 0,
    });
    expect(() => readNotificationEnv({ DATABASE_URL, SMTP_RATE: '-1' })).toThrow('SMTP_RATE');
  });

  it('takes no signature secret that stands in our own pages', () => {
    const signed = (secrets: string) =>
      readNotificationEnv({ DATABASE_URL, VONAGE_SIGNATURE_SECRETS: secrets });
    for (const shown of ['key:secret', 'key:a-real-one,key2:secret2', 'key:…'])
      expect(() => signed(shown)).toThrow('VONAGE_SIGNATURE_SECRETS holds a placeholder');
    expect(signed('key:a-real-one')).toBeDefined();
  });
});
