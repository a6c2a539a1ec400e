import { CouponVoided, newId } from '@tearoff/contracts';
import type { DataSource } from 'typeorm';
import { DeadLetters } from '../src/inbox/dead-letters';
import { Outbox } from '../src';
import { effectsDatabase, voidedItem, type Database } from './fixture';

describe('dead letters of a person who is erased', () => {
  const account = newId('account');
  const otherAccount = newId('account');
  let database: Database;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await effectsDatabase();
    dataSource = await database.connect();
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  const insert = (reason: string, accountId: string, recipient: string) =>
    dataSource.query(
      `insert into dead_letter (queue, event_id, type, body, reason, attempts) values ('q', 'e', $1, $2, $3, 1)`,
      [
        CouponVoided.type,
        JSON.stringify([{ data: { items: [{ ...voidedItem('C'), accountId, recipient }] } }]),
        reason,
      ],
    );

  it('are deleted in the person’s account only, by their whole name', async () => {
    await insert('theirs', account, 'Zoë "Z" <zoe@example.com>');
    await insert('theirs too', account, '+447400100200');
    await insert('longer name', account, '+4474001002001');
    await insert('of another person', account, 'ann@example.com');
    await insert('of another account', otherAccount, 'Zoë "Z" <zoe@example.com>');
    await insert('of another account too', otherAccount, '+447400100200');
    const outbox = new Outbox(dataSource);
    const deadLetters = new DeadLetters(dataSource, outbox);
    await outbox.transaction((tx) =>
      deadLetters.erase(tx, account, ['Zoë "Z" <zoe@example.com>', '+447400100200']),
    );
    const kept = (await deadLetters.list()).map(({ reason }) => reason).sort();
    expect(kept).toEqual([
      'longer name',
      'of another account',
      'of another account too',
      'of another person',
    ]);
  });
});
