import { newId } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import type { EntityManager } from 'typeorm';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import { readPlayers, readPlays, writeKeys, writePlayers, writePlays, type PlayRow } from './play.sql';
import type { PlayerEntity } from './player.entity';
import type { EligiblePlay } from './eligible-play';

/** What was drawn for someone in one period. */
export type Draw = Omit<PlayRow, 'playerId' | 'period'>;

/** Who has played what in one period of one game, including what this batch is about to write. */
export class PlayerBook {
  private readonly players = new Map<string, PlayerEntity>();
  private readonly byKey = new Map<string, Set<string>>();
  private readonly drawn = new Map<string, Draw>();
  private readonly fresh = {
    players: [] as PlayerEntity[],
    keys: [] as [key: string, playerId: string][],
    plays: [] as { playerId: string; draw: Draw }[],
  };

  private constructor(
    private readonly campaign: CampaignEntity,
    private readonly period: string,
    private readonly now: Date,
  ) {}

  static async open(
    tx: EntityManager,
    campaign: CampaignEntity,
    who: readonly Pick<EligiblePlay, 'keys' | 'player'>[],
    { period, now }: { period: string; now: Date },
  ): Promise<PlayerBook> {
    const book = new PlayerBook(campaign, period, now);
    const rows = await readPlayers(
      tx,
      campaign.id,
      who.flatMap(({ keys }) => keys),
    );
    for (const { key, ...player } of rows) {
      book.players.set(player.id, player);
      book.idsOf(key).add(player.id);
    }
    for (const { player } of who) if (player) book.players.set(player.id, player);
    const plays = await readPlays(tx, [...book.players.keys()], period);
    for (const { playerId, ...draw } of plays) book.drawn.set(playerId, draw);
    return book;
  }

  /**
   * Their players, the one they are answered as first: the one they came as, else the oldest. One is made for a
   * person unknown so far; from now on all of them are found under each of their names.
   */
  of({ keys, player, recipient }: EligiblePlay): PlayerEntity[] {
    const found = this.known(keys);
    if (found.length === 0 && !player) found.push(this.add(recipient));
    const ids = new Set([...(player ? [player.id] : []), ...found.map(({ id }) => id)]);
    for (const key of keys)
      for (const id of ids) {
        if (this.idsOf(key).has(id)) continue;
        this.idsOf(key).add(id);
        this.fresh.keys.push([key, id]);
      }
    return [...ids].map((id) => this.players.get(id)!);
  }

  known(keys: readonly string[]): PlayerEntity[] {
    const ids = new Set(keys.flatMap((key) => [...this.idsOf(key)]));
    return [...ids].sort().map((id) => this.players.get(id)!);
  }

  drawOf(players: readonly PlayerEntity[]): Draw | undefined {
    return players.map(({ id }) => this.drawn.get(id)).find((draw) => draw !== undefined);
  }

  /** For all of their players. The draw may be completed until `write`. */
  record(players: readonly PlayerEntity[], draw: Draw): void {
    for (const { id: playerId } of players) {
      this.drawn.set(playerId, draw);
      this.fresh.plays.push({ playerId, draw });
    }
  }

  async write(tx: Transaction): Promise<void> {
    const { players, keys, plays } = this.fresh;
    await writePlayers(tx, players);
    await writeKeys(tx, this.campaign.id, keys);
    await writePlays(
      tx,
      plays.map(({ playerId, draw }) => ({ playerId, period: this.period, ...draw })),
    );
  }

  private add(recipient: PlayerEntity['recipient']): PlayerEntity {
    const player: PlayerEntity = {
      id: newId('player', this.now.getTime()),
      accountId: this.campaign.accountId,
      campaignId: this.campaign.id,
      recipient,
      linkDeliveryId: newId('delivery'),
      createdAt: this.now,
    };
    this.players.set(player.id, player);
    this.fresh.players.push(player);
    return player;
  }

  private idsOf(key: string): Set<string> {
    let ids = this.byKey.get(key);
    if (!ids) this.byKey.set(key, (ids = new Set()));
    return ids;
  }
}
