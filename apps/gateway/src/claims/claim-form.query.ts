import { Optional } from '../http/dto.decorators';
import { IsText } from '../http/validators';

export class ClaimFormQuery {
  @IsText(48, 1) campaignId: string;
  @Optional() @IsText(35) lang?: string;
}
