import { Outbox } from '@tearoff/messaging';
import { createTestDatabase, type TestDatabase } from '@tearoff/testing';
import type { DataSource } from 'typeorm';
import { openLoyaltyDatabase } from '../src/database';
import { readEnvironment } from '../src/env';
import { WalletClaims } from '../src/push/wallet-claims';
import type { ClaimedWallet, PushResult } from '../src/push/wallet.sender';
import { WalletSettings } from '../src/wallet.settings';

const minute = 60_000;
const id = 'apple:phone';
const ago = (ms: number): Date => new Date(Date.now() - ms);
const later = { verdict: 'later', why: 'busy' } as const;

describe('the lease of a wallet', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let claims: WalletClaims;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await openLoyaltyDatabase(database.url, 2);
    const settings = WalletSettings.fromEnv(
      readEnvironment({ DATABASE_URL: database.url, WALLET_PUSH_INTERVAL_MS: String(minute) }),
    );
    claims = new WalletClaims(dataSource, new Outbox(dataSource), settings);
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });
  beforeEach(() => dataSource.query('truncate wallet, wallet_pass, outbox'));

  const insertWallet = async (walletId: string, dueAt: Date | null = ago(1_000)): Promise<void> => {
    await dataSource.query(
      `insert into wallet (id, kind, address, counter, due_at) values ($1, 'apple', 'token', 5, $2)`,
      [walletId, dueAt],
    );
    await dataSource.query(`insert into wallet_pass (wallet_id, pass_id) values ($1, 'pas_1')`, [walletId]);
  };
  const rowOf = async (walletId: string): Promise<Record<string, unknown> | undefined> => {
    const [row] = await dataSource.query<Record<string, unknown>[]>('select * from wallet where id = $1', [
      walletId,
    ]);
    return row;
  };
  const passHolders = async (): Promise<string[]> => {
    const rows = await dataSource.query<{ id: string }[]>(
      'select wallet_id as id from wallet_pass order by wallet_id',
    );
    return rows.map((row) => row.id);
  };
  /** The wallets that are on the work queue, and from when. */
  const items = (): Promise<{ id: string; at: Date }[]> =>
    dataSource.query(
      `select item ->> 'walletId' as id, available_at as at from outbox, json_array_elements(data -> 'items') as item`,
    );
  const claimed = async (): Promise<ClaimedWallet> => {
    const [wallet] = await claims.claim([id]);
    return wallet;
  };
  const expireLease = (): Promise<unknown> =>
    dataSource.query(`update wallet set lease_until = now() - interval '1 second' where id = $1`, [id]);
  const settle = (wallet: ClaimedWallet, told: PushResult): Promise<void> =>
    claims.settle([{ wallet, told }]);

  it('keeps other workers away until it runs out, and has them look again then', async () => {
    await insertWallet(id);
    expect(await claimed()).toMatchObject({ id, kind: 'apple', address: 'token', counter: '5' });
    const until = (await rowOf(id))!.lease_until as Date;
    expect(until.getTime()).toBeGreaterThan(Date.now() + minute / 2);
    expect(await items()).toEqual([]);
    expect(await claimed()).toBeUndefined();
    const [again] = await items();
    expect(again.id).toBe(id);
    expect(Math.abs(again.at.getTime() - until.getTime())).toBeLessThanOrEqual(50);
    await expireLease();
    expect(await claimed()).toMatchObject({ id });
    expect(await claimed()).toBeUndefined();
  });

  it('is given for the wallets asked for that are due', async () => {
    await insertWallet(id);
    await insertWallet('apple:knows', null);
    await insertWallet('apple:early', ago(-minute));
    await insertWallet('apple:other');
    const taken = await claims.claim([id, 'apple:knows', 'apple:early', 'apple:none']);
    expect(taken.map((wallet) => wallet.id)).toEqual([id]);
    expect(await rowOf('apple:other')).toMatchObject({ lease_until: null });
    expect(await items()).toEqual([]);
  });

  it.each<PushResult>([{ verdict: 'pushed' }, { verdict: 'gone' }, later])(
    'that was lost to another worker writes nothing: $verdict',
    async (told) => {
      await insertWallet(id);
      const late = await claimed();
      await expireLease();
      const holder = await claimed();
      const held = await rowOf(id);
      await settle(late, told);
      expect(await rowOf(id)).toEqual(held);
      expect([await passHolders(), await items()]).toEqual([[id], []]);
      await settle(holder, { verdict: 'pushed' });
      const row = await rowOf(id);
      expect(row).toMatchObject({ due_at: null, lease_until: null, told_at: expect.any(Date) });
      await settle(late, told);
      expect(await rowOf(id)).toEqual(row);
      expect([await passHolders(), await items()]).toEqual([[id], []]);
    },
  );

  it('that ran out counts to its worker as long as no other took the wallet', async () => {
    await insertWallet(id);
    const slow = { ...(await claimed()), lease: ago(1_000).toISOString() };
    await dataSource.query('update wallet set lease_until = $2 where id = $1', [id, slow.lease]);
    await settle(slow, { verdict: 'pushed' });
    expect(await rowOf(id)).toMatchObject({ due_at: null, lease_until: null });
  });

  it('ends with the outcome, after which what has changed meanwhile is due again', async () => {
    await insertWallet(id);
    const wallet = await claimed();
    await dataSource.query('update wallet set counter = 6 where id = $1', [id]);
    await settle(wallet, { verdict: 'pushed' });
    const row = (await rowOf(id))!;
    expect(row).toMatchObject({ lease_until: null, attempts: 0 });
    expect((row.due_at as Date).getTime()).toBeGreaterThan(Date.now() + minute / 2);
    expect((await items()).map((item) => item.id)).toEqual([id]);
  });

  it('ends with a failure, which is tried again and counted', async () => {
    await insertWallet(id);
    await settle(await claimed(), later);
    expect(await rowOf(id)).toMatchObject({
      lease_until: null,
      attempts: 1,
      told_at: null,
      due_at: expect.any(Date),
    });
    expect((await items()).map((item) => item.id)).toEqual([id]);
  });

  it('ends with the wallet where that is gone, and with no other', async () => {
    for (const walletId of [id, 'apple:other']) await insertWallet(walletId);
    const other = await rowOf('apple:other');
    await settle(await claimed(), { verdict: 'gone' });
    expect(await rowOf(id)).toBeUndefined();
    expect(await rowOf('apple:other')).toEqual(other);
    expect(await passHolders()).toEqual(['apple:other']);
  });

  it('leaves a phone that came back under another address, and has it told there', async () => {
    await insertWallet(id);
    const wallet = await claimed();
    await dataSource.query(`update wallet set address = 'new token' where id = $1`, [id]);
    await settle(wallet, { verdict: 'gone' });
    expect(await rowOf(id)).toMatchObject({ lease_until: null, due_at: expect.any(Date) });
    expect([await passHolders(), (await items()).map((item) => item.id)]).toEqual([[id], [id]]);
  });
});
