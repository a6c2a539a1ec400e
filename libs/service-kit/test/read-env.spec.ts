import { Type } from '@sinclair/typebox';
import { EnvironmentError, readEnv } from '../src';

const schema = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 3000 }),
  DATABASE_URL: Type.String({
    pattern: '^postgres(ql)?://',
    description: 'postgres://user:password@host/database',
  }),
  SMS_PROVIDER: Type.Union([Type.Literal('sandbox'), Type.Literal('vonage')], { default: 'sandbox' }),
  VERBOSE: Type.Boolean({ default: false }),
  RATIO: Type.Optional(Type.Number()),
  SMTP_URL: Type.Optional(Type.String()),
});
const url = 'postgres://localhost/shop';

function faultsOf(source: NodeJS.ProcessEnv): Record<string, string> {
  try {
    readEnv(schema, source);
  } catch (error) {
    if (error instanceof EnvironmentError) {
      return Object.fromEntries(error.faults.map(({ name, message }) => [name, message]));
    }
    throw error;
  }
  return {};
}

describe('readEnv', () => {
  it('names the faults of variables that belong together beside all others', () => {
    const together = (given: (name: string) => string | undefined) =>
      given('SMTP_URL') ? [] : [{ name: 'SMTP_URL', message: 'is required beside RATIO' }];
    const read = () => readEnv(schema, { DATABASE_URL: url, PORT: 'x', SMTP_URL: ' ' }, together);
    expect(read).toThrow(/PORT must be integer\n {2}SMTP_URL is required beside RATIO/);
  });

  it('turns text into what the schema says and leaves the rest of the environment out', () => {
    const source = {
      PORT: ' 80 ',
      DATABASE_URL: url,
      VERBOSE: 'on',
      RATIO: '-0.5',
      SMS_PROVIDER: 'vonage',
      HOME: '/',
    };
    expect(readEnv(schema, source)).toEqual({
      PORT: 80,
      DATABASE_URL: url,
      VERBOSE: true,
      RATIO: -0.5,
      SMS_PROVIDER: 'vonage',
    });
  });

  it('applies defaults, and takes an empty variable for an absent one', () => {
    expect(readEnv(schema, { DATABASE_URL: url, PORT: '', SMTP_URL: ' ' })).toEqual({
      PORT: 3000,
      DATABASE_URL: url,
      SMS_PROVIDER: 'sandbox',
      VERBOSE: false,
    });
  });

  it('names every missing and bad variable at once', () => {
    expect(faultsOf({ PORT: '80.5', SMS_PROVIDER: 'pigeon', VERBOSE: 'perhaps', RATIO: '0x1f' })).toEqual({
      PORT: 'must be integer',
      DATABASE_URL: 'is required (postgres://user:password@host/database)',
      SMS_PROVIDER: 'must be one of sandbox, vonage',
      VERBOSE: 'must be boolean',
      RATIO: 'must be number',
    });
  });

  it('never repeats a value, which may be a secret', () => {
    try {
      readEnv(schema, { DATABASE_URL: 'mysql://root:s3cret@db' });
      throw new Error('not reached');
    } catch (error) {
      expect((error as Error).message).toMatch(
        /^The environment is not complete:\n {2}DATABASE_URL must match/,
      );
      expect((error as Error).message).not.toContain('s3cret');
    }
  });
});
