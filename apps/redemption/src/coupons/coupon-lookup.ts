import { Injectable, Logger } from '@nestjs/common';
import {
  DomainError,
  LookUpCode,
  mayBeGenerated,
  unavailable,
  type MessageContext,
  type ReplyOf,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { isDatabaseUnavailable, retryOnConflict } from '@tearoff/service-kit';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import { CampaignsProjection } from '../campaigns/campaigns.projection';
import { unknownCampaign } from '../redemptions/eligibility.sql';
import { codesIn, keyOf, keysOf, type Readings } from '../redemptions/question';
import { CouponsProjection } from './coupons.projection';

/** A code to be asked for. `knownCode`: only its campaign is missing. */
export interface Wanted {
  readonly accountId: string;
  readonly code: string;
  readonly knownCode?: boolean;
  readonly context?: MessageContext;
}

interface Answer {
  pos: number;
  reason: string | null;
}

// An account's first import must not be refused for what was true before it: the answer is kept just long
// enough to take the edge off someone who tries codes.
const importsKnownForMs = 250;

const campaignMissing = () =>
  unavailable('campaign.unknown', 'The campaign of this coupon is not known yet. Try again in a moment.');

/** Asks issuance for codes that redemption was not told of yet, before they are called unknown. */
@Injectable()
export class CouponLookup {
  private readonly logger = new Logger(CouponLookup.name);
  private readonly hasImports = new LRUCache<string, boolean>({ max: 10_000, ttl: importsKnownForMs });

  constructor(
    private readonly dataSource: DataSource,
    private readonly commands: CommandClient,
    private readonly campaigns: CampaignsProjection,
    private readonly coupons: CouponsProjection,
  ) {}

  /**
   * What `ask` answers, by position; what it could not answer is fetched and asked once more. A question
   * without an entry names a code that was never given out. Rejects only when the first `ask` does: what that
   * one has done is not lost over what comes after it.
   */
  async answers<Q extends Wanted & Readings & { pos: number }, R extends Answer>(
    questions: readonly Q[],
    ask: (questions: readonly Q[]) => Promise<R[]>,
  ): Promise<Map<number, R | DomainError>> {
    const answers = new Map<number, R | DomainError>((await ask(questions)).map((row) => [row.pos, row]));
    const isOpen = ({ pos }: Q): boolean => {
      const answer = answers.get(pos);
      return !answer || (!(answer instanceof DomainError) && answer.reason === unknownCampaign);
    };
    const open = questions.filter(isOpen);
    if (open.length === 0) return answers;

    const found = await this.fetch(
      open.flatMap((question) =>
        codesIn(question).map((code) => ({ ...question, code, knownCode: answers.has(question.pos) })),
      ),
    );
    const outcomeOf = (question: Q) => bestOf(keysOf(question).map((key) => found.get(key)));
    const again = open.filter((question) => outcomeOf(question) === true);
    try {
      if (again.length > 0) for (const row of await ask(again)) answers.set(row.pos, row);
    } catch (error) {
      for (const { pos } of again) answers.set(pos, this.errorOf(error));
    }
    for (const question of open) {
      const outcome = outcomeOf(question);
      if (outcome instanceof DomainError) answers.set(question.pos, outcome);
      else if (answers.has(question.pos) && isOpen(question)) answers.set(question.pos, campaignMissing());
    }
    return answers;
  }

  /** By `keyOf`: true = known from now on, false = never given out, or why that could not be found out. */
  async fetch(wanted: readonly Wanted[]): Promise<Map<string, boolean | DomainError>> {
    const outcomes = new Map<string, boolean | DomainError>();
    const worthAsking = wanted.filter((code) => {
      const worth = this.isWorthAsking(code);
      if (!worth) outcomes.set(keyOf(code), false);
      return worth;
    });
    const replies: [string, ReplyOf<typeof LookUpCode>][] = [];
    await Promise.all(
      worthAsking.map(async ({ accountId, code, context }) => {
        const key = keyOf({ accountId, code });
        try {
          const reply = await this.commands.send(LookUpCode, { accountId, code }, { context });
          this.hasImports.set(accountId, reply.importedCodes);
          if (reply.entry) replies.push([key, reply]);
          else outcomes.set(key, false);
        } catch (error) {
          outcomes.set(key, this.errorOf(error));
        }
      }),
    );
    try {
      await this.store(replies.map(([, reply]) => reply));
      for (const [key] of replies) outcomes.set(key, true);
    } catch (error) {
      for (const [key] of replies) outcomes.set(key, this.errorOf(error));
    }
    return outcomes;
  }

  /** A mistyped code is caught by its check character or structure, unless the account has codes that carry none. */
  private isWorthAsking({ accountId, code, knownCode }: Wanted): boolean {
    return knownCode || mayBeGenerated(code) || this.hasImports.get(accountId) !== false;
  }

  private async store(replies: readonly ReplyOf<typeof LookUpCode>[]): Promise<void> {
    if (replies.length === 0) return;
    const { manager } = this.dataSource;
    const campaigns = replies.flatMap(({ campaign }) => campaign ?? []);
    const entries = replies.flatMap(({ entry }) => entry ?? []);
    await retryOnConflict(() => this.campaigns.store(manager, campaigns));
    await retryOnConflict(() => this.coupons.store(manager, entries));
  }

  /** What a caller is told of a failure that must not take the whole batch with it. */
  errorOf(error: unknown): DomainError {
    if (error instanceof DomainError) return error;
    this.logger.error(`a code could not be looked up: ${withoutStatement(error)}`);
    return isDatabaseUnavailable(error)
      ? unavailable('service.unavailable', 'The service has lost its database.')
      : new DomainError('internal', 'internal', 'An unexpected error occurred.');
  }
}

/** Of the codes that one text may name: one that is known before one that could not be asked for. */
const bestOf = (
  outcomes: readonly (boolean | DomainError | undefined)[],
): boolean | DomainError | undefined =>
  outcomes.find((outcome) => outcome === true) ??
  outcomes.find((outcome) => outcome instanceof DomainError) ??
  outcomes[0];

/** What went wrong in a line. A failed query carries its statement and all the codes that were asked for. */
function withoutStatement(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: string };
  return code === undefined ? error.message : `${code} ${error.message}`;
}
