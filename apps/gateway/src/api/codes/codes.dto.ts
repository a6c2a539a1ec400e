import { IsIn, IsInt, Max, Min } from 'class-validator';
import { Optional } from '../../http/validation/dto.decorators';
import { IsText } from '../../http/validation/validators';

export class GenerateCodesDto {
  @IsInt() @Min(1) @Max(10_000_000) count: number;
}

/** Of a CSV file, which cannot say it itself. */
export class CodeImportQuery {
  /** The header of the column that has the codes, or its number from 1. */
  @Optional() @IsText(200, 1) column?: string;
  /** Whether the first line is a header; told from the file where it is not said. */
  @Optional() @IsIn(['yes', 'no']) header?: 'yes' | 'no';
}
