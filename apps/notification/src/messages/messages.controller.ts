import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { CheckMessages, SendMessages, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import type { CommandContext } from '@tearoff/messaging';
import { liquidFault } from '../rendering/liquid/liquid-text';
import { MessagesService } from './messages.service';

@Controller()
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  @MessagePattern(SendMessages.name)
  send(
    @Payload() request: RequestOf<typeof SendMessages>,
    @Ctx() { contexts }: CommandContext,
  ): Promise<ReplyOf<typeof SendMessages>> {
    return this.messages.send(request, contexts[0]);
  }

  @MessagePattern(CheckMessages.name)
  check(@Payload() requests: RequestOf<typeof CheckMessages>[]): ReplyOf<typeof CheckMessages>[] {
    return requests.map(({ texts }) => ({
      faults: texts.flatMap(({ path, text }) => {
        const message = liquidFault(text);
        return message === null ? [] : [{ path, message }];
      }),
    }));
  }
}
