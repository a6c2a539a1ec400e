import {
  CardChanged,
  CouponRedeemed,
  newId,
  PointsAwarded,
  PointsExpired,
  PointsSpent,
  RewardIssued,
  TierChanged,
} from '@tearoff/contracts';
import { describeWithBrowser, eventually } from '@tearoff/testing';
import type { Browser } from 'playwright-core';
import {
  aLoyaltyCard,
  anEntry,
  anIssuedReward,
  knownCard,
  type KnownCard,
} from '../../apps/gateway/src/pages/test/card.fixtures';
import { aCampaign, aCoupon, daysFromNow, redeemedState } from '../../apps/gateway/src/pages/test/fixtures';
import { WalletLinks } from '../../apps/gateway/src/pages/wallet-links';
import { scan } from '../wallets/scanner';
import { expectSound, faultsFoundByAxe, launch, phone, photograph, visit } from './browser';
import { openStream, type EventStream } from './event-stream';
import { startPages, type PagesApp } from './pages-app';

class Wallets extends WalletLinks {
  offered = { apple: true, google: true };
  away = false;
  forCard() {
    return this.away ? Promise.reject(new Error('away')) : Promise.resolve(this.offered);
  }
  forCoupon() {
    return this.offered;
  }
}

const quiet = { pollMs: 3_600_000, heartbeatMs: 3_600_000 };
const wallets = new Wallets();
let app: PagesApp;
beforeAll(async () => {
  app = await startPages(quiet, wallets);
});
afterAll(() => app.close());
beforeEach(() => {
  app.services.away.clear();
  wallets.away = false;
});

const show = (token: string, init?: RequestInit) => fetch(`${app.url}/l/${token}`, init);

const moved = ({ card, member }: KnownCard) => ({
  entryId: newId('entry'),
  accountId: card.accountId,
  cardId: card.id,
  memberId: member.id,
  points: 1,
  balance: 8,
  reference: null,
  reason: null,
  phone: null,
  email: null,
  externalId: null,
  at: new Date().toISOString(),
});

/** What their balance is now, without telling anyone. */
function settle(known: KnownCard, balance: number): KnownCard {
  const now = {
    ...known,
    enrolment: { ...known.enrolment, balance },
    entries: [anEntry(known.enrolment, { amount: balance - known.enrolment.balance }), ...known.entries],
  };
  app.services.putCard(now);
  return now;
}

/** With a coupon for a reward, in each state that it may be in. */
function everything(): KnownCard {
  const known = knownCard({
    card: {
      design: {
        title: 'Donaudampfschifffahrtsgesellschaftskapitänsmützen-Sammelkarte',
        description: 'A stamp for each cup.\nTen, and the next one is ours.',
        terms: 'A sentence of terms that goes on. '.repeat(20),
        color: '#ffd400',
        barcode: 'code128',
      },
    },
    enrolment: { tier: 'Gold', pending: 2, expiring: { points: 1, at: daysFromNow(20) } },
  });
  const [reward] = known.card.rewards;
  known.card.rewards.push(
    { ...reward, id: newId('reward'), name: 'A bun', cost: 5, automatic: false },
    { ...reward, id: newId('reward'), name: 'Breakfast for two, on a Sunday of your choice', cost: 25 },
  );
  const campaign = aCampaign();
  known.rewards = (['issued', 'redeemed', 'voided'] as const).map((status) => {
    const coupon = aCoupon(campaign, { status, token: `token-of-${status}`, code: `CODE-${status}` });
    app.services.putCoupon(coupon);
    return anIssuedReward(known.enrolment, reward, { couponId: coupon.id });
  });
  known.rewards.push(anIssuedReward(known.enrolment, reward, { status: 'granted' }));
  const kinds = ['award', 'spend', 'expire', 'reverse'] as const;
  known.entries = kinds.map((kind) => anEntry(known.enrolment, { kind, amount: kind === 'award' ? 1 : -3 }));
  return known;
}

