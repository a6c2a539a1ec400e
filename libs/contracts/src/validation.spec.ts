import { Type, type TSchema } from '@sinclair/typebox';
import * as contracts from './index';
import { faultsOf, type CommandDefinition, type EventDefinition } from './index';

const told = (schema: TSchema, value: unknown): string[] =>
  (faultsOf(schema, value) ?? []).map(({ path, message }) => `${path} ${message}`);

const card = (rest: object): unknown => ({ name: 'Beans', kind: 'stamps', ...rest });
const workflow = (trigger: object): unknown => ({ name: 'Hello', trigger, steps: [] });
const { stepSchemas: step } = contracts;
const onEvent = { on: 'event', points: 1, event: 'order.paid' };
const levels = [{ name: 'Gold', from: 100 }];

const table: [what: string, schema: TSchema, value: unknown, faults: string[]][] = [
  [
    'a repeat that there is not',
    contracts.WorkflowInput,
    workflow({ event: 'order', repeat: 'twice' }),
    ['/trigger/repeat must be every, once or an object with oncePer'],
  ],
  [
    'a repeat of no kind',
    contracts.WorkflowInput,
    workflow({ event: 'order', repeat: 5 }),
    ['/trigger/repeat must be every, once or an object with oncePer'],
  ],
  [
    'a repeat of a wrong period',
    contracts.WorkflowInput,
    workflow({ event: 'order', repeat: { oncePer: 'year' } }),
    ['/trigger/repeat/oncePer must be one of day, week, month'],
  ],
  [
    'a repeat with a misspelt member',
    contracts.WorkflowInput,
    workflow({ event: 'order', repeat: { oncePer: 'day', zone: 'UTC' } }),
    ['/trigger/repeat/zone is not a known field'],
  ],
  [
    'a channel that there is not',
    step.issueCoupon,
    { campaignId: 'cam_1', channel: 'fax' },
    ['/channel must be sms, email, none or a reference such as ${params.total}'],
  ],
  [
    'points in words',
    step.awardPoints,
    { cardId: 'crd_1', points: 'ten' },
    ['/points must be an integer or a reference such as ${params.total}'],
  ],
  [
    'half a point',
    step.awardPoints,
    { cardId: 'crd_1', points: 0.5 },
    ['/points must be an integer or a reference such as ${params.total}'],
  ],
  [
    'points beyond all bounds',
    step.awardPoints,
    { cardId: 'crd_1', points: 2_000_000_000 },
    ['/points must be <= 1000000000'],
  ],
  [
    'a match by a list',
    step.waitFor,
    { event: 'order', within: 'P1D', match: { orderId: ['1'] } },
    ['/match/orderId must be a string, a number or a boolean'],
  ],
  [
    'a match by a text without end',
    step.waitFor,
    { event: 'order', within: 'P1D', match: { orderId: 'x'.repeat(301) } },
    ['/match/orderId must NOT have more than 300 characters'],
  ],
  [
    'an earning rule of no kind',
    contracts.CardInput,
    card({ earning: [{ on: 'birthday', points: 1 }] }),
    ['/earning/0/on must be one of redemption, amount, event'],
  ],
  [
    'an earning rule that names no kind',
    contracts.CardInput,
    card({ earning: [onEvent, { points: 1 }] }),
    ['/earning/1/on must be one of redemption, amount, event'],
  ],
  [
    'an earning rule that lacks something',
    contracts.CardInput,
    card({ earning: [{ on: 'amount', points: 0, currency: 'EUR' }] }),
    ['/earning/0/per is required', '/earning/0/points must be >= 1'],
  ],
  [
    'an earning rule that is no object',
    contracts.CardInput,
    card({ earning: ['event'] }),
    ['/earning/0 must be an object with on'],
  ],
  [
    'tiers that are half',
    contracts.CardInput,
    card({ tiers: { period: 'calendarYear' } }),
    ['/tiers/levels is required'],
  ],
  [
    'tiers of a wrong period',
    contracts.CardInput,
    card({ tiers: { period: 'month', levels } }),
    ['/tiers/period must be calendarYear or an object with months'],
  ],
  [
    'tiers of no month',
    contracts.CardInput,
    card({ tiers: { period: { months: 0 }, levels } }),
    ['/tiers/period/months must be >= 1'],
  ],
  [
    'tiers as a list',
    contracts.CardInput,
    card({ tiers: levels }),
    ['/tiers must be an object with period and levels or null'],
  ],
  [
    'an expiry of a wrong kind',
    contracts.CardInput,
    card({ expiry: { kind: 'never', days: 30 } }),
    ['/expiry/kind must be one of rolling, inactivity'],
  ],
  [
    'an expiry in words',
    contracts.CardInput,
    card({ expiry: 'P30D' }),
    ['/expiry must be an object with kind and days or null'],
  ],
  [
    'a name that is a number',
    contracts.MemberPatch,
    { firstName: 7 },
    ['/firstName must be a string without U+FFFD or null'],
  ],
  [
    'a name that is too long',
    contracts.MemberPatch,
    { firstName: 'x'.repeat(201) },
    ['/firstName must NOT have more than 200 characters'],
  ],
  [
    'a colour that is a number',
    contracts.CardPatch,
    { design: { color: 7 } },
    ['/design/color must be string or null'],
  ],
  [
    'a pass of nothing',
    contracts.PassSubject,
    { ticket: 'abc' },
    [
      ' must be an object with couponToken, an object with cardToken or an object with accountId, cardId and memberId',
    ],
  ],
  [
    'a pass of half a member',
    contracts.PassSubject,
    { cardId: 'crd_1', memberId: 'mem_1' },
    ['/accountId is required'],
  ],
  ['an outcome without its coupon', contracts.IssueOutcome, { outcome: 'issued' }, ['/coupon is required']],
  [
    'an outcome that there is not',
    contracts.PointsOutcome,
    { outcome: 'lost' },
    ['/outcome must be one of entered, repeated, refused'],
  ],
  [
    'an outcome that shares its name with others',
    contracts.RedeemOutcome,
    { outcome: 'refused' },
    ['/reason is required', '/redeemedAt is required', '/storeId is required'],
  ],
  [
    'alternatives that nothing names: the nearest',
    Type.Union([
      Type.Object({ a: Type.String(), b: Type.String(), c: Type.String() }),
      Type.Object({ d: Type.Object({ e: Type.Integer() }) }),
    ]),
    { d: { e: 'x' } },
    ['/d/e must be integer'],
  ],
  [
    'a closed set in single words',
    Type.Union([Type.Literal('a'), Type.Literal('b')]),
    'c',
    [' must be one of a, b'],
  ],
  [
    'a union within a union',
    Type.Union([contracts.PlayOutcome, Type.Null()]),
    { outcome: 'refused', reason: 'late', message: '' },
    [`/reason must be one of ${contracts.issueRefusals.join(', ')}`],
  ],
];

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
/** Every union in what services ask and tell each other. */
function unionsIn(schema: unknown): TSchema[] {
  const within = isObject(schema) ? Object.values(schema).flatMap(unionsIn) : [];
  return isObject(schema) && 'anyOf' in schema ? [schema as unknown as TSchema, ...within] : within;
}
const asked = (Object.values(contracts) as unknown[]).filter(
  (value): value is CommandDefinition | EventDefinition =>
    isObject(value) && ('reply' in value || 'item' in value),
);
const unions = [...asked, contracts.stepSchemas].flatMap(unionsIn);

describe('what is said of a value that fits no branch of a union', () => {
  it.each(table)('%s', (_what, schema, value, faults) => {
    expect(told(schema, value)).toEqual(faults);
  });

  it('is never that there is a union, nor a flood, whatever the union', () => {
    expect(unions.length).toBeGreaterThan(50);
    for (const union of unions)
      for (const value of [undefined, null, true, 0.5, 'x y', [[]], {}, { outcome: 'x', on: 'x' }]) {
        const faults = told(union, value);
        expect(faults.filter((fault) => /anyOf|undefined/.test(fault))).toEqual([]);
        // Those of the largest single object.
        expect(faults.length).toBeLessThan(20);
      }
  });

  it('is of each value in a list for itself', () => {
    const list = Type.Array(Type.Union([Type.Integer(), Type.Object({ a: Type.Integer() })]));
    expect(told(list, [1, 'x', { a: 'y' }])).toEqual([
      '/1 must be an integer or an object with a',
      '/2/a must be integer',
    ]);
  });

  it('names a member as a JSON Pointer does', () => {
    const closed = Type.Object({}, { additionalProperties: false });
    expect(told(closed, { 'a/b~c': 1 })).toEqual(['/a~1b~0c is not a known field']);
  });
});
