import { redactText, withoutLiterals } from './redact-text';
import { redactLine, redactValue } from './redact-value';

describe('redactText', () => {
  it.each([
    ['a phone number', 'Invalid number +44 7400 123456', 'Invalid number [hidden]'],
    ['as providers write it', 'to: 447400123456 failed', 'to: [hidden] failed'],
    ['as it is dialled at home', 'Call 07400 123-456.', 'Call [hidden].'],
    ['as it is dialled from abroad', '0044 7400 123456', '[hidden]'],
    ['as an address spells it', 'phone=%2B447400123456', 'phone=[hidden]'],
    ['full-width', '＋447400123456', '[hidden]'],
    ['an e-mail address', '550 <kim@example.com>: unknown', '550 <[hidden]>: unknown'],
    ['not in ASCII', 'řehoř@přiklad.example wrote', '[hidden] wrote'],
    ['as an address spells it', 'at kim%40example.com now', 'at [hidden] now'],
    ['with a quoted local part', '"kim lee"@example.com', '[hidden]'],
    ['a card', '4111 1111 1111 1111 and 5500005555555559', '[hidden] and [hidden]'],
    [
      "a key that PostgreSQL's error quotes",
      'Key (account_id, phone)=(acc_1, +447400123456) already exists.',
      'Key (account_id, phone)=([hidden]) already exists.',
    ],
    ['a refused row', 'Failing row contains (1, Kim, (x)).', 'Failing row contains ([hidden]).'],
    [
      'an unreadable value',
      'invalid input syntax for type uuid: "Kim Lee"',
      'invalid input syntax for type uuid: "[hidden]"',
    ],
    [
      'a number that is too large',
      'value "77712345678" is out of range for type integer',
      'value "[hidden]" is out of range for type integer',
    ],
    [
      'a text that is not JSON',
      `Unexpected token 'K', "{"name": Kim "... is not valid JSON`,
      `Unexpected token 'K', "[hidden]" is not valid JSON`,
    ],
    [
      "an address's credentials, query and token",
      'GET failed: https://me:x@example.com/hooks/T0AAAAAAA1BBBBBBB2/in?key=x#y',
      'GET failed: https://example.com/hooks/[hidden]/in?[hidden]',
    ],
    ["a broker's password", 'amqp://guest:secret@rabbit:5672/v', 'amqp://rabbit:5672/v'],
    ['a link', 'http://localhost:3000/c/AbC-def_12345', 'http://localhost:3000/c/[hidden]'],
    ['the path of one', 'on /u/AbCdef12345 and /g/AbCdef12345', 'on /u/[hidden] and /g/[hidden]'],
    ['a source', '/o/cam_1?s=kim', '/o/cam_1?[hidden]'],
    ['what was asked for', 'Cannot GET /v1/contacts/kim', 'Cannot GET /[hidden]'],
    ['credentials', 'authorization was Basic dGVzdDp0ZXN0', 'authorization was Basic [hidden]'],
    ['a named secret', '{"clientSecret":"abc","n":1}', '{"clientSecret":"[hidden]","n":1}'],
    ['a token of ours', 'AQIDBAUGBwgJCgsMDQ4PEA was tried', '[hidden] was tried'],
    ["a device's token", `push to ${'0a'.repeat(32)}`, 'push to [hidden]'],
    ['a signed token', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJraW0ifQ.c2ln', '[hidden]'],
    ["a webhook's secret", 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw=', '[hidden]'],
  ])('hides %s: %s', (_what, text, shown) => {
    expect(redactText(text)).toBe(shown);
  });

  it.each([
    'connect ECONNREFUSED 127.0.0.1:42923',
    'evt_01J9ZK3X8Y7W6V5T4S3R2Q1P0N, attempt 3 failed after 12345 ms',
    'duplicate key value violates unique constraint "UQ_96aac72f1574b88752e9fb00089"',
    '    at Foo (/app/node_modules/@nestjs/core/injector/instance-loader.js:12:34)',
    'trace 0af7651916cd43dd8448eb211c80319c of 550e8400-e29b-41d4-a716-446655440000',
    '2027-03-28T00:30:00.000+02:00',
    'Mapped {/v1/campaigns/:id/codes, POST} route',
    'Google Wallet answered a message with 403: permissionDenied',
  ])('leaves what names no person and opens nothing: %s', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it.each(['"', '"a"', 'Key (', 'value "', 'a@', '1', '+1 ', 'a.', 'eyJ', 'http://'])(
    'of a million times %s reads and shows the beginning alone',
    (unit) => {
      const shown = redactText(unit.repeat(1_000_000));
      expect(shown.length).toBeLessThan(25_000);
    },
  );
});

describe('withoutLiterals', () => {
  it('keeps names and parameters of a statement, not what was written into it', () => {
    expect(withoutLiterals(`select "a" from t where b = $1 and c = 'Kim''s' and d = 447400123456`)).toBe(
      `select "a" from t where b = $1 and c = '…' and d = …`,
    );
  });
});

describe('redactValue', () => {
  const ofDriver = Object.assign(new Error('duplicate key'), {
    severity: 'ERROR',
    code: '23505',
    detail: 'Key (code)=(SPRING-1) already exists.',
    where: 'COPY coupon, line 1: "SPRING-1"',
    table: 'coupon',
    constraint: 'coupon_code',
    routine: '_bt_check_unique',
  });

  it("keeps what PostgreSQL's error is called, and neither its values nor the statement's", () => {
    const failed = Object.assign(new Error('duplicate key', { cause: ofDriver }), {
      ...ofDriver,
      query: `insert into coupon values ('SPRING-1')`,
      parameters: ['SPRING-1'],
      driverError: ofDriver,
    });
    const shown = redactValue({ err: failed, extra: [ofDriver] });
    expect(JSON.stringify(shown)).not.toContain('SPRING-1');
    const kept = { code: '23505', table: 'coupon', constraint: 'coupon_code', routine: '_bt_check_unique' };
    expect(shown).toMatchObject({ err: { ...kept, message: 'duplicate key', stack: expect.any(String) } });
  });

  it('hides by name, however a name is spelt, and a code where it is not an error’s', () => {
    expect(
      redactValue({ client_secret: 'a', 'push-token': 'a', Email: 'a', code: 'SPRING-1', couponId: 'cpn_1' }),
    ).toEqual({
      client_secret: '[hidden]',
      'push-token': '[hidden]',
      Email: '[hidden]',
      code: '[hidden]',
      couponId: 'cpn_1',
    });
  });

  it('ends with what refers to itself, and with what cannot be read', () => {
    const self: Record<string, unknown> = { n: 1 };
    self.self = self;
    expect(redactValue(self)).toEqual({ n: 1, self: '[…]' });
    const broken = {
      get n(): number {
        throw new Error('no');
      },
    };
    expect(redactValue(broken)).toEqual({ unreadable: '[hidden]' });
  });

  it('of a line keeps JSON, one line', () => {
    const line = `${JSON.stringify({ level: 'warn', time: 1764561600000, msg: 'to "kim@example.com"\n' })}\n`;
    expect(redactLine(line)).toBe('{"level":"warn","time":1764561600000,"msg":"to \\"[hidden]\\"\\n"}\n');
  });
});
