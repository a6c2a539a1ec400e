import { Injectable } from '@nestjs/common';
import { BulkCouponsIssued, type IssueRefusal } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import type { SuppliedCode } from '../codes/code-supply';
import type { ReadCode } from '../codes/import-line';
import type { IssueRequest } from '../coupons/issue-request';
import { draftOf } from '../coupons/draft';
import { unboundSlots } from '../coupons/holdings';
import { isFull, type Plan } from '../coupons/issue-plan';
import { LockedIssue, remaining, type LockedCampaign } from '../coupons/locked-issue';
import type { Decided } from '../coupons/issue-result';
import { identify } from '../recipients/identity';
import {
  moveToFront,
  rememberForeign,
  codeAvailabilitiesFor,
  type CodeRefusal,
  type CodeAvailability,
} from './code-availability';

/** Someone on a list, and the code that is to be theirs. */
export interface Assignment {
  ask: IssueRequest;
  code: ReadCode;
}

type Refusal = IssueRefusal | CodeRefusal;

/** Issues coupons whose codes are chosen by the list (pre-assignment). */
@Injectable()
export class AssignedIssue {
  constructor(private readonly locked: LockedIssue) {}

  /** As part of a transaction, which holds the campaign's counter from here on. */
  async decideIn(
    tx: Transaction,
    assignments: readonly Assignment[],
    now: Date,
  ): Promise<Decided<Refusal>[]> {
    const locked = await this.locked.lock(
      tx,
      assignments.map(({ ask }) => ask),
      now,
    );
    const { campaign, counter } = locked;
    const codes = assignments.map(({ code }) => code.code);
    const wishes = await codeAvailabilitiesFor(tx, campaign, counter.taken, codes, now);
    const { plan, given } = planned(assignments, locked, wishes);
    const tickets = given.flatMap(({ ticket }) => (ticket === null ? [] : [ticket]));
    await moveToFront(tx, campaign.id, counter.taken, tickets);
    await rememberForeign(tx, campaign, given);
    return this.locked.execute(tx, locked, { ...plan, tickets: tickets.length }, BulkCouponsIssued.type);
  }
}

/** Goes through the assignments in their order, as if they came one by one. */
function planned(
  assignments: readonly Assignment[],
  locked: LockedCampaign,
  wishes: Map<string, CodeAvailability>,
): { plan: Plan<Refusal>; given: SuppliedCode[] } {
  const { campaign, terms, holdings, offers } = locked;
  const plan: Plan<Refusal> = { slots: [], drafts: [], tickets: 0, answers: [] };
  const given: SuppliedCode[] = [];
  const left = remaining(locked, assignments.length);
  for (const { ask: asked, code } of assignments) {
    const ask = { ...asked, campaign };
    const refuse = (reason: Refusal) => plan.answers.push({ ask, reason });
    const wish = wishes.get(code.code)!;
    if (wish.state === 'refused') refuse(wish.reason);
    else if (wish.state === 'held') {
      if (!belongsTo(wish, ask, locked)) refuse('code.taken');
      else plan.answers.push({ ask, heldId: wish.couponId });
    } else if (isFull(holdings, ask.keys, terms)) refuse('recipient.limit_reached');
    else if (given.length >= left) refuse('campaign.exhausted');
    else {
      const choice = offers.for(ask);
      if ('reason' in choice) {
        refuse(choice.reason);
        continue;
      }
      offers.take(choice.offerId);
      const supplied =
        wish.code.ticket === null ? { ...wish.code, printedCode: code.printedCode } : wish.code;
      const draft = draftOf(ask, terms, supplied, choice.offerId);
      const { id, recipient } = draft.coupon;
      const held = terms.perPerson === null ? [] : holdings.coupons(ask.keys);
      plan.slots.push(
        ...(terms.perPerson === null
          ? unboundSlots(ask.keys, id)
          : holdings.link(ask.keys, [...held, id], terms.period, terms.perPerson)),
      );
      plan.drafts.push(draft);
      plan.answers.push({ ask, draft });
      given.push(supplied);
      wishes.set(code.code, { state: 'held', couponId: id, recipient });
    }
  }
  return { plan, given };
}

/** By what they hold, or where that is not kept by what the coupon says of its holder. */
function belongsTo(
  { couponId, recipient }: Extract<CodeAvailability, { state: 'held' }>,
  { keys }: IssueRequest,
  { campaign, holdings }: LockedCampaign,
): boolean {
  if (holdings.coupons(keys).includes(couponId)) return true;
  const identity = identify(recipient, campaign.limits);
  return typeof identity !== 'string' && identity.keys.some((key) => keys.includes(key));
}
