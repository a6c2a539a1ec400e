import { Injectable } from '@nestjs/common';
import type { ChangePoints, DomainError, MessageContext, PointsOutcome, RequestOf } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import { cardNumberOf } from '../enrolments/card-number';
import { Enrolling } from '../enrolments/enrolling';
import { phoneKey, readableNames } from '../members/member-names';
import { refused, type PointsOrder } from './points-order';
import { amountMissing, memberUnnamed } from './points.errors';
import { resolveStatement, type Resolved } from './points.sql';

type Request = RequestOf<typeof ChangePoints>;
interface Resolution {
  orders: PointsOrder[];
  /** At the places of the others, why not. */
  results: (PointsOutcome | DomainError)[];
}

/** Finds out whose points are meant, and puts those on the card who are to be. */
@Injectable()
export class PointsResolver {
  constructor(private readonly enrolling: Enrolling) {}

  async resolve(
    tx: Transaction,
    requests: readonly Request[],
    contexts: readonly MessageContext[],
  ): Promise<Resolution> {
    const results: Resolution['results'] = requests.map(
      (request) => faultOf(request) ?? refused('card.not_found'),
    );
    const asked = requests.flatMap((request, pos) => (faultOf(request) ? [] : { pos, request }));
    const orders: PointsOrder[] = [];
    const newEnrolments: PointsOrder[] = [];
    for (const row of await prepared<Resolved & Record<string, unknown>>(
      tx,
      resolveStatement,
      valuesOf(asked),
    )) {
      const { pos, card_id: cardId, member_id: memberId } = row;
      const request = requests[pos];
      if (!cardId) continue;
      if (!memberId) results[pos] = refused(request.number ? 'enrolment.not_found' : 'member.not_found');
      else if (!row.enrolled && !request.enrol) results[pos] = refused('enrolment.not_found');
      else if (!row.enrolled && !row.active) results[pos] = refused('card.not_active');
      else
        (row.enrolled ? orders : newEnrolments).push({
          pos,
          request,
          cardId,
          memberId,
          context: contexts[pos] ?? null,
        });
    }
    await this.enrolling.enrol(
      tx,
      newEnrolments.map((order) => ({ ...order, accountId: order.request.accountId })),
    );
    return { orders: [...orders, ...newEnrolments].sort((a, b) => a.pos - b.pos), results };
  }
}

function faultOf(request: Request): DomainError | null {
  const { memberId, number, phone, email, externalId } = request;
  const names = [memberId, number, phone, email, externalId].filter((name) => name !== undefined);
  if (names.length !== 1) return memberUnnamed();
  return request.amount === 0 ? amountMissing() : null;
}

function valuesOf(asked: readonly { pos: number; request: Request }[]): unknown[][] {
  const names = asked.map(({ request: { phone, email, externalId } }) =>
    readableNames({ phone, email, externalId }),
  );
  return [
    asked.map(({ pos }) => pos),
    asked.map(({ request }) => request.accountId),
    asked.map(({ request }) => request.cardId),
    asked.map(({ request }) => request.memberId),
    asked.map(({ request: { number } }) => (number === undefined ? null : cardNumberOf(number))),
    names.map(({ phone }) => phoneKey(phone)),
    names.map(({ email }) => email),
    names.map(({ externalId }) => externalId),
  ];
}
