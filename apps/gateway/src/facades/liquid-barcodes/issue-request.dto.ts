import { Matches } from 'class-validator';
import { OptionalOrNull } from '../../http/validation/dto.decorators';
import { IsInstant, IsText } from '../../http/validation/validators';

/** Unlike in our own API a member that is not known is let pass: the vendor's schema is not public. */
export class IssueRequestDto {
  @IsText(500, 1) ScheduleId: string;
  @IsText(320, 1) UserRef: string;
  @OptionalOrNull()
  @Matches(/^(sms|e-?mail|none)$/i, { message: 'must be SMS, Email or None' })
  Channel?: string | null;
  @OptionalOrNull() @IsText(200, 1) TransactionId?: string | null;
  @OptionalOrNull() @IsInstant() ExpirationDate?: string | null;
  @OptionalOrNull() @IsText(500) Reference?: string | null;
}
