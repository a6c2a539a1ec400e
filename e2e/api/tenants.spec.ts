import { faultsOfAnArrival, faultsOfForeignAnswers, filtersTried, readsOf } from './foreign-answers';
import { foreignAttempts } from './foreign-attempts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts';

let two: TwoAccounts;
let system: TwoAccounts['system'];
let routes: { route: string; queries: string[] }[];

interface Operation {
  parameters?: { in: string; name: string }[];
}

beforeAll(async () => {
  two = await startTwoAccounts();
  system = two.system;
  const paths = (await system.get('/openapi.json')).body.paths as Record<string, Record<string, Operation>>;
  routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters = [] }]) => ({
      route: `${method.toUpperCase()} ${path}`,
      queries: parameters.filter((each) => each.in === 'query').map(({ name }) => name),
    })),
  );
}, 180_000);
afterAll(() => two?.stop());

describe("another account's things", () => {
  /** Query parameters that name nothing which an account has. */
  const unowned =
    'limit cursor status active channel lang service groupBy interval currency from to map column header'.split(
      ' ',
    );

  it('are asked for by every route of the API, with every parameter that can name one', () => {
    const tried = Object.keys(foreignAttempts).sort();
    expect(tried).toEqual(routes.map(({ route }) => route).sort());
    const untried = routes.map(({ route, queries }) => {
      const filters = filtersTried(route, two.theirs);
      return [route, queries.filter((name) => !unowned.includes(name) && !filters.includes(name))];
    });
    expect(untried.filter(([, names]) => names.length > 0)).toEqual([]);
  });

  it('change nothing of what an account has that came before, and nothing of what it reads', async () => {
    expect(await faultsOfAnArrival(two)).toEqual([]);
    // Some hundred requests, one after the other: half a minute on a quiet machine.
  }, 600_000);

  it('are there for the account that has them', async () => {
    const unread = Object.entries(await readsOf(two, two.theirs)).filter(([, answers]) =>
      answers.every((answer) => !answer.startsWith('200')),
    );
    // Some are only the operator's, and Google's wallet is not set up.
    expect(unread.map(([route]) => route)).toEqual([
      'GET /v1/accounts',
      'GET /v1/dead-letters',
      'GET /v1/dead-letters/{id}',
      'GET /v1/loyalty/cards/{id}/members/{memberId}/google-wallet',
    ]);
  }, 180_000);

  it('are not there, are in none of its lists, and stay as they are, though both have the same names', async () => {
    expect(await faultsOfForeignAnswers(two)).toEqual([]);
  }, 300_000);
});

it('nothing hostile in a request makes the system fail', async () => {
  const { body: campaign } = await system.post('/v1/campaigns', { name: "Robert'); drop table coupon;--" });
  const texts = [
    "'",
    '"',
    '\\',
    '%',
    '_',
    '${7*7}',
    '{{7*7}}',
    '<script>',
    '\u202e',
    '😀'.repeat(20),
    '=1+1',
    '../..',
    'x'.repeat(99),
    ' ',
    '\n',
  ];
  for (const text of texts) {
    const answers = await Promise.all([
      system.post('/v1/redemptions', { code: text, storeId: text, transactionRef: text }),
      system.post('/v1/validations', { code: text }),
      system.post('/v1/reservations', { code: text }),
      system.post('/v1/coupons', { campaignId: text.slice(0, 48), recipient: { externalId: text } }),
      system.post('/v1/coupons', {
        campaignId: campaign.id,
        recipient: { phone: text.slice(0, 50) },
        channel: 'sms',
      }),
      system.post('/v1/coupons', { campaignId: campaign.id, recipient: { email: text }, channel: 'email' }),
      system.post('/v1/coupons', {
        campaignId: campaign.id,
        recipient: { externalId: text, firstName: text },
        metadata: { [text.slice(0, 100)]: text },
      }),
      system.post('/v1/stores', { name: text }),
      system.post('/v1/suppressions', { channel: 'email', address: text }),
      system.get(`/v1/coupons?code=${encodeURIComponent(text)}&email=${encodeURIComponent(text)}`),
      system.get(`/v1/coupons?phone=${encodeURIComponent(text.slice(0, 50))}`),
      system.get(`/v1/coupons?cursor=${encodeURIComponent(text)}`),
      system.get(`/v1/campaigns?cursor=${encodeURIComponent(text)}`),
      system.get(`/v1/redemptions?cursor=${encodeURIComponent(text)}&code=${encodeURIComponent(text)}`),
      system.get(`/v1/stores?cursor=${encodeURIComponent(text)}`),
      system.get(`/v1/deliveries?cursor=${encodeURIComponent(text)}`),
      system.get(`/v1/suppressions?cursor=${encodeURIComponent(text)}&address=${encodeURIComponent(text)}`),
      system.get(`/v1/sandbox/messages?cursor=${encodeURIComponent(text)}&to=${encodeURIComponent(text)}`),
      system.get(`/v1/campaigns/${campaign.id}/codes?cursor=${encodeURIComponent(text)}`),
    ]);
    expect([text, answers.map(({ status }, i) => [i, status]).filter(([, status]) => status >= 500)]).toEqual(
      [text, []],
    );
  }
});
