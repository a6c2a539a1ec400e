import {
  newId,
  type Card,
  type Enrolment,
  type GetCardPage,
  type LedgerEntry,
  type Member,
  type ReplyOf,
  type RewardIssue,
} from '@tearoff/contracts';
import { daysFromNow } from './fixtures';

export type KnownCard = ReplyOf<typeof GetCardPage>;

/** A café's stamp card: ten stamps, a coffee. */
export const aLoyaltyCard = (changes: Partial<Card> = {}): Card => ({
  id: newId('card'),
  accountId: newId('account'),
  name: 'internal name of the card',
  kind: 'stamps',
  active: true,
  design: { title: 'The coffee card', description: 'A stamp for each cup.', color: '#5b3a1e' },
  timezone: 'Europe/Kyiv',
  earning: [],
  rewards: [
    {
      id: newId('reward'),
      name: 'A coffee on the house',
      cost: 10,
      campaignId: newId('campaign'),
      automatic: true,
      channel: 'none',
    },
  ],
  tiers: null,
  expiry: null,
  pendingDays: 0,
  version: 1,
  createdAt: daysFromNow(-90),
  updatedAt: daysFromNow(-90),
  ...changes,
});

export const aMember = (changes: Partial<Member> = {}): Member => ({
  id: newId('member'),
  accountId: newId('account'),
  phone: '+447400123456',
  email: 'ann.secret@example.com',
  externalId: 'customer-1001',
  firstName: 'Ann',
  lastName: 'Surname',
  birthday: '1990-05-04',
  gender: 'female',
  city: 'Leeds',
  languageCode: null,
  createdAt: daysFromNow(-60),
  updatedAt: daysFromNow(-60),
  ...changes,
});

export const anEnrolment = (card: Card, member: Member, changes: Partial<Enrolment> = {}): Enrolment => ({
  cardId: card.id,
  memberId: member.id,
  accountId: card.accountId,
  token: newId('pass').slice(4),
  number: '4711081512347',
  balance: 7,
  pending: 0,
  tier: null,
  expiring: null,
  enrolledAt: daysFromNow(-60),
  lastActivityAt: daysFromNow(-1),
  ...changes,
});

export const anEntry = (
  { cardId, memberId, accountId }: Enrolment,
  changes: Partial<LedgerEntry> = {},
): LedgerEntry => ({
  id: newId('entry'),
  accountId,
  cardId,
  memberId,
  kind: 'award',
  amount: 1,
  balance: 7,
  reference: 'receipt-secret-118',
  reason: null,
  storeId: null,
  by: 'redemption',
  at: '2025-11-21T12:05:00.000Z',
  pendingUntil: null,
  expiresAt: null,
  ...changes,
});

export const anIssuedReward = (
  { cardId, memberId, accountId }: Enrolment,
  { id, name, cost, campaignId }: Card['rewards'][number],
  changes: Partial<RewardIssue> = {},
): RewardIssue => ({
  id: newId('rewardIssue'),
  accountId,
  cardId,
  memberId,
  rewardId: id,
  name,
  cost,
  campaignId,
  couponId: newId('coupon'),
  status: 'issued',
  reason: null,
  at: daysFromNow(-3),
  ...changes,
});

export function knownCard(
  changes: { card?: Partial<Card>; member?: Partial<Member>; enrolment?: Partial<Enrolment> } = {},
): KnownCard {
  const card = aLoyaltyCard(changes.card);
  const member = aMember({ accountId: card.accountId, ...changes.member });
  const enrolment = anEnrolment(card, member, changes.enrolment);
  return { card, member, enrolment, entries: [anEntry(enrolment)], rewards: [] };
}
