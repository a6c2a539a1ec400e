import { Injectable } from '@nestjs/common';
import {
  DomainError,
  type AppliedDiscount,
  type MessageContext,
  type RefusalReason,
  type RequestOf,
  type ValidateCode,
  type Validation,
} from '@tearoff/contracts';
import { isStorable, prepared, unstorableCharacters } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import { CouponLookup } from '../coupons/coupon-lookup';
import { questionValues } from './eligibility.sql';
import { minimumOf } from './minimum-basket';
import { questionOf, readingsOf, type Question } from './question';
import { validateStatement, type ValidationRow } from './validate.sql';

@Injectable()
export class ValidationsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: CouponLookup,
  ) {}

  async validate(
    requests: readonly RequestOf<typeof ValidateCode>[],
    contexts: readonly MessageContext[],
  ): Promise<(Validation | DomainError)[]> {
    const results: (Validation | DomainError)[] = requests.map(({ code }) => unknown(code));
    const questions: Question[] = [];
    requests.forEach((request, pos) => {
      const readings = readingsOf(request.code);
      if (request.storeId !== undefined && !isStorable(request.storeId))
        results[pos] = unstorableCharacters();
      else if (readings) questions.push(questionOf(request, readings, pos, contexts[pos]));
    });
    if (questions.length === 0) return results;
    const answers = await this.lookup.answers(questions, (batch) =>
      prepared<ValidationRow>(this.dataSource, validateStatement, questionValues(batch)),
    );
    const totals = new Map(questions.map(({ pos, total }) => [pos, total]));
    for (const [pos, answer] of answers)
      results[pos] = answer instanceof DomainError ? answer : viewOf(answer, totals.get(pos)!);
    return results;
  }
}

const viewOf = (row: ValidationRow, total: number | null): Validation => ({
  valid: row.reason === null,
  reason: row.reason as RefusalReason | null,
  code: row.code,
  couponId: row.coupon_id,
  campaignId: row.campaign_id,
  content: row.content,
  discount: row.discount as AppliedDiscount | null,
  validTo: row.valid_to?.toISOString() ?? null,
  redeemedAt: row.redeemed_at?.toISOString() ?? null,
  storeId: row.redeemed_store_id,
  ...minimumOf(row, row.reason, total),
});

const unknown = (code: string): Validation => ({
  valid: false,
  reason: 'not_found',
  code,
  couponId: null,
  campaignId: null,
  content: null,
  discount: null,
  validTo: null,
  redeemedAt: null,
  storeId: null,
  minBasket: null,
  missing: null,
});