describe('the card over HTTP', () => {
  it('is kept by no one, indexed by no one, and tells no one its address', async () => {
    const answer = await show(app.services.putCard(knownCard()));
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store, private',
      'x-robots-tag': 'noindex, nofollow',
      'referrer-policy': 'no-referrer',
    });
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; img-src 'self';/);
    expect(await answer.text()).toContain('<meta name="robots" content="noindex, nofollow"');
  });

  it.each(['unknownunknownunknown', 'a', '..%2f..%2fetc', '%00', 'x'.repeat(64), '%F0%9F%92%B8'])(
    'says the same 404 to anyone who guesses: %s',
    async (token) => {
      const nameless = (text: string) => text.replace(/nonce="[^"]+"/g, '');
      const [answer, other] = await Promise.all([show(token), show('anotheranotheranother')]);
      expect(answer.status).toBe(404);
      expect(nameless(await answer.text())).toBe(nameless(await other.text()));
    },
  );

  it('says that it is away when loyalty is, and does without its buttons when the wallets are', async () => {
    const token = app.services.putCard(knownCard());
    wallets.away = true;
    const alone = await show(token);
    expect([alone.status, (await alone.text()).includes('Wallet')]).toEqual([200, false]);
    app.services.away.add('loyalty');
    const answer = await show(token);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10']);
    expect(await answer.text()).toContain('Try again');
  });

  it('asks and changes nothing, anyone who looks', async () => {
    const token = app.services.putCard(everything());
    app.services.asked.length = 0;
    for (const method of ['GET', 'HEAD']) expect((await show(token, { method })).status).toBe(200);
    expect((await show(`${token}/events`, { method: 'HEAD' })).status).toBe(200);
    expect(new Set(app.services.asked)).toEqual(
      new Set(['loyalty.enrolment.page', 'issuance.coupon.get', 'redemption.state']),
    );
  });

  it("goes by redemption's word on a reward's coupon, and shows it as on its way while no one can be asked", async () => {
    const known = knownCard();
    const coupon = aCoupon(aCampaign(), { token: 'token-of-her-coupon', code: 'CODE-OWN' });
    app.services.putCoupon(coupon);
    known.rewards = [anIssuedReward(known.enrolment, known.card.rewards[0], { couponId: coupon.id })];
    const token = app.services.putCard(known);
    const text = async () => (await show(token)).text();
    expect(await text()).toContain('href="/c/token-of-her-coupon"');
    app.services.settle({ coupon, campaign: aCampaign() }, redeemedState());
    expect(await text()).not.toContain('href="/c/');
    app.services.away.add('issuance');
    expect(await text()).toContain('On its way');
  });

  it('speaks the language that is asked for, then theirs, then the browser’s', async () => {
    const lang = async (known: KnownCard, query = '') => {
      const answer = await show(app.services.putCard(known) + query, {
        headers: { 'accept-language': 'fr' },
      });
      return /<html lang="(\w+)"/.exec(await answer.text())![1];
    };
    expect(await lang(knownCard({ member: { languageCode: 'uk' } }))).toBe('uk');
    expect(await lang(knownCard({ member: { languageCode: 'uk' } }), '?lang=nl')).toBe('nl');
    expect(await lang(knownCard())).toBe('fr');
  });
});

