import { channels, suppressionReasons, type Channel } from '@tearoff/contracts';
import { Transform } from 'class-transformer';
import { IsIn } from 'class-validator';
import { Optional } from '../../http/validation/dto.decorators';
import { PagingQuery } from '../../http/validation/paging.dto';
import { plusOf } from '../../http/validation/plus';
import { IsText } from '../../http/validation/validators';

export class SuppressionDto {
  @IsIn(channels) channel: Channel;
  @IsText(320, 1) address: string;
  @Optional() @IsIn(suppressionReasons) reason?: (typeof suppressionReasons)[number];
  @Optional() @IsText(500) note?: string;
}

export class SuppressedAddressDto {
  @IsIn(channels) channel: Channel;
  @IsText(320, 1) address: string;
}

export class SuppressionsQuery extends PagingQuery {
  @Optional() @IsIn(channels) channel?: Channel;
  @Optional() @Transform(plusOf) @IsText(320) address?: string;
}
