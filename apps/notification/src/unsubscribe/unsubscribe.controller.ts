import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { notFound, ReadUnsubscribe, Unsubscribe, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { OptOuts } from '../suppressions/opt-outs';
import { SuppressionsService } from '../suppressions/suppressions.service';
import { maskedAddress } from './masked-address';
import { UnsubscribeLinks } from './unsubscribe-links';

@Controller()
export class UnsubscribeController {
  constructor(
    private readonly outbox: Outbox,
    private readonly links: UnsubscribeLinks,
    private readonly suppressions: SuppressionsService,
    private readonly optOuts: OptOuts,
  ) {}

  @MessagePattern(ReadUnsubscribe.name)
  async read(
    @Payload() { token }: RequestOf<typeof ReadUnsubscribe>,
  ): Promise<ReplyOf<typeof ReadUnsubscribe>> {
    const address = this.links.read(token);
    if (!address) return null;
    const [{ suppressed }] = await this.suppressions.check([address]);
    return {
      channel: address.channel,
      maskedAddress: maskedAddress(address.channel, address.address),
      unsubscribed: suppressed,
    };
  }

  @MessagePattern(Unsubscribe.name)
  async unsubscribe(@Payload() { token }: RequestOf<typeof Unsubscribe>): Promise<object> {
    const found = this.links.read(token);
    if (!found) throw notFound('unsubscribe.unknown_link', 'This is not one of our unsubscribe links.');
    const { accountId, channel, address } = found;
    await this.outbox.transaction((tx) =>
      this.optOuts.out(tx, {
        accountIds: [accountId],
        channel,
        address,
        how: 'unsubscribe_link',
        text: null,
        at: new Date(),
      }),
    );
    return {};
  }
}
