import { barcodeSymbologies, type Coupon } from '@tearoff/contracts';
import { languageOf } from '../coupon/texts/texts';
import { aCampaign, aCoupon, daysFromNow } from '../test/fixtures';
import { aLoyaltyCard, anEntry, anIssuedReward, knownCard, type KnownCard } from '../test/card.fixtures';
import { cardNotice, cardPage } from './card.page';
import { counted } from './card.words';
import { liveCardOf } from './live-card';
import { cardTextsOf } from './texts/texts';

const now = new Date();
const english = languageOf('en');
const none = { apple: false, google: false };
const liveOf = (known: KnownCard, coupons: Coupon[] = [], wallets = none) =>
  liveCardOf(known, new Map(coupons.map((coupon) => [coupon.id, coupon])), wallets, now);
const pageOf = (known: KnownCard, coupons: Coupon[] = [], wallets = none, language = english) =>
  cardPage(liveOf(known, coupons, wallets), known.enrolment.token, language);

describe("the member's card", () => {
  it('draws the stamps up to the next reward, and says them in words', () => {
    const { html } = pageOf(knownCard());
    expect(html.match(/class="stamped"/g)).toHaveLength(7);
    expect(html.match(/class="empty"/g)).toHaveLength(3);
    expect(html).toContain('aria-label="7 of 10"');
    expect(html).toContain('7 stamps');
    expect(html).toContain('3 stamps to go');
  });

  it('draws up to the reward after the one that is reached', () => {
    const [coffee] = aLoyaltyCard().rewards;
    const known = knownCard({
      card: { rewards: [{ ...coffee, automatic: false, cost: 5 }, coffee] },
      enrolment: { balance: 6 },
    });
    const { html } = pageOf(known);
    expect(html).toContain('aria-label="6 of 10"');
    expect(html).toContain('Within your reach');
  });

  it('shows many points as a number and a bar', () => {
    const [coffee] = aLoyaltyCard().rewards;
    const card = { kind: 'points' as const, rewards: [{ ...coffee, cost: 5_000 }] };
    const { html } = pageOf(knownCard({ card, enrolment: { balance: 1_250 } }));
    expect(html).toContain('1,250 points');
    expect(html).toContain('class="done" width="25"');
    expect(html).not.toContain('class="stamps"');
  });

  it('has the number as a barcode and in groups that can be read aloud', () => {
    const { html } = pageOf(knownCard());
    expect(html).toMatch(/class="barcode square"[^>]*>\s*<svg/);
    expect(html).toContain('<span>4711</span><span>081</span><span>512</span><span>347</span>');
  });

  it('tells the tier, what is pending, what runs out and what happened, in the zone of the card', () => {
    const known = knownCard({
      enrolment: {
        tier: 'Gold',
        pending: 2,
        // 30 November ends in Kyiv.
        expiring: { points: 1, at: '2099-11-30T22:00:00.000Z' },
      },
    });
    known.entries.push(
      anEntry(known.enrolment, { kind: 'spend', amount: -10, at: '2025-11-20T23:05:00.000Z' }),
    );
    const { html } = pageOf(known);
    expect(html).toContain('Level: Gold');
    expect(html).toContain('On the way: 2 stamps');
    expect(html).toMatch(/Expiring on Monday,? 30 November 2099: 1 stamp</);
    expect(html).toMatch(/\+1<\/b>\s*<span>Collected<\/span>\s*<span class="day">21 Nov 2025/);
    expect(html).toMatch(/-10<\/b>\s*<span>Spent<\/span>\s*<span class="day">21 Nov 2025/);
  });

  it.each([
    ['en', 'Owed after a return: 2 stamps.'],
    ['de', 'Noch offen nach einer Rückgabe: 2 Stempel.'],
    ['es', 'Pendiente por una devolución: 2 sellos.'],
    ['fr', 'À compenser après un retour : 2 tampons.'],
    ['nl', 'Nog te verrekenen na een retour: 2 stempels.'],
    ['uk', 'Борг після повернення: 2 штампи.'],
  ])('tells a debt in %s, and says nothing of none', (lang, words) => {
    const language = languageOf(lang);
    const page = (debt?: number) => pageOf(knownCard({ enrolment: { debt } }), [], none, language).html;
    expect(page(2)).toContain(words);
    expect([page(0), page()].map((html) => html.includes(words.split(':')[0]))).toEqual([false, false]);
  });

  it('leads to the coupons that can be used, and shows the others as what they are', () => {
    const known = knownCard();
    const [reward] = known.card.rewards;
    const statuses = ['issued', 'redeemed', 'voided', 'expired'] as const;
    const coupons = statuses.map((status) => aCoupon(aCampaign(), { status, token: `token-of-${status}` }));
    known.rewards = [
      ...coupons.map(({ id: couponId }, index) =>
        anIssuedReward(known.enrolment, { ...reward, name: `Reward ${statuses[index]}` }, { couponId }),
      ),
      anIssuedReward(known.enrolment, { ...reward, name: 'Reward granted' }, { status: 'granted' }),
      anIssuedReward(known.enrolment, { ...reward, name: 'Reward refused' }, { status: 'refused' }),
      anIssuedReward(known.enrolment, { ...reward, name: 'Reward returned' }, { status: 'returned' }),
    ];
    const { html } = pageOf(known, coupons);
    expect(html.match(/href="\/c\/[^"]+"/g)).toEqual(['href="/c/token-of-issued"']);
    const words = (name: string) => new RegExp(`Reward ${name}</span>\\s*<em>([^<]+)`).exec(html)?.[1];
    expect(['redeemed', 'voided', 'expired', 'granted', 'refused', 'returned'].map(words)).toEqual([
      'Redeemed',
      'Withdrawn',
      'Expired',
      'On its way',
      undefined,
      'Withdrawn',
    ]);
  });

  it('has the buttons of the wallets that are there, and no others', () => {
    const known = knownCard();
    const { token } = known.enrolment;
    const both = pageOf(known, [], { apple: true, google: true }).html;
    expect(both).toContain(`<a href="/l/${token}/pass.pkpass">Add to Apple Wallet</a>`);
    expect(both).toContain(`<a href="/l/${token}/google-wallet">Save to Google Wallet</a>`);
    const { html } = pageOf(known);
    expect(html).not.toMatch(/Wallet|pkpass/);
    expect(html).not.toContain(token);
  });

  it('that is not active says so, keeps the balance, and shows no barcode', () => {
    const { html } = pageOf(knownCard({ card: { active: false } }), [], { apple: true, google: true });
    expect(html).toContain('data-state="closed"');
    expect(html).toContain('taking a break');
    expect(html).toContain('7 stamps');
    expect(html).not.toMatch(/class="barcode|471108|Wallet/);
  });

  it('never shows who they are, an id, a reference or the internal name', () => {
    const known = knownCard({ member: { languageCode: 'en' } });
    const { html } = pageOf(known);
    const { id, accountId, phone, email, externalId, lastName, city } = known.member;
    const secrets = [id, accountId, phone, email, externalId, lastName, city, known.card.id, known.card.name];
    for (const secret of [...secrets, 'receipt-secret', known.entries[0].id])
      expect([secret, html.includes(secret!)]).toEqual([secret, false]);
  });

  it('does no harm with hostile words in any field', () => {
    const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>' style='x'${'\u0000'}`;
    const [reward] = aLoyaltyCard().rewards;
    const known = knownCard({
      card: {
        design: {
          title: hostile,
          description: hostile,
          terms: hostile,
          imageUrl: `https://e.example/${hostile.replaceAll('\0', '')}`,
          logoUrl: 'javascript:alert(3)',
          color: '#fff;}x',
          textColor: '#000;}y',
        },
        rewards: [{ ...reward, name: hostile }],
      },
      member: { languageCode: hostile },
      enrolment: { tier: hostile },
    });
    known.rewards = [anIssuedReward(known.enrolment, known.card.rewards[0])];
    const coupon = aCoupon(aCampaign(), { id: known.rewards[0].couponId });
    const { html, headers } = pageOf(known, [coupon]);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html.replace(/"[^"]*"/g, '')).not.toMatch(/<[^>]*(onerror|alert|src=x)/);
    expect(html).not.toContain('\u0000');
    expect(html).not.toMatch(/#fff;\}x|#000;\}y|javascript:/);
    expect(headers['content-security-policy']).toMatch(/img-src 'self' https:\/\/e\.example;/);
  });

  it.each(barcodeSymbologies)('stays under 30 kB with all that a member may have, as %s', (barcode) => {
    const [reward] = aLoyaltyCard().rewards;
    const rewards = Array.from({ length: 12 }, (_, i) => ({
      ...reward,
      name: `Reward number ${i}`,
      cost: 30 + i,
    }));
    const known = knownCard({
      card: { rewards, design: { title: 'T'.repeat(200), description: 'd '.repeat(1_000), barcode } },
      enrolment: { balance: 29, tier: 'Gold', pending: 1 },
    });
    known.entries = Array.from({ length: 20 }, () => anEntry(known.enrolment));
    known.rewards = Array.from({ length: 10 }, () => anIssuedReward(known.enrolment, reward));
    const coupons = known.rewards.map(({ couponId }) => aCoupon(aCampaign(), { id: couponId }));
    const { html } = pageOf(known, coupons, { apple: true, google: true });
    expect(Buffer.byteLength(html)).toBeLessThan(30_000);
  });

  it('counts as each language does', () => {
    const say = (lang: string, count: number) => {
      const language = languageOf(lang);
      return counted(count, cardTextsOf(language).points, language.locale);
    };
    expect([1, 2, 5, 21, 11].map((count) => say('uk', count))).toEqual([
      '1 бал',
      '2 бали',
      '5 балів',
      '21 бал',
      '11 балів',
    ]);
    expect([say('fr', 0), say('en', 0), say('de', 1), say('nl', 2), say('es', 1)]).toEqual([
      '0 point',
      '0 points',
      '1 Punkt',
      '2 punten',
      '1 punto',
    ]);
  });

  it('changes its version with what it shows, and knows when time changes it', () => {
    const known = knownCard();
    const same = liveOf(known).version;
    expect(liveOf(structuredClone(known)).version).toBe(same);
    expect(liveOf({ ...known, enrolment: { ...known.enrolment, balance: 8 } }).version).not.toBe(same);
    expect(liveOf(known, [], { apple: true, google: false }).version).not.toBe(same);
    const [tomorrow, later] = [daysFromNow(1), daysFromNow(9)];
    known.enrolment.expiring = { points: 1, at: later };
    known.entries = [
      anEntry(known.enrolment, { pendingUntil: tomorrow }),
      anEntry(known.enrolment, { pendingUntil: daysFromNow(-1) }),
    ];
    expect(liveOf(known).changesAt).toEqual(new Date(tomorrow));
  });

  it('has a page for no card that gives nothing away', () => {
    const { html, headers } = cardNotice('unknown', english, '/l/x');
    expect(html).toContain('No card here');
    expect(html).not.toContain('<script');
    expect(headers['x-robots-tag']).toBe('noindex, nofollow');
    expect(cardNotice('away', languageOf('de'), '/l/x').html).toContain('Noch einmal versuchen');
  });
});
