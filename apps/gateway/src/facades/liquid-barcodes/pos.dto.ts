import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { OptionalOrNull } from '../../http/validation/dto.decorators';
import { IsText } from '../../http/validation/validators';

class TillDto {
  @OptionalOrNull() @IsText(100, 1) StoreId?: string | null;
  @OptionalOrNull() @IsText(100, 1) TerminalId?: string | null;
}

export class ReserveDto extends TillDto {
  @IsText(200, 1) Code: string;
  @OptionalOrNull() @Type(() => Number) @IsInt() @Min(1) @Max(3_600) Seconds?: number | null;
}

export class ValidateDto extends TillDto {
  @IsText(48, 1) ReservationId: string;
  @OptionalOrNull() @IsText(200, 1) TransactionId?: string | null;
}

export class CancelDto {
  @IsText(48, 1) ReservationId: string;
}
