import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { SendNotice, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { NoticesService } from './notices.service';

@Controller()
export class NoticesController {
  constructor(private readonly notices: NoticesService) {}

  @MessagePattern(SendNotice.name)
  send(@Payload() request: RequestOf<typeof SendNotice>): Promise<ReplyOf<typeof SendNotice>> {
    return this.notices.send(request);
  }
}
