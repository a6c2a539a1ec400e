import type { ChangePoints, MessageContext, PointsOutcome, RequestOf } from '@tearoff/contracts';

type Refused = Extract<PointsOutcome, { outcome: 'refused' }>;

/** A request whose card and member are known. */
export interface PointsOrder {
  /** Its place in the batch. */
  pos: number;
  request: RequestOf<typeof ChangePoints>;
  context: MessageContext | null;
  cardId: string;
  memberId: string;
}

export const refused = (reason: Refused['reason']): Refused => ({
  outcome: 'refused',
  reason,
  balance: null,
});
