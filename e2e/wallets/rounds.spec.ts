import { newId } from '@tearoff/contracts';
import { rabbitTransport } from '@tearoff/messaging';
import type { RunningService } from '@tearoff/service-kit';
import { Client } from 'pg';
import { start as startLoyalty } from '../../apps/loyalty/src/start';
import { describeWithBroker, eventually } from '@tearoff/testing';
import { startSystem, type System } from '../api/system';
import { ApnsStandIn } from './apns.stand-in';

const phones = 1_200;

describeWithBroker('a message to a whole card, with two processes of loyalty over RabbitMQ', () => {
  let system: System;
  let other: RunningService;
  let apns: ApnsStandIn;
  let database: Client;

  beforeAll(async () => {
    apns = new ApnsStandIn();
    const env = {
      APNS_URL: await apns.start(),
      APNS_CA: apns.certificate,
      APNS_KEY: apns.providerKey.privateKey,
      APNS_KEY_ID: 'ABCDE12345',
      WALLET_PUSH_INTERVAL_MS: '0',
      WALLET_ROUND_RATE: '2000',
    };
    system = await startSystem('RabbitMQ', env);
    const { url, prefix } = system.broker!;
    other = await startLoyalty({
      env: { ...env, LOG_LEVEL: 'silent', DATABASE_POOL: '4' },
      transport: rabbitTransport({ url, prefix }),
      databaseUrl: system.databaseUrl,
    });
    database = new Client({ connectionString: system.databaseUrl });
    await database.connect();
    await database.query('set search_path = loyalty');
  });
  afterAll(async () => {
    await database?.end();
    await other?.stop();
    await system?.stop();
    await apns.stop();
  });

  it('reaches every phone once, anyone who does what of it, and however often a step is ordered', async () => {
    const { body: card } = await system.post('/v1/loyalty/cards', { name: 'Big', kind: 'points' });
    // That the card is new must be over, or it would be told as a change of what is on the passes.
    await eventually(async () => {
      const { rowCount } = await database.query(`select from inbox where queue = 'loyalty.wallets'`);
      expect(rowCount).toBeGreaterThan(0);
    });
    const passes = Array.from({ length: phones }, () => newId('pass'));
    await database.query(
      `insert into pass (id, account_id, card_id, member_id, page_token, auth_token, changed_at)
       select id, 'acc_x', $2, 'mem_' || id, id, id, now() from unnest($1::text[]) as id`,
      [passes, card.id],
    );
    await database.query(
      `insert into wallet (id, kind, address) select 'apple:' || id, 'apple', id from unnest($1::text[]) as id`,
      [passes],
    );
    await database.query(
      `insert into wallet_pass (wallet_id, pass_id) select 'apple:' || id, id from unnest($1::text[]) as id`,
      [passes],
    );
    const { body } = await system.post(`/v1/loyalty/cards/${card.id}/push`, { message: 'Hello' });
    expect(body.devices).toBe(phones);
    // As after a crash between a step and its acknowledgement.
    await database.query(
      `insert into outbox (id, type, queue, data, attempt, available_at)
       select $1 || n, 'wallet.push_job_continued.v1', 'loyalty.push', $2::json, 1, now() from generate_series(1, 5) as n`,
      [newId('event'), JSON.stringify({ items: [{ jobId: body.jobId, after: null }] })],
    );
    await eventually(
      async () => {
        const job = await system.get(`/v1/loyalty/cards/${card.id}/push/${body.jobId}`);
        expect(job.body).toMatchObject({ status: 'done', done: phones });
        expect(apns.pushes.length).toBeGreaterThanOrEqual(phones);
      },
      { timeoutMs: 25_000 },
    );
    expect(new Set(apns.pushes.map(({ token }) => token)).size).toBe(phones);
    expect(apns.pushes).toHaveLength(phones);
    await eventually(async () => {
      const { rows: open } = await database.query(`select from wallet where due_at is not null`);
      expect(open).toHaveLength(0);
    });
  });

  it('is told again, once, where the worker that had a phone in hand was killed', async () => {
    const id = 'apple:killed';
    await database.query(
      `insert into wallet (id, kind, address, counter, due_at, lease_until)
       values ($1, 'apple', 'killed', 1, now(), now() + interval '1 second')`,
      [id],
    );
    await database.query(
      `insert into outbox (id, type, queue, data, attempt, available_at)
       values ($1, 'wallet.due.v1', 'loyalty.push', $2::json, 1, now())`,
      [newId('event'), JSON.stringify({ items: [{ walletId: id }] })],
    );
    await eventually(() => apns.pushes.some(({ token }) => token === 'killed'));
    expect(apns.pushes.filter(({ token }) => token === 'killed')).toHaveLength(1);
  });
});
