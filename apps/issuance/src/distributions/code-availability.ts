import { prepared, type PreparedStatement } from '@tearoff/service-kit';
import { mayBeGenerated, type Recipient } from '@tearoff/contracts';
import type { EntityManager } from 'typeorm';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import type { SuppliedCode } from '../codes/code-supply';

export const codeRefusals = {
  'code.unknown': 'The stack of the campaign has no such code.',
  'code.taken': 'The code is given out already.',
  'code.invalid': 'The code',
  'code.other_campaign': 'The code belongs to another campaign.',
  'code.expired': 'The code has expired.',
} as const;
export type CodeRefusal = keyof typeof codeRefusals;

/**
 * What may be done about a code that someone is to get. `held`: it is out, to this person. A `free` code without a
 * ticket is a new one, printed as its list has it.
 */
export type CodeAvailability =
  | { state: 'free'; code: SuppliedCode }
  | { state: 'held'; couponId: string; recipient: Recipient }
  | { state: 'refused'; reason: CodeRefusal };

type Found = {
  code: string;
  stackOf: string | null;
  ticket: number | null;
  stackPrinted: string | null;
  stackValidTo: Date | null;
  couponId: string | null;
  couponOf: string | null;
  recipient: Recipient | null;
};

const findStatement: PreparedStatement = {
  name: 'assigned-codes',
  text: `
    select wanted.code, stack.campaign_id as "stackOf", stack.ticket::int as ticket,
           stack.printed_code as "stackPrinted", stack.valid_to as "stackValidTo", coupon.id as "couponId", coupon.campaign_id as "couponOf",
           coupon.recipient
    from unnest($2::text[]) as wanted (code)
    left join stack_code stack on stack.code = wanted.code and stack.account_id = $1
    left join coupon on coupon.code = wanted.code and coupon.account_id = $1`,
};

/** By normalised code. `taken`: up to which ticket the stack is given out; the caller holds the campaign's counter. */
export async function codeAvailabilitiesFor(
  tx: EntityManager,
  campaign: CampaignEntity,
  taken: number,
  codes: readonly string[],
  now: Date,
): Promise<Map<string, CodeAvailability>> {
  const rows = await prepared<Found>(tx, findStatement, [campaign.accountId, [...new Set(codes)]]);
  return new Map(rows.map((row) => [row.code, codeAvailabilityOf(campaign, taken, row, now)]));
}

function codeAvailabilityOf(
  campaign: CampaignEntity,
  taken: number,
  found: Found,
  now: Date,
): CodeAvailability {
  const { code, ticket } = found;
  if (found.couponId !== null) {
    if (found.couponOf !== campaign.id) return { state: 'refused', reason: 'code.other_campaign' };
    return { state: 'held', couponId: found.couponId, recipient: found.recipient! };
  }
  if (ticket !== null) {
    if (found.stackOf !== campaign.id) return { state: 'refused', reason: 'code.other_campaign' };
    if (ticket <= taken) return { state: 'refused', reason: 'code.taken' };
    const { stackPrinted: printedCode, stackValidTo: validTo } = found;
    if (validTo && validTo <= now) return { state: 'refused', reason: 'code.expired' };
    return { state: 'free', code: { code, printedCode, ticket, validTo } };
  }
  if (campaign.stacked || campaign.codes.source === 'imported')
    return { state: 'refused', reason: 'code.unknown' };
  return { state: 'free', code: { code, printedCode: null, ticket: null } };
}

/**
 * Gives the next tickets of the stack to codes that are about to go out, which trade places with what was there:
 * so the stack stays one row of tickets, given out up to `taken`. Negative for a moment, for tickets are unique.
 */
export async function moveToFront(
  tx: EntityManager,
  campaignId: string,
  taken: number,
  tickets: readonly number[],
): Promise<void> {
  const front = tickets.map((_, index) => taken + 1 + index);
  const from = tickets.filter((ticket) => !front.includes(ticket));
  const to = front.filter((ticket) => !tickets.includes(ticket));
  if (from.length === 0) return;
  await tx.query(
    `update stack_code set ticket = -ticket where campaign_id = $1 and ticket = any($2::bigint[])`,
    [campaignId, [...from, ...to]],
  );
  await tx.query(
    `update stack_code set ticket = move.target
     from unnest($2::bigint[], $3::bigint[]) as move (ticket, target)
     where campaign_id = $1 and stack_code.ticket = -move.ticket`,
    [campaignId, [...from, ...to], [...to, ...from]],
  );
}

/** Remembers that the campaign has codes which redemption cannot tell from mistyped ones by themselves. */
export async function rememberForeign(
  tx: EntityManager,
  campaign: CampaignEntity,
  codes: readonly SuppliedCode[],
): Promise<void> {
  if (campaign.foreignCodes || campaign.codes.source === 'imported') return;
  if (codes.every(({ code }) => mayBeGenerated(code))) return;
  await tx.query(`update campaign set foreign_codes = true where id = $1`, [campaign.id]);
}
