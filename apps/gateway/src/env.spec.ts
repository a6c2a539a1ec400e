import { gatewayEnv } from './env';

const given = { DATABASE_URL: 'postgres://x', BOOTSTRAP_CLIENT_ID: 'ops' };
const messageOf = (secret: string, more: NodeJS.ProcessEnv = {}): string => {
  try {
    gatewayEnv({ ...given, BOOTSTRAP_CLIENT_SECRET: secret, ...more });
    return 'taken';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the first secret, which an operator makes up,', () => {
  it('has at least 24 characters', () => {
    const secret = 'f3a91c0d5be24786a19c0e7d';
    expect(messageOf(secret)).toBe('taken');
    expect(messageOf(secret.slice(1))).toMatch(/BOOTSTRAP_CLIENT_SECRET must have at least 24 characters/);
    expect(messageOf(`${secret.slice(1)} `)).toMatch(/at least 24/);
  });

  it.each([
    'change-me-to-a-long-random-secret',
    'CHANGE_ME_CHANGE_ME_CHANGE_ME',
    '<openssl-rand-hex-24-goes-here>',
  ])('is no placeholder (%s)', (secret) => {
    const message = messageOf(secret);
    expect(message).toMatch(/BOOTSTRAP_CLIENT_SECRET is a placeholder/);
    expect(message).not.toContain(secret);
  });

  it('is named together with everything else that is wrong', () => {
    const message = messageOf('short', { PORT: 'many', CAPTCHA_SECRET: 'x' });
    for (const name of ['BOOTSTRAP_CLIENT_SECRET', 'PORT', 'CAPTCHA_VERIFY_URL', 'CAPTCHA_SITE_KEY'])
      expect(message).toContain(`\n  ${name} `);
  });

  it('may be left out, with its id', () => {
    expect(gatewayEnv({ DATABASE_URL: 'postgres://x' }).BOOTSTRAP_CLIENT_SECRET).toBeUndefined();
  });
});
