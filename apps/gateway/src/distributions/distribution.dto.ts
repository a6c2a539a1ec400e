import { issueChannels } from '@tearoff/contracts';
import { IsIn } from 'class-validator';
import { Optional } from '../http/dto.decorators';

export class DistributionQuery {
  /** Of a CSV list, which cannot say it itself. */
  @Optional() @IsIn(issueChannels) channel?: (typeof issueChannels)[number];
}
