import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import {
  CardChanged,
  newId,
  type Card,
  type CardInput,
  type CardPatch,
  type DomainError,
  type GetCard,
  type ListCards,
  type MessageContext,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { DataSource, In, LessThan, type EntityManager } from 'typeorm';
import { Clock, decodeIdCursor, toPage } from '@tearoff/service-kit';
import { CardEntity, cardOf } from './card.entity';
import { barcodeFaults, ruleFaults } from './card.rules';
import { completed, patched, settingsOf, type CardSettings } from './card.settings';
import { shapeFaults } from './card.shape';
import { cardInvalid, cardNotFound } from './cards.errors';
import { RewardCampaigns } from './reward-campaigns';

@Injectable()
export class CardsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly campaigns: RewardCampaigns,
  ) {}

  async create(accountId: string, input: CardInput, context?: MessageContext): Promise<Card> {
    const settings = checked(input, new Set());
    const faults = [
      ...barcodeFaults(settings.design),
      ...(await this.campaigns.faults(settings.rewards, { accountId, context })),
    ];
    if (faults.length > 0) throw cardInvalid(faults);
    return this.outbox.transaction(async (tx) => {
      const now = this.clock.now();
      const row = { id: newId('card'), accountId, version: 1, ...settings, createdAt: now, updatedAt: now };
      await tx.insert(CardEntity, row);
      return this.told(tx, row, context);
    });
  }

  async update(accountId: string, cardId: string, patch: CardPatch, context?: MessageContext): Promise<Card> {
    // Before the row is locked: issuance may be slow to answer. What the patch leaves alone was asked about then.
    const faults = await this.campaigns.faults(patch.rewards ?? [], { accountId, context });
    return this.outbox.transaction(async (tx) => {
      const row = await tx.findOne(CardEntity, {
        where: { id: cardId, accountId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!row) throw cardNotFound();
      const before = settingsOf(row);
      const after = checked(patched(before, patch), new Set(before.rewards.map(({ id }) => id)));
      const unfit = before.design.barcode === after.design.barcode ? [] : barcodeFaults(after.design);
      if (faults.length + unfit.length > 0) throw cardInvalid([...faults, ...unfit]);
      if (isDeepStrictEqual(before, after)) return cardOf(row);
      const next = { ...row, ...after, version: row.version + 1, updatedAt: this.clock.now() };
      await tx.save(CardEntity, next);
      return this.told(tx, next, context);
    });
  }

  /** With how many members each has, where that is asked. */
  async get(requests: readonly RequestOf<typeof GetCard>[]): Promise<(Card | DomainError)[]> {
    const ids = [...new Set(requests.map(({ cardId }) => cardId))];
    const cards = await this.byId(this.dataSource.manager, ids);
    const counted = requests.filter(({ withMembers = true }) => withMembers).map(({ cardId }) => cardId);
    const membersOf = await this.membersOn([...new Set(counted)]);
    return requests.map(({ accountId, cardId, withMembers = true }) => {
      const card = cards.get(cardId);
      if (card?.accountId !== accountId) return cardNotFound();
      return withMembers ? { ...card, members: membersOf.get(cardId) ?? 0 } : card;
    });
  }

  /** Newest first. */
  async list(request: RequestOf<typeof ListCards>): Promise<ReplyOf<typeof ListCards>> {
    const { accountId, active, limit = 50, cursor } = request;
    const before = decodeIdCursor(cursor, 'card');
    const rows = await this.dataSource.manager.find(CardEntity, {
      where: {
        accountId,
        ...(active !== undefined && { active }),
        ...(before && { id: LessThan(before) }),
      },
      order: { id: 'desc' },
      take: limit + 1,
    });
    return toPage(rows, limit, cardOf);
  }

  /** Whatever of these exist, of any account. */
  async byId(manager: EntityManager, ids: Iterable<string>): Promise<Map<string, Card>> {
    const rows = await manager.findBy(CardEntity, { id: In([...new Set(ids)]) });
    return new Map(rows.map((row) => [row.id, cardOf(row)]));
  }

  private async membersOn(cardIds: readonly string[]): Promise<Map<string, number>> {
    if (cardIds.length === 0) return new Map();
    const counts = (await this.dataSource.query(
      `select card_id as id, count(*)::int as members from enrolment where card_id = any($1) group by card_id`,
      [cardIds],
    )) as { id: string; members: number }[];
    return new Map(counts.map(({ id, members }) => [id, members]));
  }

  async ofAccount(accountId: string, cardId: string): Promise<Card> {
    const row = await this.dataSource.manager.findOneBy(CardEntity, { id: cardId, accountId });
    if (!row) throw cardNotFound();
    return cardOf(row);
  }

  private async told(tx: Transaction, row: CardEntity, context?: MessageContext): Promise<Card> {
    const card = cardOf(row);
    await this.outbox.add(tx, CardChanged, [card], { contexts: [context ?? null] });
    return card;
  }
}

function checked(input: unknown, knownRewards: ReadonlySet<string>): CardSettings {
  const shape = shapeFaults(input);
  if (shape.length > 0) throw cardInvalid(shape);
  const faults = ruleFaults(input as CardInput, knownRewards);
  if (faults.length > 0) throw cardInvalid(faults);
  return completed(input as CardInput);
}
