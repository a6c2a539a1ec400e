import { Optional } from '../../http/validation/dto.decorators';
import { IsText } from '../../http/validation/validators';

export class ClaimFormQuery {
  @IsText(48, 1) campaignId: string;
  @Optional() @IsText(35) lang?: string;
}
