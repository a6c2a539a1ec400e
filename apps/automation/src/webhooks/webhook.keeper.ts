import { Injectable } from '@nestjs/common';
import { namesOfPerson } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import type { Person, PersonKeeper } from '../people/person-keeper';

const naming = `account_id = $1 and exists (
  select from unnest($2::text[]) as name where position(to_json(name)::text in body) > 0)`;

/** Of a person: the messages to webhooks that name her. Erased, those that are still to go do not. */
@Injectable()
export class WebhookKeeper implements PersonKeeper {
  constructor(private readonly dataSource: DataSource) {}

  async held({ accountId, ref }: Person): Promise<Record<string, Record<string, unknown>[]>> {
    const webhookMessages = (await this.dataSource.query(
      `select id, webhook_id as "webhookId", event, status, body, created_at as "createdAt"
       from webhook_attempt where ${naming} order by id desc limit 10000`,
      [accountId, namesOfPerson(ref)],
    )) as Record<string, unknown>[];
    return { webhookMessages };
  }

  async forget(tx: Transaction, { accountId, ref }: Person): Promise<void> {
    await tx.query(`delete from webhook_attempt where ${naming}`, [accountId, namesOfPerson(ref)]);
  }
}
