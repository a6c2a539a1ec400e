import { Injectable } from '@nestjs/common';
import {
  ChangePoints,
  GetCampaign,
  IssueCoupon,
  SendMessages,
  type IssueOutcome,
  type PointsOutcome,
  type SendResult,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { HttpCaller } from '../outbound/http-caller';
import { answerOf, refused, type Answer } from './answer';
import type { Effect } from './requests';

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>;
const mostRecipients = 500;

/** Has effects done. An answer each, in their order; none rejects. */
@Injectable()
export class Effects {
  constructor(
    private readonly commands: CommandClient,
    private readonly http: HttpCaller,
  ) {}

  /** Effects of one batch (`batchOf`). */
  async ask(effects: readonly Effect[]): Promise<Answer[]> {
    if (effects[0].kind === 'sendMessage') return this.send(effects as Of<'sendMessage'>[]);
    // The client gathers these: they travel as one message.
    return Promise.all(effects.map((effect) => this.one(effect).catch(answerOf)));
  }

  private async one(effect: Effect): Promise<Answer> {
    switch (effect.kind) {
      case 'issueCoupon':
        return ofIssue(await this.commands.send(IssueCoupon, effect.request));
      case 'awardPoints':
        return ofPoints(await this.commands.send(ChangePoints, effect.request));
      case 'webhook':
        return ofCall(await this.http.call(effect.call));
      case 'zone': {
        const { accountId, campaignId } = effect;
        const { timezone } = await this.commands.send(GetCampaign, { accountId, campaignId });
        return { outcome: 'done', output: { zone: timezone } };
      }
      case 'sendMessage':
        return (await this.send([effect]))[0];
    }
  }

  private async send(effects: readonly Of<'sendMessage'>[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let from = 0; from < effects.length; from += mostRecipients) {
      const part = effects.slice(from, from + mostRecipients);
      try {
        const { results } = await this.commands.send(SendMessages, {
          ...part[0].message,
          recipients: part.map(({ recipient }) => recipient),
        });
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

function ofPoints(result: PointsOutcome): Answer {
  if (result.outcome === 'refused') return refused(result.reason, 'The points were refused.');
  const { outcome, entry, balance, pending } = result;
  return {
    outcome: 'done',
    output: { outcome, entryId: entry.id, memberId: entry.memberId, balance, pending },
  };
}

const mostKept = 10_000;

function ofCall({ status, body }: { status: number; body: string }): Answer {
  if (status >= 200 && status < 300) return { outcome: 'done', output: { status, body: parsed(body) } };
  const error = { code: 'webhook.rejected', message: `The answer was ${status}.` };
  const passing = status >= 500 || [408, 425, 429].includes(status);
  return { outcome: passing ? 'failed' : 'refused', error };
}

/** JSON where it is, so that steps behind may refer to its members; else the text's beginning. */
function parsed(body: string): unknown {
  if (body.length > mostKept) return body.slice(0, mostKept);
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
