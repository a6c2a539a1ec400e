import { judge, logicFaults } from '../src/logic/logic';
import { render } from '../src/references/references';
import { Scope } from '../src/references/scope';
import { nextLocal, type Weekday } from '../src/times/until';
import { zoneOfContact } from '../src/times/zones';
import type { RawStep } from '../src/workflows/definition';
import { definitionFaults } from '../src/workflows/definition.check';
import { loopFaults, type Listening } from '../src/workflows/loops';

const cam = 'cam_0000000000';
const faultsOf = (steps: unknown[], rest: object = {}) =>
  definitionFaults({
    trigger: { event: 'order' },
    timezone: 'UTC',
    steps: steps as RawStep[],
    ...rest,
  }).map(({ path, message }) => `${path} ${message}`);
const nested = (depth: number): RawStep =>
  depth === 0 ? { stop: {} } : { condition: { if: true, then: [nested(depth - 1)] } };

describe('a definition', () => {
  it.each<[string, unknown[], string]>([
    ['an unknown step', [{ sendFax: {} }], '/steps/0/sendFax is not a step'],
    ['two steps in one', [{ stop: {}, delay: { for: 'P1D' } }], '/steps/0 must be one step'],
    ['no step at all', [{ name: 'x' }], '/steps/0 must be a step'],
    ['an empty list', [], '/steps must have at least one'],
    ['an unknown member', [{ delay: { for: 'P1D', fro: 1 } }], '/steps/0/delay/fro is not a known field'],
    ['a missing member', [{ issueCoupon: {} }], '/steps/0/issueCoupon/campaignId is required'],
    ['a duration that is none', [{ delay: { for: '3 days' } }], '/steps/0/delay/for must be an ISO 8601'],
    ['no time at all', [{ delay: { for: 'PT0S' } }], '/steps/0/delay/for must be longer'],
    ['time that runs backwards', [{ delay: { for: '-P1D' } }], '/steps/0/delay/for must be longer'],
    ['more than 400 days', [{ delay: { for: 'P401D' } }], '/steps/0/delay/for must not be longer'],
    ['both for and until', [{ delay: { for: 'P1D', until: { time: '10:00' } } }], '/steps/0/delay must have'],
    ['a time that is none', [{ delay: { until: { time: '24:00' } } }], '/steps/0/delay/until/time'],
    [
      'a zone that is none',
      [{ delay: { until: { time: '10:00', zone: 'Mars/X' } } }],
      '/steps/0/delay/until/zone',
    ],
    ['no points', [{ awardPoints: { cardId: 'crd_x', points: 0 } }], '/steps/0/awardPoints/points must not'],
    ['a URL that is none', [{ webhook: { url: 'ftp://x' } }], '/steps/0/webhook/url must be'],
    [
      'a host from outside',
      [{ webhook: { url: 'https://${host}/x' } }],
      '/steps/0/webhook/url must name its host',
    ],
    [
      'credentials in a URL',
      [{ webhook: { url: 'https://a:b@x.example/' } }],
      '/steps/0/webhook/url must not hold',
    ],
    [
      'a name twice',
      [
        { name: 'a', stop: {} },
        { name: 'a', stop: {} },
      ],
      '/steps/1/name is the name of another',
    ],
    ['a name nobody can refer to', [{ name: 'a.b', stop: {} }], '/steps/0/name'],
    [
      'a step that comes later',
      [{ sendMessage: { templateId: 'tpl_x', to: '${steps.b.code}' } }, { name: 'b', stop: {} }],
      '/steps/0/sendMessage/to refers to "b"',
    ],
    [
      'a step of the other branch',
      [
        {
          condition: {
            if: true,
            then: [{ name: 'a', stop: {} }],
            else: [{ webhook: { url: 'https://x.example', body: { v: '${steps.a.x}' } } }],
          },
        },
      ],
      '/steps/0/condition/else/0/webhook/body/v refers to "a"',
    ],
    [
      'a step in a condition',
      [{ condition: { if: { var: 'steps.no.x' } } }],
      '/steps/0/condition/if/var refers to',
    ],
    [
      'an unknown operator',
      [{ condition: { if: { '==': [1, { method: ['x'] }] } } }],
      '/steps/0/condition/if/==/1/method',
    ],
    ['too deep a nest', [nested(11)], 'must not be nested deeper than 10'],
    ['too many steps', Array.from({ length: 201 }, () => ({ stop: {} })), 'must not be more than 200'],
    [
      'too large a text',
      [{ webhook: { url: 'https://x.example', body: 'x'.repeat(100_001) } }],
      '/steps must not be larger',
    ],
  ])('with %s is refused by its path', (_what, steps, fault) => {
    expect(faultsOf(steps)).toEqual(expect.arrayContaining([expect.stringContaining(fault)]));
  });

  it.each<[object, string]>([
    [{ trigger: { event: 'order', repeat: 'sometimes' } }, '/trigger/repeat'],
    [{ trigger: { event: 'order', repeat: { oncePer: 'year' } } }, '/trigger/repeat'],
    [
      { trigger: { event: 'order', filter: { '==': [{ var: 'steps.a.b' }, 1] } } },
      '/trigger/filter/==/0/var',
    ],
    [{ timezone: 'Berlin' }, '/timezone'],
  ])('is refused with %j', (rest, path) => {
    expect(faultsOf([{ stop: {} }], rest)).toEqual(expect.arrayContaining([expect.stringContaining(path)]));
  });

  it('may refer to what came before, out of the branches it may have come through', () => {
    const steps = [
      { name: 'a', issueCoupon: { campaignId: cam } },
      { condition: { if: '${steps.a.code}', then: [{ name: 'b', sendMessage: { templateId: 'tpl_x' } }] } },
      { webhook: { url: 'https://x.example/${steps.b.deliveryId}', body: '${steps.a.code}' } },
      nested(9),
    ];
    expect(faultsOf(steps, { trigger: { event: 'order', repeat: { oncePer: 'day' } } })).toEqual([]);
  });
});

