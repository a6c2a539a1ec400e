import { channels, couponStatuses, type Channel } from '@tearoff/contracts';
import { Transform } from 'class-transformer';
import { IsIn, IsObject } from 'class-validator';
import { Nested, Optional } from '../../http/validation/dto.decorators';
import { PagingQuery } from '../../http/validation/paging.dto';
import { plusOf } from '../../http/validation/plus';
import { IsText } from '../../http/validation/validators';

export class CouponsQuery extends PagingQuery {
  @Optional() @IsText(48) campaignId?: string;
  @Optional() @IsText(200) code?: string;
  @Optional() @Transform(plusOf) @IsText(50) phone?: string;
  @Optional() @IsText(320) email?: string;
  @Optional() @IsText(200) externalId?: string;
  @Optional() @IsIn(couponStatuses) status?: (typeof couponStatuses)[number];
}

export class ReasonDto {
  @Optional() @IsText(500) reason?: string;
}

export class MessageDto {
  @Optional() @IsText(500) subject?: string;
  @Optional() @IsText(100_000) body?: string;
  @Optional() @IsText(48) templateId?: string;
  /** What the template is told besides the coupon's variables. */
  @Optional() @IsObject() data?: Record<string, unknown>;
}

export class SendDto {
  @IsIn(channels) channel: Channel;
  @Optional() @Nested(() => MessageDto) message?: MessageDto;
}
