import { Currency, fits, reportGroups, reportIntervals, Source } from '@tearoff/contracts';
import { IsIn, IsInt, Matches, Max, Min, ValidateBy } from 'class-validator';
import { Optional } from '../../http/validation/dto.decorators';
import { IsCurrency, IsText } from '../../http/validation/validators';

/** PostgreSQL's calendar has no year nought. */
const day = /^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const IsDay = (): PropertyDecorator => Matches(day, { message: 'must be a day such as 2027-01-31' });
const currency = new RegExp(Currency().pattern!);
/** To choose by: reports also have XXX, and whatever tills have sent before unknown codes were refused. */
const IsCurrencyCode = (): PropertyDecorator =>
  Matches(currency, { message: 'must be a currency such as EUR' });

const IsSource = (): PropertyDecorator =>
  ValidateBy({
    name: 'isSource',
    validator: {
      validate: (value) => fits(Source, value),
      defaultMessage: () => 'must be an object of at most 20 texts of at most 200 characters',
    },
  });

const IsGroups = (): PropertyDecorator =>
  ValidateBy({
    name: 'isGroups',
    validator: {
      validate: (value) => typeof value === 'string' && groupsOf(value) !== null,
      defaultMessage: () => `must be some of ${reportGroups.join(', ')}, separated by commas`,
    },
  });

/** `source,day` as groups; null when one is unknown or named twice. */
export function groupsOf(text: string): (typeof reportGroups)[number][] | null {
  const names = text === '' ? [] : text.split(',');
  const groups = reportGroups.filter((group) => names.includes(group));
  return groups.length === names.length ? (names as typeof groups) : null;
}

class SpanQuery {
  @Optional() @IsDay() from?: string;
  @Optional() @IsDay() to?: string;
}

export class FunnelQuery extends SpanQuery {
  @Optional() @IsText(48, 1) campaignId?: string;
  @Optional() @IsGroups() groupBy?: string;
}

export class TimeseriesQuery extends SpanQuery {
  @IsText(48, 1) campaignId: string;
  @Optional() @IsIn(reportIntervals) interval?: (typeof reportIntervals)[number];
  @Optional() @IsCurrencyCode() currency?: string;
}

export class LoyaltyQuery extends SpanQuery {
  @IsText(48, 1) cardId: string;
  @Optional() @IsIn(reportIntervals) groupBy?: (typeof reportIntervals)[number];
}

export class SpendDto {
  @IsSource() source: Record<string, string>;
  @IsInt() @Min(0) @Max(Number.MAX_SAFE_INTEGER) amount: number;
  @IsCurrency() currency: string;
  @IsDay() day: string;
}

export class RebuildDto {
  @Optional() @IsIn(['own', 'all']) accounts?: 'own' | 'all';
}
