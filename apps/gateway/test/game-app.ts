import {
  GetCampaign,
  GetPlayer,
  newId,
  notFound,
  Play,
  SendNotice,
  type Campaign,
  type PlayOutcome,
} from '@tearoff/contracts';
import { openMessaging } from '@tearoff/messaging';
import { openDatabase } from '@tearoff/service-kit';
import { SigningSecret } from '../src/access/signing/signing-secret';
import { entities, migrations } from '../src/database';
import { ClaimBreaker } from '../src/pages/claims/claim-breaker';
import { GameClaims } from '../src/pages/game/game-claims';
import { GameLinks } from '../src/pages/game/game-links';
import { aCampaign, aCoupon } from '../src/pages/test/fixtures';
import { startHarness, type Harness } from './harness';

type Registered = Exclude<PlayOutcome, { outcome: 'refused' }>;

/** A gateway, and a game behind it that is as a test sets it. */
export interface GameApp {
  harness: Harness;
  game: {
    campaign: Campaign;
    outcome: 'won' | 'lost';
    refused: (PlayOutcome & { outcome: 'refused' })['reason'] | null;
    limitReached: boolean;
    mayPlay: boolean;
    last: 'won' | 'lost' | null;
    nextPlayAt: string | null;
    repeated: boolean;
    plays: number;
  };
  claims: GameClaims;
  /** Registers a player and answers the link of their notice. */
  link(languageCode?: string): Promise<string>;
  close(): Promise<void>;
}

export const aGame = (changes: Partial<Campaign> = {}): Campaign =>
  aCampaign({
    type: 'game',
    content: { title: 'The daily scratch card', description: 'A new card every morning.', color: '#0b6b5d' },
    offers: [{ id: 'bun', content: { title: 'A cinnamon bun' }, discount: { kind: 'percent', value: 100 } }],
    game: { winChance: 0.5, per: 'day' },
    ...changes,
  });

export async function startGame(): Promise<GameApp> {
  const harness = await startHarness();
  const { others } = harness;
  const dataSource = await openDatabase({
    service: 'gateway',
    url: harness.databaseUrl,
    entities,
    migrations,
    poolSize: 2,
  });
  const messaging = await openMessaging({
    service: 'gateway',
    transport: others.transport,
    dataSource,
    answer: false,
  });
  const links = new GameLinks(new SigningSecret(dataSource), harness.gateway.url);
  const players = new Set<string>();
  const game: GameApp['game'] = {
    campaign: aGame(),
    outcome: 'won',
    refused: null,
    limitReached: false,
    mayPlay: true,
    last: null,
    nextPlayAt: '2026-11-23T22:00:00.000Z',
    repeated: false,
    plays: 0,
  };

  others.on(GetCampaign, () => ({ ...game.campaign, issued: 0, stock: null }));
  others.on(GetPlayer, ({ playerId }) => {
    if (!players.has(playerId)) return notFound('player.not_found', 'There is no such player.');
    const { accountId, id: campaignId } = game.campaign;
    return { accountId, campaignId, nextPlayAt: game.nextPlayAt, mayPlay: game.mayPlay, last: game.last };
  });
  others.on(Play, ({ playerId = newId('player'), recipient }): PlayOutcome => {
    game.plays++;
    players.add(playerId);
    const { refused, nextPlayAt } = game;
    if (refused) return { outcome: 'refused', reason: refused, message: refused, nextPlayAt };
    const played: Omit<Registered, 'outcome' | 'coupon'> = {
      repeated: game.repeated,
      playerId,
      linkDeliveryId: `dlv_${playerId.slice(4)}`,
      linkTo: recipient?.phone ?? '+447700900123',
      nextPlayAt,
    };
    if (game.outcome === 'lost') return { outcome: 'lost', ...played };
    return {
      outcome: 'won',
      ...played,
      coupon: aCoupon(game.campaign, { offerId: 'bun' }),
      limitReached: game.limitReached,
    };
  });
  others.on(SendNotice, () => ({ suppressed: false }));
  const claims = new GameClaims(messaging.commands, links, new ClaimBreaker(dataSource, messaging.outbox));
  return {
    harness,
    game,
    claims,
    link: async (languageCode) => {
      const { accountId, id: campaignId } = game.campaign;
      await claims.play({
        accountId,
        campaignId,
        recipient: { phone: '+447700900123', ...(languageCode && { languageCode }) },
        channel: 'sms',
        source: undefined,
        context: { correlationId: newId('event') },
      });
      game.plays = 0;
      return /https?:\S+$/.exec(others.askedFor(SendNotice).at(-1)!.text)![0];
    },
    close: async () => {
      await messaging.close();
      await dataSource.destroy();
      await harness.stop();
    },
  };
}
