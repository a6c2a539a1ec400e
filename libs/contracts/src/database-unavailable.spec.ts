import { isDatabaseUnavailable, markDriverError } from './database-unavailable';

const systemError = (code: string) => Object.assign(new Error(`connect ${code}`), { code });
const serverError = (code: string) =>
  Object.assign(new Error('said by the server'), { code, severity: 'FATAL' });
/** As TypeORM wraps what the driver raised. */
const queryFailed = (driverError: Error) => Object.assign(new Error(driverError.message), { driverError });

describe('a database is away', () => {
  it.each([
    ['refuses connections', markDriverError(systemError('ECONNREFUSED'))],
    ['broke off under a query', queryFailed(systemError('ECONNRESET'))],
    ['broke off without a code', queryFailed(new Error('Connection terminated unexpectedly'))],
    ['has no connection left', serverError('53300')],
    ['shuts down', queryFailed(serverError('57P01'))],
    ['is behind an error of ours', new Error('not saved', { cause: queryFailed(systemError('EPIPE')) })],
    ['has been closed here', Object.assign(new Error('Driver not Connected'), { name: 'TypeORMError' })],
  ])('when it %s', (_, error) => expect(isDatabaseUnavailable(error)).toBe(true));

  const circle = new Error('a circle');
  circle.cause = circle;
  it.each([
    ['another server refuses connections', systemError('ECONNREFUSED')],
    ['a request failed', new Error('fetch failed', { cause: systemError('ETIMEDOUT') })],
    ['the text is all that resembles', new Error('Connection terminated unexpectedly')],
    ['the code is all that resembles', Object.assign(new Error('full'), { code: '53300' })],
    ['a statement was wrong', queryFailed(serverError('22021'))],
    ['a statement took too long', queryFailed(serverError('57014'))],
    ['a file is missing', systemError('ENOENT')],
    ['a cause is its own cause', circle],
    ['it is no error', 'ECONNREFUSED'],
    ['there is none', undefined],
  ])('but not when %s', (_, error) => expect(isDatabaseUnavailable(error)).toBe(false));

  it('and a marked error says nothing of its mark', () => {
    expect(JSON.stringify(markDriverError({ code: 'EPIPE' }))).toBe('{"code":"EPIPE"}');
    expect(markDriverError(Object.freeze(new Error('frozen'))).message).toBe('frozen');
    expect(markDriverError(null)).toBeNull();
  });
});
