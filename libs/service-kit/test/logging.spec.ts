import { createLogger, nestLogger } from '../src';

function captured(level?: string) {
  const lines: Record<string, unknown>[] = [];
  const destination = {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  };
  return { lines, logger: createLogger({ service: 'issuance', level, destination }) };
}

describe('createLogger', () => {
  it('writes one JSON object a line, with the service and a readable level and time', () => {
    const { lines, logger } = captured();
    logger.info({ couponId: 'cpn_1' }, 'issued');
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        service: 'issuance',
        couponId: 'cpn_1',
        msg: 'issued',
      },
    ]);
  });

  it('blanks credentials', () => {
    const { lines, logger } = captured();
    logger.info({ password: 'a1', config: { clientSecret: 'a2' }, headers: { authorization: 'a3' } }, 'x');
    expect(JSON.stringify(lines)).not.toMatch(/a1|a2|a3/);
  });
});

describe.each(['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const)('a line at %s', (level) => {
  it('says what failed, and not to whom', () => {
    const { lines, logger } = captured('trace');
    const detail = 'Key (account_id, phone)=(acc_1, +447400123456) already exists.';
    const err = Object.assign(new Error('duplicate key'), { detail, constraint: 'contact_phone' });
    logger[level]({ err, statement: `insert into t values ('kim@example.com')` }, 'to kim@example.com');
    logger[level](err);
    logger.child({ to: '+447400123456' })[level]('from %s', 'kim@example.com');
    expect(lines).toMatchObject([
      { level, err: { constraint: 'contact_phone' }, msg: 'to [hidden]' },
      { level, err: { constraint: 'contact_phone' }, msg: 'duplicate key' },
      { level, msg: 'from [hidden]' },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/7400123456|kim@/);
  });
});

describe('nestLogger', () => {
  it('keeps the context, and the stack of an error', () => {
    const { lines, logger } = captured();
    const nest = nestLogger(logger);
    nest.warn('slow', 'CouponsService');
    nest.error('broken', new Error('broken').stack, 'CouponsService');
    nest.error(new Error('thrown'), 'CouponsService');

    expect(lines).toMatchObject([
      { level: 'warn', context: 'CouponsService', msg: 'slow' },
      {
        level: 'error',
        context: 'CouponsService',
        msg: 'broken',
        err: { stack: expect.stringContaining(' at ') },
      },
      { level: 'error', context: 'CouponsService', msg: 'thrown', err: { type: 'Error', message: 'thrown' } },
    ]);
  });

  it('keeps the stack of an error that comes after a text, and neither its statement nor whose it was', () => {
    const { lines, logger } = captured();
    const error = Object.assign(new Error('duplicate key'), { parameters: ['+447400123456'], code: '23505' });
    nestLogger(logger).error('coupon.issue failed for kim@example.com', error);
    expect(lines).toMatchObject([
      {
        msg: 'coupon.issue failed for [hidden]',
        err: { message: 'duplicate key', code: '23505', stack: expect.stringContaining(' at ') },
      },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/7400123456|kim@/);
  });

  it('says what Nest wires at debug only', () => {
    const { lines, logger } = captured();
    nestLogger(logger).log('AppModule dependencies initialized', 'InstanceLoader');
    expect(lines).toEqual([]);
  });
});
