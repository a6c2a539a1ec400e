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

  it('says what Nest wires at debug only', () => {
    const { lines, logger } = captured();
    nestLogger(logger).log('AppModule dependencies initialized', 'InstanceLoader');
    expect(lines).toEqual([]);
  });
});
