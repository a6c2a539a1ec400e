import { Optional } from '../../http/validation/dto.decorators';
import { PagingQuery } from '../../http/validation/paging.dto';
import { IsText } from '../../http/validation/validators';

export class RedemptionsQuery extends PagingQuery {
  @Optional() @IsText(200) code?: string;
  @Optional() @IsText(100) storeId?: string;
  @Optional() @IsText(200) transactionRef?: string;
  @Optional() @IsText(48) campaignId?: string;
}
