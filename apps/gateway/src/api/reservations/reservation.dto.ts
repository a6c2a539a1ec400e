import { redemptionChannels, type RedemptionRequest } from '@tearoff/contracts';
import type { Static } from '@sinclair/typebox';
import { IsIn, IsInt, IsNumber, Max, Min } from 'class-validator';
import { Nested, NestedList, Optional } from '../../http/validation/dto.decorators';
import { IsCurrency, IsText } from '../../http/validation/validators';

const safe = Number.MAX_SAFE_INTEGER;

export class BasketItemDto {
  @Optional() @IsText(100) sku?: string;
  @Optional() @IsText(200) name?: string;
  @Optional() @IsNumber() @Min(0) quantity?: number;
  @Optional() @IsInt() @Min(0) @Max(safe) price?: number;
}

export class BasketDto {
  @Optional() @IsInt() @Min(0) @Max(safe) total?: number;
  @Optional() @IsCurrency() currency?: string;
  @Optional() @NestedList(() => BasketItemDto, 500) items?: BasketItemDto[];
}

export class ReservationDto {
  @IsText(200, 1) code: string;
  @Optional() @IsText(100, 1) storeId?: string;
  @Optional() @IsText(100, 1) terminalId?: string;
  @Optional() @IsIn(redemptionChannels) channel?: Static<typeof RedemptionRequest>['channel'];
  @Optional() @Nested(() => BasketDto) basket?: BasketDto;
  @Optional() @IsInt() @Min(1) @Max(3_600) ttlSeconds?: number;
}
