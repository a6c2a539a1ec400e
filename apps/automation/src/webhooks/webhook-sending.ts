import { Injectable } from '@nestjs/common';
import { DomainError, WebhookDue } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { retryAfterMs } from '@tearoff/service-kit';
import { HttpCaller } from '../outbound/http-caller';
import type { ClaimedAttempt } from './attempt-claim';
import { failWaiting, record, type Outcome, type Try } from './attempt-outcome';
import { waitAfter, type RetrySchedule } from './retry-schedule';
import { signedHeaders } from './signature';
import { webhookQueue } from './webhook-attempts.service';
import { countTry } from './webhook.metrics';

export interface WebhookSettings {
  schedule: RetrySchedule;
  /** After that a worker that has not said how a try ended is taken for dead. */
  leaseMs: number;
  sweepMs: number;
}
export const WebhookSettings = Symbol('WebhookSettings');

/** How a try ended, and for how long the endpoint asked to be left alone. */
export interface Ended {
  tried: Try;
  askedMs: number;
}

const gone = 410;
const shownOfAnswer = 500;

/** Tries one attempt once and writes down how it ended. */
@Injectable()
export class WebhookSending {
  constructor(
    private readonly outbox: Outbox,
    private readonly caller: HttpCaller,
  ) {}

  /** What the endpoint said; null when `signal` told to give it up. */
  async try(
    { id, body, url, secret, previousSecrets }: ClaimedAttempt,
    signal: AbortSignal,
  ): Promise<Ended | null> {
    const startedAt = Date.now();
    const call = { url, headers: signedHeaders(id, body, [secret, ...previousSecrets]), body };
    const at = new Date(startedAt).toISOString();
    try {
      const answer = await this.caller.call(call, signal);
      const response = storable(answer.body);
      const error = isSuccess(answer.status) ? null : `The endpoint answered ${answer.status}.`;
      const ms = Date.now() - startedAt;
      return {
        tried: { at, status: answer.status, error, ...(response && { response }), ms },
        askedMs: retryAfterMs(answer.retryAfter, new Date()),
      };
    } catch (error) {
      if (signal.aborted) return null;
      if (!(error instanceof DomainError)) throw error;
      const tried = { at, status: null, error: error.message, ms: Date.now() - startedAt };
      return { tried, askedMs: 0 };
    }
  }

  async settle(attempt: ClaimedAttempt, ended: Ended | null, schedule: RetrySchedule): Promise<void> {
    const { accountId, webhookId } = attempt;
    const outcome = judged(attempt, ended, schedule);
    const isGone = ended?.tried.status === gone;
    countTry(outcome.kind);
    await this.outbox.transaction(async (tx) => {
      // First the webhook, as anyone who pauses it does.
      if (isGone)
        await tx.query(
          `update webhook set status = 'paused', note = $2 where id = $1 and status = 'active'`,
          [webhookId, 'Its endpoint answered 410: it wants to be told no more.'],
        );
      const counts = await record(tx, attempt, outcome);
      if (isGone) await failWaiting(tx, webhookId);
      else if (counts && outcome.kind === 'retry')
        await this.outbox.add(tx, WebhookDue, [{ accountId, webhookId }], {
          queue: webhookQueue,
          availableAt: outcome.dueAt,
        });
    });
  }
}

function judged({ turn }: ClaimedAttempt, ended: Ended | null, schedule: RetrySchedule): Outcome {
  if (ended === null) return { kind: 'released' };
  const { tried, askedMs } = ended;
  if (tried.status !== null && isSuccess(tried.status)) return { kind: 'delivered', tried };
  const wait = tried.status === gone ? null : waitAfter(schedule, turn, askedMs);
  if (wait === null) return { kind: 'failed', tried };
  return { kind: 'retry', tried, dueAt: new Date(Date.now() + wait) };
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;
/** As PostgreSQL's JSON takes it: no NUL, and no half of a character at the cut. */
const storable = (text: string): string =>
  text
    .replaceAll('\u0000', '')
    .slice(0, shownOfAnswer)
    .replace(/[\ud800-\udbff]$/, '');
