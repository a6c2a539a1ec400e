import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { CheckMessages, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { liquidFault } from '../rendering/liquid/liquid-text';

@Controller()
export class MessagesController {
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
