import { redemptionChannels, type RedemptionRequest } from '@tearoff/contracts';
import type { Static } from '@sinclair/typebox';
import { IsIn, IsInt, IsNumber, Matches, Max, Min } from 'class-validator';
import { Nested, NestedList, Optional } from '../http/dto.decorators';
import { IsText } from '../http/validators';

const safe = Number.MAX_SAFE_INTEGER;

export class BasketItemDto {
  @Optional() @IsText(100) sku?: string;
  @Optional() @IsText(200) name?: string;
  @Optional() @IsNumber() @Min(0) quantity?: number;
  @Optional() @IsInt() @Min(0) @Max(safe) price?: number;
}

export class BasketDto {
  @Optional() @IsInt() @Min(0) @Max(safe) total?: number;
  @Optional() @Matches(/^[A-Z]{3}$/, { message: 'must be an ISO 4217 currency code' }) currency?: string;
  @Optional() @NestedList(() => BasketItemDto, 500) items?: BasketItemDto[];
}

export class ReservationDto {
  @IsText(100, 1) code: string;
  @Optional() @IsText(100, 1) storeId?: string;
  @Optional() @IsText(100, 1) terminalId?: string;
  @Optional() @IsIn(redemptionChannels) channel?: Static<typeof RedemptionRequest>['channel'];
  @Optional() @Nested(() => BasketDto) basket?: BasketDto;
  @Optional() @IsInt() @Min(1) @Max(3_600) ttlSeconds?: number;
}
