import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { prepared, type PreparedStatement } from '@tearoff/service-kit';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import { ampleSpace } from './code-format';
import { generatorOf, spaceOf } from './code-patterns';

/** `ticket`: its number in the stack, null when made on the spot. `validTo`: the end that an import gave it. */
export interface SuppliedCode {
  code: string;
  printedCode: string | null;
  ticket: number | null;
  validTo?: Date | null;
}

// A stack code that a generated one happened to equal, and which is out under that, is passed over; so is one that has
// expired since it was imported.
const nextOfStack: PreparedStatement = {
  name: 'next-of-stack',
  text: `
    select stack.ticket::int as ticket, stack.code, stack.printed_code as "printedCode", stack.valid_to as "validTo"
    from stack_code stack
    where stack.campaign_id = $1 and stack.ticket > $2
      and (stack.valid_to is null or stack.valid_to > $4)
      and not exists (select from coupon where code = stack.code and account_id = stack.account_id)
    order by stack.ticket limit $3`,
};

const unusedOf: PreparedStatement = {
  name: 'unused-codes',
  text: `
    select candidate.code from unnest($1::text[]) as candidate (code)
    where not exists (select from coupon where code = candidate.code and account_id = $2)
      and not exists (select from stack_code where code = candidate.code and account_id = $2)`,
};

const rounds = 20;

@Injectable()
export class CodeSupply {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Up to `count` codes no one has: the stack's next ones (the caller holds the campaign's lane 0), then,
   * unless the campaign lives on imported codes alone, fresh ones.
   */
  async next(
    tx: EntityManager,
    campaign: CampaignEntity,
    taken: number,
    count: number,
    now: Date,
  ): Promise<SuppliedCode[]> {
    if (count <= 0) return [];
    const codes = campaign.stacked
      ? await prepared<SuppliedCode>(tx, nextOfStack, [campaign.id, taken, count, now])
      : [];
    if (campaign.codes.source === 'imported' || codes.length === count) return codes;
    return [...codes, ...(await this.fresh(campaign, count - codes.length, tx))];
  }

  /**
   * Random codes. In an ample space they are taken on trust (the unique index has the last word); in a small
   * one they are looked up first, for there a batch of 200 would seldom have none that exists.
   */
  async fresh(
    { accountId, codes, barcode }: Pick<CampaignEntity, 'accountId' | 'codes' | 'barcode'>,
    count: number,
    target: DataSource | EntityManager = this.dataSource,
  ): Promise<SuppliedCode[]> {
    const style = { codes, barcode };
    const generator = generatorOf(style);
    if (spaceOf(style) >= ampleSpace) return generator.distinct(count).map(supplied);
    const found = new Set<string>();
    for (let round = 0; round < rounds && found.size < count; round++) {
      const candidates = generator.distinct(Math.min((count - found.size) * 2, 50_000));
      const rows = await prepared<{ code: string }>(target, unusedOf, [candidates, accountId]);
      for (const { code } of rows) found.add(code);
    }
    return [...found].slice(0, count).map(supplied);
  }
}

const supplied = (code: string): SuppliedCode => ({ code, printedCode: null, ticket: null });
