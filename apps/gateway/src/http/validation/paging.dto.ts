import { Type } from 'class-transformer';
import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { Optional } from './dto.decorators';

/** `?limit=&cursor=` of every list. */
export class PagingQuery {
  @Optional() @Type(() => Number) @IsInt() @Min(1) @Max(500) limit?: number;
  @Optional() @IsString() @MaxLength(500) cursor?: string;
}
