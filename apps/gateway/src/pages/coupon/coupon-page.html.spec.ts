import { barcodeSymbologies } from '@tearoff/contracts';
import { everyState, issuedState, known, redeemedState } from '../test/fixtures';
import { couponPageView } from './coupon-page';
import { couponPage, noticePage } from './coupon-page.html';
import { languageOf } from './texts/texts';

const now = new Date();
const english = languageOf('en');
const pageOf = (...[coupon, owner]: [ReturnType<typeof known>, typeof issuedState]) =>
  couponPage(couponPageView(coupon, owner, now), english, now);

describe("the coupon's page", () => {
  it('shows a barcode and the code in readable groups while the coupon is valid', () => {
    const { html } = pageOf(known(), issuedState);
    expect(html).toContain('<span>K7PQ</span><span>4MWX</span><span>9ZRT</span>');
    expect(html).toMatch(/role="img"[^>]*>\s*<svg/);
    expect(html).toContain('25% off');
    expect(html).toContain('Show this at the till');
  });

  it.each(Object.entries(everyState()).filter(([state]) => state !== 'valid'))(
    'has no code and no barcode in its source when %s',
    (state, { known: coupon, owner }) => {
      const { html } = pageOf(coupon, owner);
      expect(html.replace(/\s/g, '')).not.toContain('K7PQ');
      expect(html).not.toContain('class="barcode');
      expect(html).toContain(`data-state="${state}"`);
    },
  );

  it('never shows the recipient, the token, an id or the internal name', () => {
    for (const { known: coupon, owner } of Object.values(everyState())) {
      const { html } = pageOf(coupon, owner);
      const { id, token, campaignId, accountId, recipient } = coupon.coupon;
      for (const secret of [id, token, campaignId, accountId, recipient.phone!, coupon.campaign.name])
        expect(html).not.toContain(secret);
    }
  });

  it('says when and where it was redeemed, in the zone of the campaign', () => {
    const { html } = pageOf(known(), redeemedState());
    expect(html).toContain('Used on 21 November 2025 at 14:05');
    expect(html).toContain('at Podil');
    expect(
      pageOf(known(), redeemedState({ storeId: null, storeName: null, channel: 'online' })).html,
    ).toContain('in the online shop');
  });

  it('gives link previews the offer and not the code', () => {
    const { html } = pageOf(
      known({ content: { title: 'One coffee', imageUrl: 'https://img.example/a.jpg' } }),
      issuedState,
    );
    const head = html.slice(0, html.indexOf('</head>'));
    expect(head).toContain('<meta property="og:title" content="One coffee"');
    expect(head).toContain('og:image" content="https://img.example/a.jpg"');
    expect(head).not.toMatch(/K7PQ|og:url/);
  });

  it('does no harm with hostile content in any field', () => {
    const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>' style='x'${'\u0000'}`;
    const coupon = known(
      {
        content: {
          title: hostile,
          description: hostile,
          terms: hostile,
          imageUrl: `https://e.example/${hostile.replaceAll('\0', '')}`,
          color: '#fff;}x',
        },
        discount: { kind: 'product', product: hostile },
      },
      { code: `A${hostile}`, recipient: { languageCode: hostile } },
    );
    for (const owner of [issuedState, redeemedState({ storeName: hostile })]) {
      const { html, headers } = pageOf(coupon, owner);
      expect(html.match(/<script/g)).toHaveLength(1);
      // What is left of the tags without their quoted values holds no attribute that came from outside.
      expect(html.replace(/"[^"]*"/g, '')).not.toMatch(/<[^>]*(onerror|alert|src=x)/);
      expect(html).not.toContain('\u0000');
      expect(html).not.toContain('#fff;}x');
      expect(headers['content-security-policy']).toMatch(/img-src 'self' https:\/\/e\.example;/);
    }
  });

  it('loads no picture from an address that is not the web', () => {
    const { html, headers } = pageOf(known({ content: { title: 'x', imageUrl: 'https://' } }), issuedState);
    expect(html).not.toContain('<img');
    expect(headers['content-security-policy']).toContain("img-src 'self';");
  });

  it.each(barcodeSymbologies)('stays under 30 kB with long texts and the longest code as %s', (barcode) => {
    const content = { title: 'T'.repeat(200), description: 'd '.repeat(2_000), terms: 't '.repeat(4_000) };
    const { html } = pageOf(known({ content, barcode }, { code: 'K7PQ4MWX9Z'.repeat(4) }), issuedState);
    expect(Buffer.byteLength(html)).toBeLessThan(30_000);
  });

  it('shows the code alone where its symbology cannot carry it, and no other barcode', () => {
    const { html } = pageOf(known({ barcode: 'ean13' }, { code: 'K7PQ4MWX9ZRT' }), issuedState);
    expect(html).not.toMatch(/class="barcode|<svg[^>]*viewBox="0 0 58/);
    expect(html).toContain('Show this at the till');
    expect(html).toContain('K7PQ');
  });

  it('is told in the language of the reader', () => {
    const face = couponPageView(known(), issuedState, now);
    const { html } = couponPage(face, languageOf(undefined, 'uk-UA', 'de'), now);
    expect(html).toContain('<html lang="uk"');
    expect(html).toContain('Покажіть на касі');
  });

  it('has a page for no coupon that gives nothing away', () => {
    const { html, headers } = noticePage('unknown', english, '/c/x');
    expect(html).toContain('No coupon here');
    expect(html).not.toContain('<script');
    expect(headers['x-robots-tag']).toBe('noindex, nofollow');
    expect(noticePage('away', english, '/c/x').html).toContain('Try again');
  });

  it('falls back to its own words where the campaign has none', () => {
    const { html } = pageOf(known({ content: {}, discount: null }), issuedState);
    expect(html).toContain('<h1 dir="auto">Your coupon</h1>');
  });
});