describe('an open card', () => {
  const streams: EventStream[] = [];
  const versions = (stream: EventStream) => stream.text().match(/"version"/g)?.length ?? 0;
  const open = async (token: string): Promise<EventStream> => {
    const stream = await openStream(`${app.url}/l/${token}/events`);
    streams.push(stream);
    await eventually(() => expect(versions(stream)).toBe(1));
    return stream;
  };
  afterEach(() => {
    for (const stream of streams.splice(0)) stream.close();
  });

  it('is told of every movement, tier, reward and change of the card, and of no one else’s', async () => {
    let known = knownCard();
    const other = await open(app.services.putCard(knownCard()));
    const stream = await open(app.services.putCard(known));
    let told = 1;
    const hears = async (tell: () => void) => {
      known = settle(known, known.enrolment.balance + 1);
      tell();
      told++;
      await eventually(() => expect(versions(stream)).toBe(told));
    };
    for (const event of [PointsAwarded, PointsSpent, PointsExpired])
      await hears(() => app.services.tell(event, moved(known)));
    const { phone: _, ...who } = { ...moved(known), phone: null };
    await hears(() => app.services.tell(TierChanged, { ...who, phone: null, from: null, to: 'Gold' }));
    const issue = anIssuedReward(known.enrolment, known.card.rewards[0]);
    const { couponId, campaignId, rewardId, cost } = issue;
    await hears(() =>
      app.services.tell(RewardIssued, {
        ...moved(known),
        rewardIssueId: issue.id,
        rewardId,
        campaignId,
        couponId,
        cost,
      }),
    );
    await hears(() => app.services.tell(CardChanged, known.card));
    expect(versions(other)).toBe(1);
  });

  it('hears of a coupon that they were given while it was open', async () => {
    const known = knownCard();
    const stream = await open(app.services.putCard(known));
    const coupon = aCoupon(aCampaign(), { token: 'token-of-a-new-one', code: 'CODE-NEW' });
    app.services.putCoupon(coupon);
    known.rewards = [anIssuedReward(known.enrolment, known.card.rewards[0], { couponId: coupon.id })];
    app.services.tell(PointsSpent, moved(known));
    await eventually(() => expect(versions(stream)).toBe(2));
    app.services.settle({ coupon, campaign: aCampaign() }, redeemedState());
    app.services.tell(CouponRedeemed, {
      redemptionId: newId('redemption'),
      accountId: coupon.accountId,
      couponId: coupon.id,
      campaignId: coupon.campaignId,
      code: coupon.code,
      storeId: null,
      terminalId: null,
      channel: 'store',
      transactionRef: null,
      basket: null,
      discount: null,
      redeemedAt: new Date().toISOString(),
    });
    await eventually(() => expect(versions(stream)).toBe(3));
  });

  it('changes by itself when what is pending can be spent', async () => {
    const known = knownCard();
    known.entries = [anEntry(known.enrolment, { pendingUntil: new Date(Date.now() + 300).toISOString() })];
    const stream = await open(app.services.putCard(known));
    settle(known, 9);
    await eventually(() => expect(versions(stream)).toBe(2));
  });
});

describeWithBrowser('the card in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  const looks: [string, () => KnownCard][] = [
    ['stamps', () => knownCard()],
    ['everything', everything],
    ['closed', () => knownCard({ card: { active: false } })],
    [
      'points',
      () => {
        const [reward] = aLoyaltyCard().rewards;
        return knownCard({
          card: { kind: 'points', rewards: [{ ...reward, cost: 2_000, automatic: false }] },
          enrolment: { balance: 1_250 },
        });
      },
    ],
  ];
  it.each(looks)('is sound: %s', async (name, make) => {
    const token = app.services.putCard(make());
    await visit(browser, `${app.url}/l/${token}`, phone(), async (page) => {
      await page.locator('#live').waitFor();
      await expectSound(page, `card-${name}`);
    });
  });

  it('fits a narrow phone in every language', async () => {
    const token = app.services.putCard(everything());
    await visit(browser, `${app.url}/l/${token}`, phone(), async (page) => {
      for (const lang of ['en', 'de', 'es', 'fr', 'nl', 'uk']) {
        await page.goto(`${app.url}/l/${token}?lang=${lang}`);
        const width = await page.evaluate('document.documentElement.scrollWidth');
        expect([lang, width]).toEqual([lang, 320]);
        await photograph(page, `card-${lang}`);
      }
    });
  });

  it('shows a stamp within a second of the event, without being loaded again, and says so aloud', async () => {
    const known = knownCard();
    const token = app.services.putCard(known);
    await visit(browser, `${app.url}/l/${token}`, phone(), async (page) => {
      await page.locator('#live').waitFor();
      await page.evaluate('window.stillHere = true');
      settle(known, 8);
      app.services.tell(PointsAwarded, moved(known));
      await page.getByRole('img', { name: '8 of 10' }).waitFor({ timeout: 1_000 });
      expect(await page.locator('#said').textContent()).toContain('8 stamps');
      expect(await page.evaluate('window.stillHere')).toBe(true);
      expect(await faultsFoundByAxe(page)).toEqual([]);
    });
  });

  it('needs no script: the same page, and the truth on loading it again', async () => {
    const known = knownCard();
    const token = app.services.putCard(known);
    await visit(browser, `${app.url}/l/${token}`, phone({ javaScriptEnabled: false }), async (page) => {
      expect(await page.locator('.stamped').count()).toBe(7);
      expect(await scan(await page.locator('.barcode svg').screenshot())).toEqual({
        format: 'QRCode',
        text: known.enrolment.number,
      });
      expect(await page.locator('#live').isVisible()).toBe(false);
      settle(known, 9);
      await page.reload();
      expect(await page.locator('.stamped').count()).toBe(9);
    });
  });
});
