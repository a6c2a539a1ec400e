import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { DataSource, type EntityManager } from 'typeorm';
import { PassEntity } from '../passes/pass.entity';
import { enqueueWallets, type DueWallet } from '../push/due';
import { WalletSettings } from '../wallet.settings';

export interface PassKey {
  passTypeIdentifier: string;
  serialNumber: string;
  authenticationToken: string;
}

/** One pass's token lets in as many phones as its holder says they have: so many are told of changes. */
const maxPhones = 100;

const walletIdOf = (device: string): string => `apple:${device}`;

/** Which phones have which passes. */
@Injectable()
export class DevicesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly settings: WalletSettings,
  ) {}

  /** The pass of that number, for anyone who shows its token; null for everyone else. */
  async authorized({
    passTypeIdentifier,
    serialNumber,
    authenticationToken,
  }: PassKey): Promise<PassEntity | null> {
    const pass = await this.dataSource.manager.findOneBy(PassEntity, { id: serialNumber });
    const given = Buffer.from(authenticationToken);
    const expected = Buffer.from(pass?.authToken || 'x'.repeat(32));
    const same = given.length === expected.length && timingSafeEqual(given, expected);
    const ours = passTypeIdentifier === this.settings.apple.passTypeIdentifier;
    return pass && !pass.erasedAt && pass.authToken && same && ours ? pass : null;
  }

  /**
   * With the pass's row held, so that a change is either seen here or sees this. What changed since the phone was
   * given the pass, it is told. Of too many phones the one that registered longest ago is forgotten: a phone that were
   * refused would show what it has for good.
   */
  register(pass: PassEntity, device: string, pushToken: string): Promise<'registered' | 'known'> {
    const walletId = walletIdOf(device);
    return this.outbox.transaction(async (tx) => {
      const [held] = (await tx.query(`select served from pass where id = $1 for update`, [pass.id])) as {
        served: boolean;
      }[];
      await this.makeRoom(tx, pass.id, walletId);
      await tx.query(
        `insert into wallet (id, kind, address) values ($1, 'apple', $2)
         on conflict (id) do update set address = excluded.address`,
        [walletId, pushToken],
      );
      const [{ added }] = (await tx.query(
        `insert into wallet_pass (wallet_id, pass_id, tag, registered_at)
         select $1, $2, counter, clock_timestamp() from wallet where id = $1
         on conflict (wallet_id, pass_id) do update set registered_at = excluded.registered_at
         returning xmax = 0 as added`,
        [walletId, pass.id],
      )) as { added: boolean }[];
      if (held && !held.served) await this.tell(walletId, pass.id, tx);
      return added ? 'registered' : 'known';
    });
  }

  async unregister(pass: PassEntity, device: string): Promise<void> {
    await this.dataSource.transaction((tx) => this.forget(tx, pass.id, [walletIdOf(device)]));
  }

  /** In one statement, so that the tag is of the very moment of the list. */
  async changed(
    device: string,
    since: string | undefined,
  ): Promise<{ serialNumbers: string[]; lastUpdated: string }> {
    // A tag that is none of ours is no tag: everything is told, which harms no one.
    const tag = since !== undefined && /^\d{1,15}$/.test(since) ? since : '-1';
    const rows = (await this.dataSource.query(
      `select pass_id as serial, counter::text as counter from wallet
       left join wallet_pass on wallet_id = id and tag > $2::bigint where id = $1 order by pass_id`,
      [walletIdOf(device), tag],
    )) as { serial: string | null; counter: string }[];
    return {
      serialNumbers: rows.flatMap(({ serial }) => (serial === null ? [] : [serial])),
      lastUpdated: rows[0]?.counter ?? '0',
    };
  }

  /** For that phone; all others that have to go are locked before it is. */
  private async makeRoom(tx: EntityManager, passId: string, walletId: string): Promise<void> {
    const rows = (await tx.query(
      `select wallet_id as id from wallet_pass join wallet on wallet.id = wallet_id
       where pass_id = $1 and kind = 'apple' and wallet_id <> $2
       order by registered_at desc offset $3`,
      [passId, walletId, maxPhones - 1],
    )) as { id: string }[];
    if (rows.length === 0) return;
    await this.forget(
      tx,
      passId,
      rows.map(({ id }) => id),
    );
  }

  private async forget(tx: EntityManager, passId: string, walletIds: readonly string[]): Promise<void> {
    // Locked, so that two goodbyes at once do not each leave the phone to the other.
    await tx.query(`select from wallet where id = any($1) order by id for update`, [walletIds]);
    await tx.query(`delete from wallet_pass where wallet_id = any($1) and pass_id = $2`, [walletIds, passId]);
    await tx.query(
      `delete from wallet where id = any($1) and not exists (select from wallet_pass where wallet_id = wallet.id)`,
      [walletIds],
    );
  }

  private async tell(walletId: string, passId: string, tx: Transaction): Promise<void> {
    const [rows] = (await tx.query(
      `update wallet set counter = counter + 1, due_at = coalesce(due_at, clock_timestamp())
       where id = $1 returning id, due_at as "dueAt"`,
      [walletId],
    )) as [DueWallet[], number];
    await tx.query(
      `update wallet_pass set tag = (select counter from wallet where id = $1) where wallet_id = $1 and pass_id = $2`,
      [walletId, passId],
    );
    await enqueueWallets(this.outbox, tx, rows);
  }
}
