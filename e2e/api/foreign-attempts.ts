import { encodeCursor } from '@tearoff/service-kit';
import { person, reference, storeId, suppressed, type Furnished } from './two-accounts';

/** A request of one account for what is the other's. `status`: 404 unless said. */
export interface Attempt {
  path: string;
  body?: unknown;
  status?: number;
}

type Attempts = (theirs: Furnished['ids'], mine: Furnished['ids']) => (Attempt | string)[];

const phone = encodeURIComponent(person.phone);
const address = encodeURIComponent(suppressed);
/** A list, a report or a name that the account has too: the answer is about its own. */
const own = (path: string, body?: unknown, status = 200): Attempt => ({ path, body, status });

/**
 * How each route of the OpenAPI document is asked for another account's things: by their ids, and by names that both
 * accounts have. A route that takes no such thing has no attempts.
 */
export const foreignAttempts: Record<string, Attempts> = {
  'POST /v1/campaigns': () => [],
  'GET /v1/campaigns': () => [own('/v1/campaigns?limit=100')],
  'GET /v1/campaigns/{id}': ({ campaign }) => [`/v1/campaigns/${campaign}`],
  'PATCH /v1/campaigns/{id}': ({ campaign }) => [
    { path: `/v1/campaigns/${campaign}`, body: { name: 'Other' } },
  ],
  'POST /v1/campaigns/{id}/codes': ({ rewards }) => [
    { path: `/v1/campaigns/${rewards}/codes`, body: { count: 1 } },
  ],
  'GET /v1/campaigns/{id}/codes': ({ campaign }) => [`/v1/campaigns/${campaign}/codes`],
  'POST /v1/campaigns/{id}/distributions': ({ campaign, rewards }) =>
    [campaign, rewards].flatMap((id) =>
      ['', '?dryRun=true'].map((query) => ({
        path: `/v1/campaigns/${id}/distributions${query}`,
        body: { channel: 'none', recipients: [{ externalId: 'x' }] },
      })),
    ),
  'GET /v1/jobs/{id}': ({ job, list, push }) => [job, list, push].map((id) => `/v1/jobs/${id}`),
  'GET /v1/jobs/{id}/errors': ({ list }) => [`/v1/jobs/${list}/errors`],
  'POST /v1/jobs/{id}/pause': ({ list }) => [`/v1/jobs/${list}/pause`],
  'POST /v1/jobs/{id}/resume': ({ list }) => [`/v1/jobs/${list}/resume`],
  'POST /v1/jobs/{id}/cancel': ({ list }) => [`/v1/jobs/${list}/cancel`],
  'POST /v1/coupons': ({ campaign, rewards }) =>
    [campaign, rewards].map((campaignId) => ({
      path: '/v1/coupons',
      body: { campaignId, recipient: { externalId: 'x' } },
    })),
  'GET /v1/coupons': ({ campaign, code }) => [
    own('/v1/coupons?limit=100'),
    own(`/v1/coupons?campaignId=${campaign}`),
    ...[`code=${code}`, `phone=${phone}`, `email=${person.email}`, `externalId=${person.externalId}`].map(
      (name) => own(`/v1/coupons?${name}`),
    ),
  ],
  'GET /v1/coupons/{id}': ({ coupon }) => [`/v1/coupons/${coupon}`],
  'POST /v1/coupons/{id}/void': ({ coupon }) => [{ path: `/v1/coupons/${coupon}/void`, body: {} }],
  'POST /v1/coupons/{id}/send': ({ coupon }) => [
    { path: `/v1/coupons/${coupon}/send`, body: { channel: 'sms' } },
  ],
  'POST /v1/validations': ({ code, spentCode, heldCode, rewardCode }) =>
    [code, spentCode, heldCode, rewardCode].map((each) => own('/v1/validations', { code: each })),
  'POST /v1/redemptions': ({ reservation, freeCode, spentCode, rewardCode }) => [
    { path: '/v1/redemptions', body: { code: rewardCode } },
    { path: '/v1/redemptions', body: { reservationId: reservation } },
    own('/v1/redemptions', { code: freeCode, storeId, transactionRef: 'till 1/8' }, 201),
    own('/v1/redemptions', { code: spentCode, storeId, transactionRef: reference }),
  ],
  'GET /v1/redemptions': ({ spentCode, campaign }) =>
    [
      'limit=100',
      `code=${spentCode}`,
      `storeId=${storeId}`,
      `transactionRef=${encodeURIComponent(reference)}`,
      `campaignId=${campaign}`,
    ].map((query) => own(`/v1/redemptions?${query}`)),
  'POST /v1/redemptions/{id}/reverse': ({ redemption }) => [
    { path: `/v1/redemptions/${redemption}/reverse`, body: {} },
  ],
  'POST /v1/reservations': ({ code, rewardCode }) => [
    { path: '/v1/reservations', body: { code: rewardCode } },
    own('/v1/reservations', { code }, 201),
  ],
  'DELETE /v1/reservations/{id}': ({ reservation }) => [`/v1/reservations/${reservation}`],
  'POST /v1/stores': () => [own('/v1/stores', { id: storeId, name: 'Other' }, 409)],
  'GET /v1/stores': () => [own('/v1/stores')],
  'POST /v1/templates': () => [],
  'GET /v1/templates': () => [own('/v1/templates')],
  'GET /v1/templates/{id}': ({ template }) => [`/v1/templates/${template}`],
  'PATCH /v1/templates/{id}': ({ template }) => [
    { path: `/v1/templates/${template}`, body: { name: 'Other' } },
  ],
  'POST /v1/templates/{id}/preview': ({ template }) => [
    { path: `/v1/templates/${template}/preview`, body: { data: {} } },
  ],
  'POST /v1/messages': ({ template }, mine) => [
    {
      path: '/v1/messages',
      body: { templateId: template, channel: 'sms', recipients: [{ phone: person.phone }] },
    },
    own(
      '/v1/messages',
      { templateId: mine.template, channel: 'sms', recipients: [{ phone: suppressed }] },
      202,
    ),
  ],
  'POST /v1/events': () => [
    own('/v1/events', { type: 'joined', key: 'ann joined', contact: person }, 202),
    own('/v1/events', { type: 'bought', contact: person }, 202),
  ],
  'GET /v1/event-types': () => [own('/v1/event-types')],
  'PUT /v1/event-types/{type}': () => [own('/v1/event-types/bought', { requiredParams: ['price'] })],
  'POST /v1/contacts': () => [own('/v1/contacts', { contacts: [{ ...person, firstName: 'Other' }] })],
  'GET /v1/contacts/{contact}': () => [
    own(`/v1/contacts/${person.email}`),
    own(`/v1/contacts/${phone}`),
    own(`/v1/contacts/${person.externalId}?by=externalId`),
    own(`/v1/contacts/${address}`),
    own('/v1/contacts/stop@example.com'),
  ],
  'GET /v1/deliveries': ({ coupon, campaign }) =>
    ['limit=100', `couponId=${coupon}`, `campaignId=${campaign}`].map((query) =>
      own(`/v1/deliveries?${query}`),
    ),
  'POST /v1/suppressions': () => [
    own('/v1/suppressions', { channel: 'sms', address: suppressed, note: 'Other' }, 201),
  ],
  'GET /v1/suppressions': () => [
    own('/v1/suppressions'),
    own(`/v1/suppressions?channel=sms&address=${address}`),
  ],
  'DELETE /v1/suppressions': () => [own(`/v1/suppressions?channel=sms&address=${address}`, undefined, 204)],
  'GET /v1/consents': () => [own('/v1/consents'), own('/v1/consents?channel=email&address=stop@example.com')],
  'GET /v1/sandbox/messages': () => [own('/v1/sandbox/messages'), own(`/v1/sandbox/messages?to=${phone}`)],
  'GET /v1/reports/funnel': ({ campaign }) => [
    own('/v1/reports/funnel'),
    own('/v1/reports/funnel?groupBy=campaign'),
    `/v1/reports/funnel?campaignId=${campaign}`,
  ],
  'GET /v1/reports/timeseries': ({ campaign }) => [`/v1/reports/timeseries?campaignId=${campaign}`],
  'GET /v1/reports/loyalty': ({ card }) => [`/v1/reports/loyalty?cardId=${card}`],
  'POST /v1/reports/rebuild': () => [own('/v1/reports/rebuild', {}, 202)],
  'GET /v1/reports/rebuild': () => [own('/v1/reports/rebuild')],
  'POST /v1/campaigns/{id}/spend': ({ campaign }) => [
    {
      path: `/v1/campaigns/${campaign}/spend`,
      body: { source: { medium: 'tv' }, amount: 100, currency: 'EUR', day: '2027-01-31' },
    },
  ],
  'GET /v1/campaigns/{id}/spend': ({ campaign }) => [`/v1/campaigns/${campaign}/spend`],
  'DELETE /v1/campaigns/{id}/spend/{spendId}': ({ campaign, spend }, mine) => [
    `/v1/campaigns/${campaign}/spend/${spend}`,
    `/v1/campaigns/${mine.campaign}/spend/${spend}`,
  ],
  'POST /v1/webhooks': () => [],
  'GET /v1/webhooks': () => [own('/v1/webhooks')],
  'GET /v1/webhooks/{id}': ({ webhook }) => [`/v1/webhooks/${webhook}`],
  'PATCH /v1/webhooks/{id}': ({ webhook }) => [
    { path: `/v1/webhooks/${webhook}`, body: { status: 'paused' } },
  ],
  'DELETE /v1/webhooks/{id}': ({ webhook }) => [`/v1/webhooks/${webhook}`],
  'POST /v1/webhooks/{id}/rotate-secret': ({ webhook }) => [`/v1/webhooks/${webhook}/rotate-secret`],
  'GET /v1/webhooks/{id}/attempts': ({ webhook }) => [`/v1/webhooks/${webhook}/attempts`],
  'POST /v1/webhooks/{id}/replay': ({ webhook }) => [
    { path: `/v1/webhooks/${webhook}/replay`, body: { since: '2026-01-01T00:00:00Z' } },
  ],
  'POST /v1/api-keys': () => [],
  'GET /v1/api-keys': ({ apiKey }) => [
    own('/v1/api-keys'),
    own(`/v1/api-keys?cursor=${encodeCursor(String(apiKey))}`),
  ],
  'DELETE /v1/api-keys/{id}': ({ apiKey }) => [`/v1/api-keys/${apiKey}`],
  // Only the operator's.
  'POST /v1/accounts': () => [own('/v1/accounts', { name: 'Other' }, 403)],
  'GET /v1/accounts': () => [own('/v1/accounts', undefined, 403)],
  'GET /v1/dead-letters': () => [
    own('/v1/dead-letters', undefined, 403),
    own('/v1/dead-letters?service=loyalty', undefined, 403),
  ],
  'GET /v1/dead-letters/{id}': () => [own('/v1/dead-letters/automation-1', undefined, 403)],
  'POST /v1/dead-letters/{id}/replay': () => [own('/v1/dead-letters/automation-1/replay', undefined, 403)],
  'POST /v1/workflows': ({ campaign, template, card }) =>
    [
      { issueCoupon: { campaignId: campaign } },
      { sendMessage: { templateId: template } },
      { awardPoints: { cardId: card, points: 1 } },
    ].map((step) => ({
      path: '/v1/workflows',
      body: { name: 'Other', trigger: { event: 'other' }, steps: [step] },
      status: 422,
    })),
  'GET /v1/workflows': () => [own('/v1/workflows')],
  'GET /v1/workflows/{id}': ({ workflow }) => [`/v1/workflows/${workflow}`],
  'PATCH /v1/workflows/{id}': ({ workflow }) => [
    { path: `/v1/workflows/${workflow}`, body: { status: 'paused' } },
  ],
  'DELETE /v1/workflows/{id}': ({ workflow }) => [`/v1/workflows/${workflow}`],
  'GET /v1/workflows/{id}/runs': ({ workflow }) => [`/v1/workflows/${workflow}/runs`],
  'GET /v1/workflows/{id}/runs/{runId}': ({ workflow, run }, mine) => [
    `/v1/workflows/${workflow}/runs/${run}`,
    `/v1/workflows/${mine.workflow}/runs/${run}`,
  ],
  'POST /v1/workflows/{id}/runs/{runId}/retry': ({ workflow, run }, mine) => [
    `/v1/workflows/${workflow}/runs/${run}/retry`,
    `/v1/workflows/${mine.workflow}/runs/${run}/retry`,
  ],
  'POST /v1/loyalty/cards': ({ rewards }) => [
    {
      path: '/v1/loyalty/cards',
      body: { name: 'Other', kind: 'stamps', rewards: [{ name: 'A coffee', cost: 5, campaignId: rewards }] },
      status: 422,
    },
  ],
  'GET /v1/loyalty/cards': () => [own('/v1/loyalty/cards')],
  'GET /v1/loyalty/cards/{id}': ({ card }) => [`/v1/loyalty/cards/${card}`],
  'PATCH /v1/loyalty/cards/{id}': ({ card }) => [
    { path: `/v1/loyalty/cards/${card}`, body: { name: 'Other' } },
  ],
  'POST /v1/loyalty/members': () => [own('/v1/loyalty/members', { ...person, firstName: 'Other' }, 409)],
  'GET /v1/loyalty/members': ({ card, number }) => [
    own('/v1/loyalty/members'),
    `/v1/loyalty/members?cardId=${card}`,
    ...['Ann', phone, person.email, person.externalId, number].map((text) =>
      own(`/v1/loyalty/members?q=${text}`),
    ),
  ],
  'GET /v1/loyalty/members/{id}': ({ member }) => [`/v1/loyalty/members/${member}`],
  'PATCH /v1/loyalty/members/{id}': ({ member }) => [
    { path: `/v1/loyalty/members/${member}`, body: { firstName: 'Other' } },
  ],
  'PUT /v1/loyalty/cards/{id}/members/{memberId}': onForeignCard(),
  'GET /v1/loyalty/cards/{id}/members/{memberId}': onForeignCard(),
  'GET /v1/loyalty/cards/{id}/numbers/{number}': ({ card, number }, mine) => [
    `/v1/loyalty/cards/${card}/numbers/${number}`,
    `/v1/loyalty/cards/${mine.card}/numbers/${number}`,
  ],
  'GET /v1/loyalty/cards/{id}/members': ({ card, number }, mine) => [
    `/v1/loyalty/cards/${card}/members`,
    `/v1/loyalty/cards/${card}/members?q=Ann`,
    own(`/v1/loyalty/cards/${mine.card}/members?q=${number}`),
  ],
  'POST /v1/loyalty/cards/{id}/members/{memberId}/points': onForeignCard('/points', { amount: 5 }),
  'POST /v1/loyalty/points': ({ card, number }, mine) => [
    { path: '/v1/loyalty/points', body: { cardId: card, number, amount: 5 } },
    { path: '/v1/loyalty/points', body: { cardId: mine.card, number, amount: 5 } },
    ...[{ phone: person.phone }, { email: person.email }, { externalId: person.externalId }].map(
      (member) => ({
        path: '/v1/loyalty/points',
        body: { cardId: card, ...member, amount: 5 },
      }),
    ),
    ...[{ email: person.email }, { externalId: person.externalId }].map((member) =>
      own('/v1/loyalty/points', { cardId: mine.card, ...member, amount: 1 }, 201),
    ),
    own(
      '/v1/loyalty/points',
      { cardId: mine.card, phone: person.phone, amount: 1, reference: 'till 1/9' },
      201,
    ),
  ],
  'GET /v1/loyalty/cards/{id}/members/{memberId}/ledger': onForeignCard('/ledger'),
  'POST /v1/loyalty/cards/{id}/members/{memberId}/rewards/{rewardId}/redeem': (theirs, mine) => [
    ...onForeignCard(`/rewards/${theirs.reward}/redeem`, {})(theirs, mine),
    {
      path: `/v1/loyalty/cards/${mine.card}/members/${mine.member}/rewards/${theirs.reward}/redeem`,
      body: {},
    },
  ],
  'POST /v1/claims': ({ claims }) => [
    { path: '/v1/claims', body: { campaignId: claims, recipient: { phone: '+447400100500' } } },
  ],
  'GET /v1/claims/form': ({ claims }) => [`/v1/claims/form?campaignId=${claims}`],
  'GET /v1/campaigns/{id}/claims': ({ claims }) => [`/v1/campaigns/${claims}/claims`],
  'POST /v1/campaigns/{id}/claims/resume': ({ claims }) => [`/v1/campaigns/${claims}/claims/resume`],
  'GET /v1/loyalty/cards/{id}/members/{memberId}/pass.pkpass': onForeignCard('/pass.pkpass'),
  'GET /v1/loyalty/cards/{id}/members/{memberId}/google-wallet': onForeignCard(
    '/google-wallet',
    undefined,
    409,
  ),
  'POST /v1/loyalty/cards/{id}/push': ({ card }) => [
    { path: `/v1/loyalty/cards/${card}/push`, body: { message: 'Other' } },
  ],
  'GET /v1/loyalty/cards/{id}/push/{jobId}': ({ card, push }, mine) => [
    `/v1/loyalty/cards/${card}/push/${push}`,
    `/v1/loyalty/cards/${mine.card}/push/${push}`,
  ],
  // The last one: it erases people whom both accounts know.
  'DELETE /v1/contacts/{contact}': () => [
    own(`/v1/contacts/${person.email}`, undefined, 202),
    own(`/v1/contacts/${phone}`, undefined, 202),
    own(`/v1/contacts/${person.externalId}?by=externalId`, undefined, 202),
    own(`/v1/contacts/${address}`, undefined, 202),
    own('/v1/contacts/stop@example.com', undefined, 202),
  ],
};

/** Their member on their card, their member on mine, my member on theirs. */
function onForeignCard(rest = '', body?: unknown, status?: number): Attempts {
  return (theirs, mine) =>
    [
      [theirs.card, theirs.member],
      [mine.card, theirs.member],
      [theirs.card, mine.member],
    ].map(([card, member]) => ({ path: `/v1/loyalty/cards/${card}/members/${member}${rest}`, body, status }));
}
