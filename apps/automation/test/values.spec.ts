import { judge, logicFaults } from '../src/logic/logic';
import { render } from '../src/references/references';
import { Scope } from '../src/references/scope';
import { nextLocal, type Weekday } from '../src/times/until';
import { zoneOfContact } from '../src/times/zones';

describe('values', () => {
  const scope = new Scope({
    event: 'order',
    key: 'k',
    params: { n: 7, text: 'x', list: [{ sku: 'A' }], zero: 0, code: 'C', injected: { var: 'contact.phone' } },
    contact: { phone: '+447400123456', fields: { tier: 'gold' } },
    steps: { gift: { code: 'W7' } },
  });

  it.each<[unknown, unknown]>([
    ['${params.n}', 7],
    ['n=${params.n} ${code} ${ steps.gift.code }', 'n=7 C W7'],
    ['${params.list}', [{ sku: 'A' }]],
    ['${params.list.0.sku}', 'A'],
    ['${contact.fields.tier}', 'gold'],
    ['${params.zero}', 0],
    ['${nothing}', null],
    ['<${nothing}>', '<>'],
    ['${params.list.length}${params.text.length}${params.text.0}', ''],
    ['${__proto__}', null],
    ['${params.constructor.name}', null],
    ['${params.list.constructor}', null],
    ['${steps.gift.__proto__.toString}', null],
    [
      { a: ['${key}', 1], b: '${' },
      { a: ['k', 1], b: '${' },
    ],
  ])('%j is %j', (value, rendered) => {
    expect(render(value, scope)).toEqual(rendered);
  });

  it.each<[unknown, boolean]>([
    [{ '==': ['${params.n}', '7'] }, true],
    [{ '===': ['${params.n}', '7'] }, false],
    [{ '>': [{ var: 'n' }, 6] }, true],
    [{ '>': [{ var: 'text' }, 6] }, false],
    [{ '>': [{ var: 'nothing' }, 6] }, false],
    [{ in: ['A', { var: 'nothing' }] }, false],
    [{ some: [{ var: 'params.list' }, { '==': [{ var: 'sku' }, 'A'] }] }, true],
    [{ var: ['nothing', 'other'] }, true],
    [{ '!': [{ var: 'constructor' }] }, true],
    [{ '!': [{ var: 'params.__proto__' }] }, true],
    // In decimal numbers, and of those alone.
    [{ '==': [{ '*': [4.35, 100] }, 435] }, true],
    [{ '==': [{ '+': ['0.1', 0.2] }, 0.3] }, true],
    [{ '==': [{ '-': [1, 0.9] }, 0.1] }, true],
    [{ '==': [{ '/': [0.3, 0.1] }, 3] }, true],
    [{ '==': [{ '%': [0.3, 0.1] }, 0] }, true],
    [{ '==': [{ '+': [{ var: 'nothing' }, true] }, 1] }, true],
    [{ '==': [{ '-': ['${params.n}'] }, -7] }, true],
    [{ '==': [{ '*': ['0x10', 1] }, 16] }, false],
    [{ '>=': [{ '+': ['', 5] }, 5] }, false],
    [{ '<': [{ '+': ['2,5', 0] }, 9] }, false],
    [{ '>': [{ '/': [1, 0] }, 1] }, false],
    // What a caller sent is never read as logic.
    [{ '==': ['${params.injected}', '+447400123456'] }, false],
    ['${params.zero}', false],
    [true, true],
  ])('%j holds: %j', (logic, holds) => {
    expect([logicFaults(logic, ''), judge(logic, scope).holds]).toEqual([[], holds]);
  });

  it.each<unknown>([
    { constructor: [1] },
    { __proto__x: 1 },
    JSON.parse('{"__proto__": [1]}'),
    { map: [[1], 1] },
    { reduce: [] },
    { throw: 'x' },
    { var: { var: 'x' } },
    { '==': 1, '!=': 1 },
    { some: [[1], { some: [[1], true] }] },
    Array.from({ length: 501 }, () => 1),
    Array.from({ length: 21 }).reduce<unknown>((inner) => ({ '!': [inner] }), true),
  ])('%j is not a condition', (logic) => {
    expect(logicFaults(logic, '')).toHaveLength(1);
  });
});

describe('a local time', () => {
  it.each<[string, string, string, Weekday | undefined, string, string]>([
    ['later today', '2031-01-15T08:00:00Z', '09:30', undefined, 'Europe/London', '2031-01-15T09:30:00.000Z'],
    [
      'tomorrow when it is over',
      '2031-01-15T09:30:00Z',
      '09:30',
      undefined,
      'Europe/London',
      '2031-01-16T09:30:00.000Z',
    ],
    [
      'on its day of the week',
      '2031-01-15T08:00:00Z',
      '09:30',
      'mon',
      'Asia/Kolkata',
      '2031-01-20T04:00:00.000Z',
    ],
    [
      'in a week when today’s is over',
      '2031-01-15T23:00:00Z',
      '09:30',
      'wed',
      'UTC',
      '2031-01-22T09:30:00.000Z',
    ],
    [
      'that the clocks leave out',
      '2031-03-29T12:00:00Z',
      '02:30',
      undefined,
      'Europe/Berlin',
      '2031-03-30T01:30:00.000Z',
    ],
    [
      'that they show twice, the first time',
      '2031-10-25T12:00:00Z',
      '02:30',
      undefined,
      'Europe/Berlin',
      '2031-10-26T00:30:00.000Z',
    ],
    [
      'and not the second',
      '2031-10-26T00:45:00Z',
      '02:30',
      undefined,
      'Europe/Berlin',
      '2031-10-27T01:30:00.000Z',
    ],
    [
      'on a day that begins an hour late',
      '2031-09-06T12:00:00Z',
      '00:15',
      undefined,
      'America/Santiago',
      '2031-09-07T04:15:00.000Z',
    ],
  ])('comes %s', (_when, now, time, weekday, zone, expected) => {
    expect(nextLocal(new Date(now), time, weekday, zone).toISOString()).toBe(expected);
  });

  it('is by their own clocks: their zone, else that of their number’s country where it has one', () => {
    const at = new Date('2031-01-15T12:00:00Z');
    expect(zoneOfContact({ timezone: 'Asia/Tokyo', phone: '+4915112345678' }, at)).toBe('Asia/Tokyo');
    expect(zoneOfContact({ timezone: 'Nowhere', phone: '0151 12345678', country: 'DE' }, at)).toBe(
      'Europe/Berlin',
    );
    expect(zoneOfContact({ phone: '+12025550123' }, at)).toBeNull();
    expect(zoneOfContact(null, at)).toBeNull();
  });
});
