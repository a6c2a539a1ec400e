import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ListConsents, RecordConsent, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { ConsentsService } from './consents.service';

@Controller()
export class ConsentsController {
  constructor(private readonly consents: ConsentsService) {}

  @MessagePattern(RecordConsent.name)
  async record(@Payload() request: RequestOf<typeof RecordConsent>): Promise<object> {
    await this.consents.record(request);
    return {};
  }

  @MessagePattern(ListConsents.name)
  list(@Payload() request: RequestOf<typeof ListConsents>): Promise<ReplyOf<typeof ListConsents>> {
    return this.consents.list(request);
  }
}
