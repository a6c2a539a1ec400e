import type { WebhookAttempt } from '@tearoff/contracts';
import type { EntityManager } from 'typeorm';
import type { ClaimedAttempt } from './attempt-claim';

export type Try = WebhookAttempt['history'][number];

/** `retry`: not before `dueAt`. `released`: it was given up unanswered, because this process stops. */
export type Outcome =
  | { kind: 'delivered' | 'failed'; tried: Try }
  | { kind: 'retry'; tried: Try; dueAt: Date }
  | { kind: 'released' };

const kept = 20;

/** False when it is another's by now: the lease was over, and what it says counts. */
export async function record(
  tx: EntityManager,
  { id, tries }: ClaimedAttempt,
  outcome: Outcome,
): Promise<boolean> {
  if (outcome.kind === 'released') {
    await tx.query(
      `update webhook_attempt set lease_until = null, tries = tries - 1 where id = $1 and tries = $2`,
      [id, tries],
    );
    return false;
  }
  // To be tried again, unless its webhook was paused meanwhile.
  const status = outcome.kind === 'retry' ? 'pending' : outcome.kind;
  const [, updated] = (await tx.query(
    `update webhook_attempt
     set status = case when $3 = 'pending' then status else $3 end,
         lease_until = null, due_at = coalesce($4, due_at),
         settled_at = case when $3 = 'pending' then settled_at else now() end,
         history = (case when jsonb_array_length(history) >= $6 then history - 0 else history end) || $5::jsonb
     where id = $1 and tries = $2`,
    [
      id,
      tries,
      status,
      outcome.kind === 'retry' ? outcome.dueAt : null,
      JSON.stringify([outcome.tried]),
      kept,
    ],
  )) as [unknown, number];
  return updated > 0;
}

/** Nothing more goes to a webhook that is paused; what failed so can be replayed. */
export async function failWaiting(tx: EntityManager, webhookId: string): Promise<void> {
  await tx.query(
    `update webhook_attempt set status = 'failed', settled_at = now()
     where webhook_id = $1 and status = 'pending'`,
    [webhookId],
  );
}
