import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  addressesOfPerson,
  ListSandboxMessages,
  notFound,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import { decodeCursor, toPage } from '@tearoff/service-kit';
import { DataSource, In, LessThan } from 'typeorm';
import { addressOn, channelOf } from '../addresses/address';
import { Providers } from '../providers/providers';
import { SandboxMessageEntity, sandboxMessageView } from './sandbox-message.entity';

@Controller()
export class SandboxController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly providers: Providers,
  ) {}

  /** Newest first; `to` in any spelling; the cursor is the id of the page's last. */
  @MessagePattern(ListSandboxMessages.name)
  async list(
    @Payload() request: RequestOf<typeof ListSandboxMessages>,
  ): Promise<ReplyOf<typeof ListSandboxMessages>> {
    if (!this.providers.usesSandbox())
      throw notFound('sandbox.off', 'No channel uses the sandbox provider: there is no sandbox inbox.');
    const { accountId, to, cursor, limit = 50 } = request;
    const before = decodeCursor(cursor, /^\d{1,18}$/);
    const rows = await this.dataSource.getRepository(SandboxMessageEntity).find({
      where: {
        ...(accountId && { accountId }),
        ...(to && { recipient: In(addressesOfPerson(addressOn(channelOf(to), to) ?? to)) }),
        ...(before && { id: LessThan(before) }),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return toPage(rows, limit, sandboxMessageView);
  }
}
