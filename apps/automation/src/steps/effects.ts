import { Injectable } from '@nestjs/common';
import {
  ChangePoints,
  GetCampaign,
  IssueCoupon,
  SendMessages,
  type IssueOutcome,
  type MessageContext,
  type PointsOutcome,
  type RequestOf,
  type SendResult,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { retryAfterMs } from '@tearoff/service-kit';
import { HttpCaller, type HttpAnswer } from '../outbound/http-caller';
import { answerOf, refused, type Answer } from './answer';
import type { Effect } from './requests';

/** What a run stands at, with the context that its commands carry on. */
export interface Asked<E extends Effect = Effect> {
  effect: E;
  context: MessageContext | null;
}
type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>;
const maxRecipients = 500;

/** Has effects done. An answer each, in their order; none rejects. */
@Injectable()
export class Effects {
  constructor(
    private readonly commands: CommandClient,
    private readonly http: HttpCaller,
  ) {}

  /** Effects of one batch (`batchOf`). */
  async ask(asked: readonly Asked[]): Promise<Answer[]> {
    if (asked[0].effect.kind === 'sendMessage') return this.send(asked as Asked<Of<'sendMessage'>>[]);
    // The client gathers these: they travel as one message.
    return Promise.all(asked.map((each) => this.one(each).catch(answerOf)));
  }

  private async one({ effect, context }: Asked): Promise<Answer> {
    const options = { context: context ?? undefined };
    switch (effect.kind) {
      case 'issueCoupon':
        return ofIssue(await this.commands.send(IssueCoupon, effect.request, options));
      case 'awardPoints':
        return ofPoints(await this.commands.send(ChangePoints, effect.request, options), effect.request);
      case 'webhook':
        return ofCall(await this.http.call(effect.call));
      case 'zone': {
        const { accountId, campaignId } = effect;
        const { timezone } = await this.commands.send(GetCampaign, { accountId, campaignId }, options);
        return { outcome: 'done', output: { zone: timezone } };
      }
      case 'sendMessage':
        return (await this.send([{ effect, context }]))[0];
    }
  }

  /** One command for many runs: each recipient has the context of its own request. */
  private async send(asked: readonly Asked<Of<'sendMessage'>>[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let from = 0; from < asked.length; from += maxRecipients) {
      const part = asked.slice(from, from + maxRecipients);
      try {
        const { results } = await this.commands.send(
          SendMessages,
          {
            ...part[0].effect.message,
            recipients: part.map(({ effect, context }) => ({
              ...effect.recipient,
              ...(context && { context }),
            })),
          },
          { context: (part.length === 1 && part[0].context) || undefined },
        );
        answers.push(...results.map(ofSend));
      } catch (error) {
        answers.push(...part.map(() => answerOf(error)));
      }
    }
    return answers;
  }
}

/** Effects of the same batch may be asked for together; `null`: each by itself, so that a slow one holds up no other. */
export function batchOf(effect: Effect): string | null {
  if (effect.kind === 'webhook') return null;
  return effect.kind === 'sendMessage' ? `sendMessage ${JSON.stringify(effect.message)}` : effect.kind;
}

function ofIssue(result: IssueOutcome): Answer {
  if (result.outcome === 'refused') return refused(result.reason, result.message);
  const { id, campaignId, code, offerId, issuedAt, validFrom, validTo } = result.coupon;
  const output = {
    outcome: result.outcome,
    couponId: id,
    campaignId,
    code,
    offerId,
    issuedAt,
    validFrom,
    validTo,
  };
  return { outcome: 'done', output };
}

function ofSend({ deliveryId, status, error }: SendResult): Answer {
  if (status === 'queued') return { outcome: 'done', output: { outcome: status, deliveryId } };
  return refused(error ?? 'recipient.suppressed', `The message was ${status}.`);
}

type PointsRefusal = Extract<PointsOutcome, { outcome: 'refused' }>['reason'];

const pointsRefusals: Record<Exclude<PointsRefusal, 'member.not_found'>, string> = {
  'points.insufficient': 'The member has fewer points than the step takes away.',
  'card.not_found': 'There is no such loyalty card.',
  'card.not_active': 'The loyalty card is not active, and the member was not on it yet.',
  'enrolment.not_found': 'The member is not on this loyalty card.',
};

/** The step does not make members; it asked by one name, and which one is not obvious. */
function pointsRefusal(reason: PointsRefusal, request: RequestOf<typeof ChangePoints>): string {
  if (reason !== 'member.not_found') return pointsRefusals[reason];
  const name = memberNames.find((each) => request[each] !== undefined);
  return `No loyalty member has this ${name}, so no one got the points. Make them a member, then retry the run.`;
}
const memberNames = ['memberId', 'externalId', 'email', 'phone'] as const;

function ofPoints(result: PointsOutcome, request: RequestOf<typeof ChangePoints>): Answer {
  if (result.outcome === 'refused') return refused(result.reason, pointsRefusal(result.reason, request));
  const { outcome, entry, balance, pending } = result;
  return {
    outcome: 'done',
    output: { outcome, entryId: entry.id, memberId: entry.memberId, balance, pending },
  };
}

const maxKept = 10_000;

function ofCall({ status, body, retryAfter }: HttpAnswer): Answer {
  if (status >= 200 && status < 300) return { outcome: 'done', output: { status, body: parsed(body) } };
  const error = { code: 'webhook.rejected', message: `The answer was ${status}.` };
  const passing = status >= 500 || [408, 425, 429].includes(status);
  if (!passing) return { outcome: 'refused', error };
  return { outcome: 'failed', error, askedMs: retryAfterMs(retryAfter, new Date()) };
}

/** JSON where it is, so that steps behind may refer to its members; else the text's beginning. */
function parsed(body: string): unknown {
  if (body.length > maxKept) return body.slice(0, maxKept);
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
