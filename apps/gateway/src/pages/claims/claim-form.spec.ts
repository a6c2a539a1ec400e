import type { Campaign } from '@tearoff/contracts';
import { claimPage } from '../claim/claim.page';
import { languageOf } from '../coupon/texts/texts';
import { gamePage } from '../game/game.page';
import { aCampaign } from '../test/fixtures';
import { ClaimForms } from './claim-form';
import type { ClaimSettings } from './claim-settings';
import type { ProofOfWork } from './proof-of-work';

const forms = new ClaimForms({} as ProofOfWork, {} as ClaimSettings);
const language = languageOf('en');
const redemption = { minBasket: 2_000, currency: 'EUR' };

describe('the minimum of a basket', () => {
  it.each<[Campaign['type'], Campaign['offers']]>([
    ['direct', []],
    ['mystery', [{ id: 'off_1' }]],
    ['choice', [{ id: 'off_1', discount: { kind: 'percent', value: 10 } }, { id: 'off_2' }]],
  ])('is said before anything is claimed of a %s campaign', async (type, offers) => {
    const form = await forms.of(aCampaign({ type, offers, redemption }), language);
    expect(form.minBasket).toBe('On purchases of €20 or more');
    const { html } = claimPage(form, 'form', language, { action: '/o/x', entered: {} });
    expect(html).toContain('<li>On purchases of €20 or more</li>');
  });

  it('is said on the page of a game', () => {
    const campaign = aCampaign({ type: 'game', redemption });
    const { html } = gamePage({ state: 'ready' }, campaign, '/g/x', language);
    expect(html).toContain('<li>On purchases of €20 or more</li>');
    expect(gamePage({ state: 'ready' }, aCampaign(), '/g/x', language).html).not.toContain('On purchases');
  });
});
