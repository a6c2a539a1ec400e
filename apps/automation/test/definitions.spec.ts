/* oxlint-disable unicorn/no-thenable -- a branch of a definition is called `then` */
import { AddressGuard } from '@tearoff/service-kit';
import type { RawStep } from '../src/workflows/definition';
import { definitionFaults } from '../src/workflows/definition.check';
import { loopFaults, type TriggeringWorkflow, type RewardsByCard } from '../src/workflows/loops';

const cam = 'cam_0000000000';
const guard = AddressGuard.from({ allowPrivate: false, timeoutMs: 1_000, ports: [8443] });
const faultsOf = (steps: unknown[], rest: object = {}) =>
  definitionFaults(
    { trigger: { event: 'order' }, timezone: 'UTC', steps: steps as RawStep[], ...rest },
    (url) => guard.faultOf(url, ['https:']),
  ).map(({ path, message }) => `${path} ${message}`);
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
    ['a mistyped event', [{ waitFor: { event: 'coupon.redemed', within: 'P1D' } }], '/steps/0/waitFor/event'],
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
    ...(
      [
        ['https://10.0.0.1/x', 'must not be a private'],
        ['https://169.254.169.254/latest/meta-data', 'must not be a private'],
        ['https://[::1]/', 'must not be a private'],
        ['https://0x7f.1/${params.x}', 'must not be a private'],
        ['https://localhost/', 'must not be a private'],
        ['https://metadata.google.internal/', 'must not be a private'],
        ['https://x.example:6379/', 'must not name port 6379: 443, 8443 may be called'],
        ['https://x.example:${params.port}/', 'must name its host'],
        ['http://x.example/', 'must begin with https://'],
        ['https://exa\tmple.com/', 'must not hold tabs'],
        [' https://x.example/', 'must be an http or https URL'],
      ] as const
    ).map(([url, fault]): [string, unknown[], string] => [
      `the URL ${JSON.stringify(url)}`,
      [{ webhook: { url } }],
      `/steps/0/webhook/url ${fault}`,
    ]),
    [
      'a name twice',
      [
        { name: 'a', stop: {} },
        { name: 'a', stop: {} },
      ],
      '/steps/1/name is the name of another',
    ],
    ['a name no one can refer to', [{ name: 'a.b', stop: {} }], '/steps/0/name'],
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
    [{ trigger: { event: 'coupon.isued' } }, '/trigger/event'],
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
  const listening = (id: string, trigger: object, steps: RawStep[]): TriggeringWorkflow => ({
    id,
    name: id,
    definition: { trigger: { event: 'coupon.issued', ...trigger }, steps, timezone: 'UTC' },
  });
  const issue = (campaignId: string): RawStep => ({ issueCoupon: { campaignId } });
  const award = (cardId: string, points: unknown = 10): RawStep => ({ awardPoints: { cardId, points } });
  const none: RewardsByCard = new Map([['crd_x', []]]);
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
    ['behind a moment', {}, [{ delay: { for: 'PT59M' } }, issue(cam)], 1],
    ['under a filter that demands nothing', { filter: { and: [[], true] } }, [issue(cam)], 1],
    ['under a filter that is an empty list', { filter: [] }, [issue(cam)], 1],
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
    expect(loopFaults(listening('own', trigger, steps), [], none)).toHaveLength(count);
  });

  it('is seen through others, however they go round without it', () => {
    const a = listening('a', of('cam_a'), [issue('cam_b')]);
    const b = listening('b', of('cam_b'), [issue('cam_c')]);
    const c = listening('c', of('cam_c'), [issue('cam_b'), issue('cam_a')]);
    expect(loopFaults(a, [b, c], none)).toMatchObject([
      { path: '/steps/0/issueCoupon', message: expect.stringContaining('b, c') },
    ]);
    expect(loopFaults(listening('d', of('cam_d'), [issue('cam_b')]), [b, c], none)).toEqual([]);
  });

  const gives = (campaignId: string, channel: 'sms' | 'none' = 'none'): RewardsByCard =>
    new Map([['crd_x', [{ campaignId, channel }]]]);
  const every = { repeat: 'every' };
  it.each<[string, object, RawStep[], RewardsByCard, string[]]>([
    ['by the coupon of its reward', of(cam), [award('crd_x')], gives(cam), ['coupon.issued']],
    ['not by another campaign’s', of('cam_other'), [award('crd_x')], gives(cam), []],
    ['not where the card gives nothing', {}, [award('crd_x')], none, []],
    ['not by points that are taken', {}, [award('crd_x', -10)], gives(cam), []],
    [
      'by points that an event names',
      {},
      [award('crd_x', '${params.points}')],
      gives(cam),
      ['coupon.issued'],
    ],
    ['by a card that an event names', of(cam), [award('${params.cardId}')], none, ['coupon.issued']],
    [
      'by the reward itself',
      { event: 'reward.issued', ...every },
      [award('crd_x')],
      gives(cam),
      ['reward.issued'],
    ],
    [
      'by the message that brings the reward',
      { event: 'delivery.sent', ...every },
      [award('crd_x')],
      gives(cam, 'sms'),
      ['delivery.sent'],
    ],
    ['not by a reward without one', { event: 'delivery.sent', ...every }, [award('crd_x')], gives(cam), []],
  ])('is seen through what its points buy: %s', (_how, trigger, steps, rewards, events) => {
    const faults = loopFaults(listening('own', trigger, steps), [], rewards);
    expect(faults).toEqual(
      events.map((event) => ({ path: '/steps/0/awardPoints', message: expect.stringContaining(event) })),
    );
  });

  it('is seen through another’s card', () => {
    const awards = listening('awards', of('cam_a'), [award('crd_x')]);
    const issues = listening('issues', of('cam_b'), [issue('cam_a')]);
    expect(loopFaults(issues, [awards], gives('cam_b'))).toMatchObject([
      { path: '/steps/0/issueCoupon', message: expect.stringContaining('awards') },
    ]);
    expect(loopFaults(issues, [awards], gives('cam_c'))).toEqual([]);
  });
});
