import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  AddSuppression,
  CheckAddress,
  ListSuppressions,
  RemoveSuppression,
  type ReplyOf,
  type RequestOf,
  type Suppression,
} from '@tearoff/contracts';
import { SuppressionsService } from './suppressions.service';

@Controller()
export class SuppressionsController {
  constructor(private readonly suppressions: SuppressionsService) {}

  @MessagePattern(AddSuppression.name)
  add(@Payload() request: RequestOf<typeof AddSuppression>): Promise<Suppression> {
    return this.suppressions.add(request);
  }

  @MessagePattern(RemoveSuppression.name)
  async remove(@Payload() request: RequestOf<typeof RemoveSuppression>): Promise<object> {
    await this.suppressions.remove(request);
    return {};
  }

  @MessagePattern(ListSuppressions.name)
  list(@Payload() request: RequestOf<typeof ListSuppressions>): Promise<ReplyOf<typeof ListSuppressions>> {
    return this.suppressions.list(request);
  }

  @MessagePattern(CheckAddress.name)
  check(@Payload() requests: RequestOf<typeof CheckAddress>[]): Promise<ReplyOf<typeof CheckAddress>[]> {
    return this.suppressions.check(requests);
  }
}
