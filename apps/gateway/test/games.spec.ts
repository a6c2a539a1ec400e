import { GetPlayer, newId, Play, SendNotice, unavailable } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { aGame, startGame, type GameApp } from './game-app';

describe('a game', () => {
  let app: GameApp;
  let fresh: GameApp['game'];
  let link: string;
  beforeAll(async () => {
    app = await startGame();
    fresh = { ...app.game };
    link = await app.link();
  });
  afterAll(() => app.close());
  beforeEach(() => void Object.assign(app.game, fresh));

  const open = (url = link, init: RequestInit = {}) => fetch(url, init);
  const play = (url = link, headers: Record<string, string> = { accept: 'application/json' }) =>
    fetch(`${url}/play`, { method: 'POST', headers });
  const notices = () => app.harness.others.askedFor(SendNotice);

  describe('by the number that was typed', () => {
    const claim = (changes: { languageCode?: string; channel?: 'sms' | 'email' } = {}) => {
      const { accountId, id: campaignId } = app.game.campaign;
      const { languageCode, channel = 'sms' } = changes;
      return app.claims.play({
        accountId,
        campaignId,
        recipient: { phone: '+447700900123', ...(languageCode && { languageCode }) },
        channel,
        source: { site: 'example.com' },
        context: { correlationId: newId('event') },
      });
    };

    it('answers won or lost, no code, and sends the link in their language', async () => {
      expect(await claim({ languageCode: 'de-AT' })).toEqual({
        status: 'won',
        nextPlayAt: '2026-11-23T22:00:00.000Z',
      });
      app.game.outcome = 'lost';
      expect(await claim()).toMatchObject({ status: 'lost' });
      const [german, english] = notices().slice(-2);
      expect(german).toMatchObject({ channel: 'sms', to: '+447700900123' });
      expect(german.text).toMatch(/^The daily scratch card: Hier spielen Sie wieder.* http\S+\/g\/\w+/);
      expect(english.text).toContain('play again here');
      expect(app.harness.others.askedFor(Play).at(-1)).toMatchObject({ source: { site: 'example.com' } });
    });

    it('sends no link where there is no next play', async () => {
      const sent = notices().length;
      app.game.nextPlayAt = null;
      expect(await claim()).toEqual({ status: 'won', nextPlayAt: null });
      expect(notices()).toHaveLength(sent);
    });

    it.each(['recipient.suppressed', 'recipient.limit_reached'] as const)(
      'tells anyone who types a number no more than a loss of %s',
      async (reason) => {
        app.game.outcome = 'lost';
        const loss = await claim();
        app.game.refused = reason;
        expect(await claim()).toEqual(loss);
      },
    );

    it('says nothing of what someone has won before: in a game that is seldom won that would tell who holds a coupon', async () => {
      app.game.limitReached = true;
      expect(await claim()).toEqual({ status: 'lost', nextPlayAt: '2026-11-23T22:00:00.000Z' });
    });

    it('counts its link and its coupon as messages, followed once they come by the link', async () => {
      const gate = async () => {
        const path = `/v1/campaigns/${app.game.campaign.id}/claims`;
        return (await app.harness.call('GET', path)).body as { served: number; opened: number };
      };
      const before = await gate();
      await claim();
      expect(await gate()).toMatchObject({ served: before.served + 2, opened: before.opened });
      const url = /https?:\S+$/.exec(notices().at(-1)!.text)![0];
      await open(url, { headers: { 'user-agent': 'WhatsApp/2.23' } });
      await open(url, { headers: { 'user-agent': 'Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile' } });
      await eventually(async () => expect(await gate()).toMatchObject({ opened: before.opened + 1 }));
    });

    it('fails with the reason that is the campaign’s own', async () => {
      app.game.refused = 'campaign.ended';
      await expect(claim()).rejects.toMatchObject({ code: 'campaign.ended', kind: 'conflict' });
    });

    it('fails when the link could not be sent, so that it is tried again', async () => {
      app.harness.others.on(SendNotice, () => unavailable('service.unavailable', 'away'));
      await expect(claim()).rejects.toMatchObject({ kind: 'unavailable' });
      app.harness.others.on(SendNotice, () => ({ suppressed: false }));
    });
  });

  it('is played by a POST alone: looking at the page, as link previews do, plays nothing', async () => {
    for (const init of [{}, { method: 'HEAD' }, { headers: { accept: 'application/json' } }]) {
      const answer = await open(link, init);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
    expect((await open(`${link}/play`)).status).toBe(405);
    expect(app.game.plays).toBe(0);
    expect((await play()).status).toBe(200);
    expect(app.game.plays).toBe(1);
  });

  it('holds no outcome in the page that can be scratched, and no number', async () => {
    const page = await (await open()).text();
    expect(page).not.toMatch(/cinnamon|won!|447700|cpn_|ply_|internal name/);
    expect(Buffer.byteLength(page)).toBeLessThan(30_000);
  });

  it('answers its script with words and the form with a page, and neither with a code', async () => {
    const json = await play();
    expect(json.headers.get('cache-control')).toContain('no-store');
    const said = (await json.json()) as Record<string, string>;
    expect(said).toMatchObject({ state: 'won', headline: 'You have won!' });
    expect(said.says).toContain('A cinnamon bun');
    const form = await play(link, {
      'content-type': 'application/x-www-form-urlencoded',
      'accept-language': 'uk',
    });
    const page = await form.text();
    expect(page).toContain('Ви виграли!');
    for (const text of [JSON.stringify(said), page]) {
      expect(text).not.toMatch(/K7PQ|Tq3vZ9mXw2LrK8sYb1Nc4A|447700/);
    }
  });

  it('keeps the language that was wished for, also through its form without script', async () => {
    const formOf = (page: string) => /<form[^>]*action="([^"]+)"/.exec(page)![1];
    const action = formOf(await (await open(`${link}?lang=uk`)).text());
    const played = await fetch(new URL(action, link), {
      method: 'POST',
      headers: { 'accept-language': 'de' },
    });
    expect(await played.text()).toContain('Ви виграли!');
  });

  it('lets a player who has won say that their coupon has not arrived, and no one else', async () => {
    const form = async () => {
      const page = await (await open()).text();
      return /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
    };
    Object.assign(app.game, { mayPlay: false, last: 'lost' });
    expect(await form()).toBeUndefined();
    app.game.last = 'won';
    app.game.repeated = true;
    const again = await fetch(new URL((await form())!, link), { method: 'POST' });
    expect(await again.text()).toContain('it is sent once more');
    expect(app.game.plays).toBe(1);
    app.game.campaign = aGame({ status: 'ended' });
    expect(await form()).toBeUndefined();
  });

  it('speaks of e-mail where the game writes e-mails', async () => {
    app.game.campaign = aGame({ claim: { channel: 'email' } });
    expect(await (await play()).text()).toContain('by e-mail');
    expect(app.harness.others.askedFor(Play).at(-1)).toMatchObject({ channel: 'email' });
  });

  it.each([
    ['campaign.ended', 'ended'],
    ['campaign.not_active', 'paused'],
    ['recipient.limit_reached', 'played'],
    ['recipient.suppressed', 'stopped'],
  ] as const)('says when a play was refused: %s', async (reason, state) => {
    app.game.refused = reason;
    expect(await (await play()).json()).toMatchObject({ state });
  });

  it('says when it begins', async () => {
    app.game.mayPlay = false;
    app.game.campaign = aGame({ validity: { startsAt: '2099-05-01T09:00:00Z' } });
    expect(await (await open()).text()).toContain('begins on 1 May 2099 at 12:00');
  });

  it('does no harm with a prize of hostile words', async () => {
    const hostile = `<img src=x onerror="alert(1)">`;
    app.game.campaign = aGame({ offers: [{ id: 'bun', content: { title: hostile } }] });
    const { html } = (await (await play()).json()) as { html: string };
    expect(html).toContain('&lt;img');
    expect(html).not.toContain('<img');
  });

  describe('by a link that is not theirs', () => {
    const tokenOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

    it('knows neither a forged signature, nor another player’s under it, nor anything else', async () => {
      const token = tokenOf(link);
      const other = tokenOf(await app.link());
      app.game.plays = 0;
      const forged = [
        token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A'),
        other.slice(0, -22) + token.slice(-22),
        token.slice(0, -22),
        token.slice(1),
        `${token}A`,
        token.toUpperCase(),
        'a'.repeat(48),
        '%00',
        "'; drop table player; --",
      ];
      const asked = app.harness.others.askedFor(GetPlayer).length;
      for (const one of forged) {
        const url = `${app.harness.gateway.url}/g/${encodeURIComponent(one)}`;
        expect([one, (await open(url)).status, (await play(url)).status]).toEqual([one, 404, 404]);
      }
      expect(app.game.plays).toBe(0);
      expect(app.harness.others.askedFor(GetPlayer)).toHaveLength(asked);
    });
  });

  it('asks for patience while issuance is away, and leads back to the card', async () => {
    app.harness.others.on(GetPlayer, () => unavailable('service.unavailable', 'away'));
    const asked = ['', '/play'].map((path) =>
      fetch(`${link}${path}?lang=uk`, { method: path ? 'POST' : 'GET', headers: { accept: 'text/html' } }),
    );
    for (const answer of await Promise.all(asked)) {
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10']);
      const again = /<a href="([^"]+)"/.exec(await answer.text())![1];
      expect(new URL(again, link).href).toBe(`${link}?lang=uk`);
    }
  });
});
