import { Optional } from '../http/dto.decorators';
import { PagingQuery } from '../http/paging.dto';
import { IsText } from '../http/validators';

export class RedemptionsQuery extends PagingQuery {
  @Optional() @IsText(200) code?: string;
  @Optional() @IsText(100) storeId?: string;
  @Optional() @IsText(200) transactionRef?: string;
  @Optional() @IsText(48) campaignId?: string;
}