describe('a workflow that starts itself', () => {
  const listening = (id: string, trigger: object, steps: RawStep[]): Listening => ({
    id,
    name: id,
    definition: { trigger: { event: 'coupon.issued', ...trigger }, steps, timezone: 'UTC' },
  });
  const issue = (campaignId: string): RawStep => ({ issueCoupon: { campaignId } });
  const of = (campaignId: string) => ({
    filter: { and: [{ '==': [{ var: 'params.campaignId' }, campaignId] }, true] },
  });

  it.each<[string, object, RawStep[], number]>([
    ['by any coupon', {}, [issue(cam)], 1],
    ['by a coupon of that campaign', of(cam), [issue(cam)], 1],
    ['by whichever campaign an event names', of(cam), [issue('${params.next}')], 1],
    ['in a branch', {}, [{ condition: { if: true, else: [issue(cam)] } }], 1],
    ['not by another campaign’s', of('cam_other'), [issue(cam)], 0],
    ['not behind a delay', {}, [{ delay: { for: 'P1D' } }, issue(cam)], 0],
    ['not behind a stop', {}, [{ stop: {} }, issue(cam)], 0],
    [
      'by points every time',
      { event: 'points.awarded', repeat: 'every' },
      [{ awardPoints: { cardId: 'crd_x', points: 1 } }],
      1,
    ],
    [
      'not by points once for each member',
      { event: 'points.awarded' },
      [{ awardPoints: { cardId: 'crd_x', points: 1 } }],
      0,
    ],
    [
      'by its own message',
      { event: 'delivery.sent', repeat: 'every' },
      [{ sendMessage: { templateId: 'tpl_x' } }],
      1,
    ],
  ])('is seen: %s', (_how, trigger, steps, count) => {
    expect(loopFaults(listening('own', trigger, steps), [])).toHaveLength(count);
  });

  it('is seen through others, however they go round without it', () => {
    const a = listening('a', of('cam_a'), [issue('cam_b')]);
    const b = listening('b', of('cam_b'), [issue('cam_c')]);
    const c = listening('c', of('cam_c'), [issue('cam_b'), issue('cam_a')]);
    expect(loopFaults(a, [b, c])).toMatchObject([
      { path: '/steps/0/issueCoupon', message: expect.stringContaining('b, c') },
    ]);
    expect(loopFaults(listening('d', of('cam_d'), [issue('cam_b')]), [b, c])).toEqual([]);
  });
});

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

  it('is by her own clocks: her zone, else that of her number’s country where it has one', () => {
    const at = new Date('2031-01-15T12:00:00Z');
    expect(zoneOfContact({ timezone: 'Asia/Tokyo', phone: '+4915112345678' }, at)).toBe('Asia/Tokyo');
    expect(zoneOfContact({ timezone: 'Nowhere', phone: '0151 12345678', country: 'DE' }, at)).toBe(
      'Europe/Berlin',
    );
    expect(zoneOfContact({ phone: '+12025550123' }, at)).toBeNull();
    expect(zoneOfContact(null, at)).toBeNull();
  });
});
