import { newId, Play, SendNotice, unavailable, type Campaign, type PlayOutcome } from '@tearoff/contracts';
import { aCoupon } from '../src/pages/test/fixtures';
import { ClaimsWorld } from './claims.world';

let world: ClaimsWorld;
let game: Campaign;
let outcome: (PlayOutcome & { outcome: string })['outcome'];
let nextPlayAt: string | null;

beforeAll(async () => {
  world = await ClaimsWorld.start();
  const content = { title: 'The daily scratch card', description: 'A new card every morning.' };
  game = world.campaign({}, { type: 'game', content, game: { winChance: 0.5, per: 'day' } });
});
afterAll(() => world?.stop());
beforeEach(() => {
  world.harness.others.reset();
  world.answer();
  outcome = 'lost';
  nextPlayAt = '2026-11-23T22:00:00.000Z';
  const playerId = newId('player');
  const about = { repeated: false, playerId, linkDeliveryId: newId('delivery'), linkTo: '+447400123456' };
  world.harness.others.on(Play, (): PlayOutcome => {
    if (outcome === 'refused')
      return { outcome, reason: 'recipient.suppressed', message: 'must not be written to', nextPlayAt };
    if (outcome === 'lost') return { outcome, ...about, nextPlayAt };
    const coupon = aCoupon(game, { delivery: { id: newId('delivery'), channel: 'sms', status: 'queued' } });
    return { outcome, ...about, nextPlayAt, coupon };
  });
});

const phone = '07400 123456';
const play = async (query = '', headers = {}): Promise<string> =>
  (await world.post(game, { phone }, query, headers)).body as string;

describe('a game on the hosted page', () => {
  it.each([
    ['en', 'Play', 'You have won!', 'Not this time', 'You can play again from 24 November 2026 at 00:00.'],
    [
      'de',
      'Spielen',
      'Sie haben gewonnen!',
      'Diesmal nicht',
      'Sie können wieder spielen ab 24. November 2026',
    ],
    [
      'es',
      'Jugar',
      '¡Ha ganado!',
      'Esta vez no',
      'Puede volver a jugar a partir del 24 de noviembre de 2026',
    ],
    [
      'fr',
      'Jouer',
      'Vous avez gagné !',
      'Pas cette fois',
      'Vous pourrez rejouer à partir du 24 novembre 2026',
    ],
    ['nl', 'Spelen', 'U hebt gewonnen!', 'Deze keer niet', 'U kunt weer spelen vanaf 24 november 2026'],
    ['uk', 'Грати', 'Ви виграли!', 'Цього разу ні', 'Знову зіграти можна з 24 листопада 2026'],
  ])('says what it came to and when the next play is, in %s', async (lang, button, won, lost, next) => {
    const headers = { 'accept-language': lang };
    const form = await world.harness.call('GET', `/o/${game.id}`, { as: null, headers });
    expect((form.body as string).replace(/\s+/g, ' ')).toMatch(new RegExp(`<button[^>]*>\\s*${button}\\s*<`));
    const lose = await play('', headers);
    outcome = 'won';
    const win = await play('', headers);
    for (const [page, headline] of [
      [lose, lost],
      [win, won],
    ]) {
      expect(page).toContain(`<html lang="${lang}"`);
      expect(page).toContain(headline);
      expect(page).toContain(next);
      expect(page).not.toMatch(/\{moment\}|undefined|\[object|K7PQ|Tq3vZ9mXw2LrK8sYb1Nc4A/);
    }
  });

  it('speaks of no link where there is no next play, nor sends one', async () => {
    nextPlayAt = null;
    const page = await play();
    expect(page).toContain('Thank you for playing.');
    expect(page).not.toContain('The link for it');
    expect(world.harness.others.askedFor(SendNotice)).toEqual([]);
  });

  it('tells anyone who types a number nothing of someone who must not be written to, byte for byte', async () => {
    const bare = (page: string) => page.replace(/nonce="[^"]+"/g, '');
    const lost = bare(await play());
    outcome = 'refused';
    expect(bare(await play())).toBe(lost);
    expect(lost).toContain('Not this time');
  });

  it('is closed before it begins', async () => {
    const early = world.campaign(
      {},
      { ...game, id: newId('campaign'), validity: { startsAt: '2099-01-01T00:00:00Z' } },
    );
    const page = await world.harness.call('GET', `/o/${early.id}`, { as: null });
    expect(page.body).not.toContain('<form');
    expect(await world.claim(early)).toMatchObject({ status: 409, body: { code: 'campaign.not_active' } });
  });

  it('leaves their passcode good when the play did not get through, and takes it once', async () => {
    const guarded = world.campaign(
      {},
      { ...game, id: newId('campaign'), claim: { ...game.claim, passcode: true } },
    );
    await world.claim(guarded);
    await world.settled();
    const passcode = /\d{6}/.exec(world.harness.others.askedFor(SendNotice).at(-1)!.text)![0];
    world.harness.others.on(Play, () => unavailable('service.unavailable', 'away'));
    expect((await world.claim(guarded, { passcode })).status).toBe(503);
    world.harness.others.on(Play, (): PlayOutcome => {
      const about = { playerId: newId('player'), linkDeliveryId: newId('delivery'), linkTo: '+447400123456' };
      return { outcome: 'lost', repeated: false, ...about, nextPlayAt: null };
    });
    expect(await world.claim(guarded, { passcode })).toMatchObject({
      status: 200,
      body: { status: 'lost', nextPlayAt: null },
    });
    expect((await world.claim(guarded, { passcode })).body.code).toBe('claim.passcode_wrong');
  });
});

describe('a game in the widget', () => {
  it('is told all it has to say', async () => {
    const { body } = await world.form(game, { 'accept-language': 'de-AT' });
    expect(body).toMatchObject({
      lead: expect.stringContaining('SMS'),
      texts: { get: 'Spielen' },
      played: {
        won: expect.arrayContaining(['Sie haben gewonnen!']),
        lost: expect.arrayContaining(['Diesmal nicht']),
        next: expect.arrayContaining(['Sie können wieder spielen ab {moment}.']),
        locale: 'de-AT',
        format: { timeZone: game.timezone },
      },
    });
    expect((await world.form(world.campaign())).body).not.toHaveProperty('played');
  });
});
