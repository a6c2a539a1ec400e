import { Injectable, Logger } from '@nestjs/common';
import { addressesOfPerson, internationalPhoneOf, newId } from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import { DeliveriesService } from '../deliveries/deliveries.service';
import type { ReplyKind } from '../deliveries/delivery.entity';
import { smsSegments } from '../messages/sms-segments';
import { Settings } from '../settings';
import { OptOuts } from '../suppressions/opt-outs';
import { keywordOf, type Keyword } from './keyword';
import { writersTo } from './writers';

/** What they wrote back. `id`: the provider's; `from` in its spelling. */
export interface InboundMessage {
  id: string;
  from: string;
  text: string;
  at: Date;
}

/** How often they are given the help text: two machines that answer each other must not go on for ever. */
const helpEveryMinutes = 60;
/** Longer than any provider tells the same message again. */
const rememberedDays = 30;

/**
 * Acts on STOP, START and HELP. All accounts write from the installation's one number, so their word counts for every
 * account that ever wrote to them; the answer is recorded with the one that wrote last.
 */
@Injectable()
export class KeywordsService {
  private readonly log = new Logger(KeywordsService.name);

  constructor(
    private readonly outbox: Outbox,
    private readonly deliveries: DeliveriesService,
    private readonly optOuts: OptOuts,
    private readonly settings: Settings,
  ) {}

  /** The same message again does nothing. */
  async receive(message: InboundMessage): Promise<void> {
    const keyword = keywordOf(message.text);
    const address = internationalPhoneOf(message.from);
    if (!keyword || !address) {
      this.log.log(`inbound message ${message.id} holds no keyword and was ignored`);
      return;
    }
    await this.outbox.transaction(async (tx) => {
      // STOP and START that come together end as one after the other.
      await this.optOuts.lock(tx, 'sms', address);
      if (await isKnown(tx, message.id)) return;
      const accountIds = await writersTo(tx, address);
      if (accountIds.length === 0) {
        this.log.log(`${keyword} from a number that no one here has written to was ignored`);
        return;
      }
      await this.act(tx, keyword, { accountIds, address, text: message.text, at: message.at });
    });
  }

  private async act(
    tx: Transaction,
    keyword: Keyword,
    { accountIds, address, text, at }: { accountIds: string[]; address: string; text: string; at: Date },
  ): Promise<void> {
    const choice = {
      accountIds,
      channel: 'sms',
      address,
      how: 'keyword',
      text: text.slice(0, 200),
      at,
    } as const;
    switch (keyword) {
      case 'stop': {
        const fresh = await this.optOuts.out(tx, choice);
        // Once: who says it again, or was not written to anyway, is left in peace.
        if (fresh.length > 0) await this.reply(tx, 'stop', accountIds[0], address, this.settings.stopText);
        return;
      }
      case 'start':
        await this.optOuts.in(tx, choice);
        return;
      case 'help':
        if (!(await wasHelpedLately(tx, address)))
          await this.reply(tx, 'help', accountIds[0], address, this.settings.helpText);
    }
  }

  private reply(
    tx: Transaction,
    reply: ReplyKind,
    accountId: string,
    address: string,
    text: string,
  ): Promise<void> {
    return this.deliveries.write(tx, [
      {
        id: newId('delivery'),
        accountId,
        couponId: null,
        campaignId: null,
        channel: 'sms',
        address,
        status: 'queued',
        error: null,
        warning: null,
        segments: smsSegments(text),
        subject: null,
        text,
        html: null,
        barcode: null,
        reply,
        bulk: false,
        dueAt: null,
      },
    ]);
  }
}

async function isKnown(tx: Transaction, id: string): Promise<boolean> {
  await tx.query(`delete from inbound_message where at < now() - $1::int * interval '1 day'`, [
    rememberedDays,
  ]);
  const fresh = await prepared(tx, rememberStatement, [id]);
  return fresh.length === 0;
}

const rememberStatement = {
  name: 'inbound-message-remember',
  text: `insert into inbound_message (id) values ($1) on conflict do nothing returning id`,
};

async function wasHelpedLately(tx: Transaction, address: string): Promise<boolean> {
  const [{ helped }] = (await tx.query(
    `select exists (
       select from delivery
       where address = any($1) and reply = 'help' and created_at > now() - $2::int * interval '1 minute') as helped`,
    [addressesOfPerson(address), helpEveryMinutes],
  )) as [{ helped: boolean }];
  return helped;
}
