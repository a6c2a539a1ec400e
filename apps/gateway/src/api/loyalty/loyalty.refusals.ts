import { conflict, notFound, type DomainError, type PointsOutcome } from '@tearoff/contracts';

type Reason = Extract<PointsOutcome, { outcome: 'refused' }>['reason'] | 'reward.not_found';

const words: Record<Reason, string> = {
  'points.insufficient': 'There are not enough points that can be spent now.',
  'card.not_active': 'The card is not active.',
  'card.not_found': 'There is no such card.',
  'member.not_found': 'There is no such member.',
  'enrolment.not_found': 'The member is not on this card.',
  'reward.not_found': 'There is no such reward on this card.',
};

/** 404 for what is not there, 409 for what cannot be: then with the balance. */
export function refusalOf({ reason, balance }: { reason: Reason; balance: number | null }): DomainError {
  if (reason.endsWith('.not_found')) return notFound(reason, words[reason]);
  return conflict(reason, words[reason], { balance });
}
