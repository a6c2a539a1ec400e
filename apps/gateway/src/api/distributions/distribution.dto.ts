import { issueChannels } from '@tearoff/contracts';
import { IsIn } from 'class-validator';
import { Optional } from '../../http/validation/dto.decorators';
import { IsText } from '../../http/validation/validators';

export class DistributionQuery {
  /** Of a CSV list, which cannot say it itself. */
  @Optional() @IsIn(issueChannels) channel?: (typeof issueChannels)[number];
  /** Of a CSV list: which columns are what, such as `phone:Mobile 2,firstName:Vorname`. */
  @Optional() @IsText(4_000) map?: string;
  /** Says what the list would come to, and does nothing. */
  @Optional() @IsIn(['true', 'false']) dryRun?: 'true' | 'false';
}
