import { IsInt, Max, Min } from 'class-validator';

export class GenerateCodesDto {
  @IsInt() @Min(1) @Max(10_000_000) count: number;
}
