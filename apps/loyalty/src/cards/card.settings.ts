import { newId, type Card, type CardInput, type CardPatch } from '@tearoff/contracts';

/** Everything of a card that a caller may say. */
export type CardSettings = Omit<Card, 'id' | 'accountId' | 'version' | 'members' | 'createdAt' | 'updatedAt'>;

/** What a caller said, completed. */
export const completed = (input: CardInput): CardSettings => ({
  name: input.name,
  kind: input.kind,
  active: input.active ?? true,
  design: input.design ?? {},
  timezone: input.timezone ?? 'UTC',
  earning: input.earning ?? [],
  rewards: (input.rewards ?? []).map(completedReward),
  tiers: input.tiers ?? null,
  expiry: input.expiry ?? null,
  pendingDays: input.pendingDays ?? 0,
});

const completedReward = (reward: NonNullable<CardInput['rewards']>[number]): Card['rewards'][number] => ({
  id: reward.id ?? newId('reward'),
  name: reward.name,
  cost: reward.cost,
  campaignId: reward.campaignId,
  automatic: reward.automatic ?? false,
  channel: reward.channel ?? 'none',
});

export const settingsOf = (card: CardSettings): CardSettings => ({
  name: card.name,
  kind: card.kind,
  active: card.active,
  design: card.design,
  timezone: card.timezone,
  earning: card.earning,
  rewards: card.rewards,
  tiers: card.tiers,
  expiry: card.expiry,
  pendingDays: card.pendingDays,
});

type Json = Record<string, unknown>;

/** The settings after a merge patch (RFC 7396): what was removed takes its default. A card stays of its kind. */
export const patched = (settings: CardSettings, patch: CardPatch): unknown => ({
  ...merge(settings, patch),
  kind: settings.kind,
});

function merge(target: unknown, patch: Json): Json {
  const result: Json = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = isObject(value) ? merge(result[name], value) : value;
  }
  return result;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
