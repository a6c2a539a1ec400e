import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { newId } from '@tearoff/contracts';
import { CommandClient, Outbox } from '@tearoff/messaging';
import { createTestDatabase, eventually, type TestDatabase } from '@tearoff/testing';
import type { DataSource } from 'typeorm';
import { openLoyaltyDatabase } from '../src/database';
import { readEnvironment } from '../src/env';
import { PassChanges } from '../src/passes/pass-changes';
import { PictureClaims, type ClaimedPicture } from '../src/pictures/picture.claims';
import { PictureEraser } from '../src/pictures/picture.eraser';
import { pictureRequest, type PictureRequest } from '../src/pictures/picture.requests';
import { PicturesService } from '../src/pictures/pictures.service';
import { WalletPushJobs } from '../src/push/wallet-push-jobs.service';
import { WalletSettings } from '../src/wallet.settings';
import { World } from './world';

const leaseMs = 60_000;
const hourMs = 3_600_000;
const made = { digest: 'one', etag: '"1"', lastModified: null, files: { 'logo.png': Buffer.from('png') } };

describe('pictures', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let outbox: Outbox;
  let pictures: PicturesService;
  let claims: PictureClaims;
  let eraser: PictureEraser;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await openLoyaltyDatabase(database.url, 4);
    outbox = new Outbox(dataSource);
    pictures = new PicturesService(dataSource);
    const settings = WalletSettings.fromEnv(readEnvironment({ DATABASE_URL: database.url }));
    const unused = {} as CommandClient;
    const changes = new PassChanges(outbox, settings);
    claims = new PictureClaims(
      dataSource,
      outbox,
      new WalletPushJobs(dataSource, unused, outbox, changes, settings),
    );
    eraser = new PictureEraser(dataSource);
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });
  beforeEach(() => dataSource.query(`truncate picture, picture_file, picture_use, pass, wallet_pass`));

  const logo = (accountId: string, url: string, subjectId = newId('card')): PictureRequest =>
    pictureRequest({ accountId, subjectId, shape: 'logo', url });

  const save = (subjectIds: readonly string[], wishes: readonly PictureRequest[]) =>
    outbox.transaction((tx) => pictures.saved(tx, subjectIds, wishes));

  const saved = async (...wishes: PictureRequest[]): Promise<PictureRequest[]> => {
    await save(
      wishes.map(({ subjectId }) => subjectId),
      wishes,
    );
    return wishes;
  };

  const claimed = async (): Promise<ClaimedPicture> => {
    const [picture] = await claims.claim(1, [], leaseMs);
    return picture;
  };

  const endLease = (): Promise<unknown> =>
    dataSource.query(`update picture set due_at = now() - interval '1 second'`);

  const rows = async (): Promise<{ pictures: unknown[]; files: unknown[] }> => ({
    pictures: await dataSource.query(`select * from picture`),
    files: await dataSource.query(`select * from picture_file`),
  });

  const urlsOf = (rows: readonly { url: string }[]): string[] => rows.map(({ url }) => url).toSorted();
  const kept = (): Promise<{ url: string }[]> => dataSource.query(`select url from picture`);

  it('are shared by the faces of an account that show the same address', async () => {
    const account = newId('account');
    await saved(logo(account, 'https://a.example/1'), logo(account, 'https://a.example/1'));
    await saved(logo(newId('account'), 'https://a.example/1'));
    expect(await kept()).toHaveLength(2);
  });

  it('of one account are looked at one after the other, while another’s are looked at too', async () => {
    const [one, other] = [newId('account'), newId('account')];
    await saved(logo(one, 'https://a.example/1'), logo(one, 'https://a.example/2'));
    await saved(logo(other, 'https://b.example/1'));
    const first = await claims.claim(8, [], leaseMs);
    expect(first.map(({ accountId }) => accountId).toSorted()).toEqual([one, other].toSorted());
    expect(await claims.claim(8, [one, other], leaseMs)).toEqual([]);
    expect(urlsOf([...first, ...(await claims.claim(8, [other], leaseMs))])).toEqual([
      'https://a.example/1',
      'https://a.example/2',
      'https://b.example/1',
    ]);
  });

  it('are had by one of several workers, and by another when that one is gone', async () => {
    await saved(logo(newId('account'), 'https://a.example/1'));
    const had = await Promise.all(Array.from({ length: 4 }, () => claims.claim(1, [], 1)));
    expect(had.flat().length).toBeGreaterThan(0);
    await eventually(async () => (await claims.claim(1, [], leaseMs)).length === 1);
    const more = await Promise.all(Array.from({ length: 4 }, () => claims.claim(1, [], leaseMs)));
    expect(more.flat()).toEqual([]);
  });

  it('are not had by a second worker until the lease of the first is over', async () => {
    await saved(logo(newId('account'), 'https://a.example/1'));
    await claimed();
    expect(await claimed()).toBeUndefined();
    await endLease();
    expect(await claimed()).toMatchObject({ url: 'https://a.example/1' });
    expect(await claimed()).toBeUndefined();
  });

  it('are had by one of two workers that come for them in the same moment', async () => {
    await saved(logo(newId('account'), 'https://a.example/1'));
    let both: Promise<ClaimedPicture[][]>;
    await dataSource.transaction(async (tx) => {
      await tx.query(`select from picture for update`);
      both = Promise.all([1, 2].map(() => claims.claim(1, [], leaseMs)));
      await eventually(async () => {
        const [{ waiting }] = await dataSource.query<{ waiting: number }[]>(
          `select count(*)::int as waiting from pg_locks join pg_stat_activity using (pid)
           where datname = current_database() and not granted`,
        );
        return waiting === 2;
      });
    });
    expect((await both!).flat()).toHaveLength(1);
  });

  it('are looked at in the order in which they became due, of an account and of all', async () => {
    const [one, other] = [newId('account'), newId('account')];
    const wishes = await saved(
      logo(one, 'https://a.example/1'),
      logo(one, 'https://a.example/2'),
      logo(other, 'https://b.example/1'),
    );
    for (const [index, ago] of [20, 30, 10].entries())
      await dataSource.query(
        `update picture set due_at = now() - $2::int * interval '1 second' where id = $1`,
        [wishes[index].id, ago],
      );
    const urls: string[] = [];
    for (let n = 0; n < 3; n++) urls.push((await claimed()).url);
    expect(urls).toEqual(['https://a.example/2', 'https://a.example/1', 'https://b.example/1']);
  });

  it('that another worker has taken over and looked at are left as that one found them', async () => {
    await saved(logo(newId('account'), 'https://a.example/1'));
    const late = await claimed();
    await endLease();
    const holder = await claimed();
    await claims.replace(holder, made, hourMs);
    const found = await rows();
    await claims.settle(late, { fault: 'away', attempts: 1, dueInMs: 0 });
    await claims.replace(late, { ...made, digest: 'older', files: { 'logo.png': Buffer.from('older') } }, 0);
    await claims.release(late);
    expect(await rows()).toEqual(found);
  });

  it('that another worker has taken over stay its own, whatever the first one still finds', async () => {
    await saved(logo(newId('account'), 'https://a.example/1'));
    const late = await claimed();
    await endLease();
    const holder = await claimed();
    await claims.release(late);
    await claims.settle(late, { fault: 'away', attempts: 1, dueInMs: 0 });
    expect(await claimed()).toBeUndefined();
    await claims.replace(holder, made, hourMs);
    expect((await rows()).pictures).toMatchObject([{ digest: 'one', fault: null, attempts: 0 }]);
  });

  it('are to be had again at once when their worker lets go of them', async () => {
    const [one] = await saved(logo(newId('account'), 'https://a.example/1'));
    const first = await claimed();
    const [other] = await saved(logo(newId('account'), 'https://a.example/2'));
    expect(await claimed()).toMatchObject({ id: other.id });
    await dataSource.query(`update picture set due_at = $1`, [first.ticket]);
    await claims.release(first);
    expect(await claimed()).toMatchObject({ id: one.id });
    expect(await claimed()).toBeUndefined();
  });

  it('rest until they are due again, unless someone saves the face meanwhile', async () => {
    const [wish] = await saved(logo(newId('account'), 'https://a.example/1'));
    await claims.replace(await claimed(), made, hourMs);
    expect(await claimed()).toBeUndefined();
    await dataSource.query(`update picture set looked_at = looked_at - interval '1 minute'`);
    await saved(wish);
    const again = await claimed();
    expect(again).toMatchObject({ url: wish.url, digest: 'one', etag: '"1"' });
    // Saved while it is being looked at: what is there may have changed after it was read.
    await saved(wish);
    await claims.settle(again, { fault: null, attempts: 0, dueInMs: hourMs });
    expect(await claimed()).toBeDefined();
  });

  it('are looked at once a minute at most, however often a face is saved', async () => {
    const [wish] = await saved(logo(newId('account'), 'https://a.example/1'));
    await claims.replace(await claimed(), made, hourMs);
    await saved(wish);
    expect(await claimed()).toBeUndefined();
  });

  it('are there for a pass once they were made, with their files', async () => {
    const [wish] = await saved(logo(newId('account'), 'https://a.example/1'));
    expect(await pictures.kept([wish])).toEqual([]);
    await claims.replace(await claimed(), made, hourMs);
    expect(await pictures.kept([wish])).toEqual([{ id: wish.id, digest: 'one' }]);
    expect(await pictures.files(wish.id)).toEqual({ digest: 'one', files: made.files });
    expect(await pictures.files('another')).toBeNull();
  });

  it('of an account are a thousand at most', async () => {
    const account = newId('account');
    await dataSource.query(
      `insert into picture (id, account_id, shape, url, due_at)
       select 'id ' || n, $1, 'logo', 'https://a.example/' || n, now() + interval '1 day' from generate_series(1, 1000) n`,
      [account],
    );
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    await saved(logo(account, 'https://a.example/more'));
    expect(warn).toHaveBeenCalledWith(`pictures of ${account} are not fetched: it has 1000 of them already`);
    await saved(logo(newId('account'), 'https://a.example/more'));
    expect((await kept()).filter(({ url }) => url.endsWith('more'))).toHaveLength(1);
  });

  it('are erased when no face shows them', async () => {
    const account = newId('account');
    const [old, shared] = await saved(
      logo(account, 'https://a.example/old'),
      logo(account, 'https://a.example/shared'),
    );
    await saved({ ...shared, subjectId: newId('card') });
    await save([old.subjectId], [logo(account, 'https://a.example/next', old.subjectId)]);
    await save([shared.subjectId], []);
    for (const { id } of [old, shared])
      await dataSource.query(
        `insert into picture_file (picture_id, name, png) values ($1, 'logo.png', 'x')`,
        [id],
      );
    expect(await eraser.erase()).toBe(1);
    expect(urlsOf(await kept())).toEqual(['https://a.example/next', 'https://a.example/shared']);
    expect(await dataSource.query(`select picture_id as id from picture_file`)).toEqual([{ id: shared.id }]);
  });

  it('are erased also where an account has hundreds before them that are shown', async () => {
    const account = newId('account');
    await dataSource.query(
      `with shown as (
         insert into picture (id, account_id, shape, url)
         select ' ' || n, $1, 'logo', 'https://a.example/' || n from generate_series(1, 600) n returning id)
       insert into picture_use (subject_id, picture_id) select 'crd', id from shown`,
      [account],
    );
    const [wish] = await saved(logo(account, 'https://a.example/old'));
    await save([wish.subjectId], []);
    expect(await eraser.erase()).toBe(1);
    expect(await kept()).toHaveLength(600);
  });

  it('are erased when neither a face was saved nor a pass made for a month, unless a wallet shows them', async () => {
    const account = newId('account');
    const [forgotten, shown] = await saved(
      logo(account, 'https://a.example/forgotten'),
      logo(account, 'https://a.example/shown'),
    );
    const [fresh] = await saved(logo(account, 'https://a.example/fresh'));
    const [coupon] = await saved(logo(account, 'https://a.example/coupon', newId('campaign')));
    for (const { subjectId } of [forgotten, shown])
      await dataSource.query(
        `insert into pass (id, account_id, card_id, member_id, page_token, auth_token, changed_at)
         values ($1, $2, $1, 'mem', '', '', now())`,
        [subjectId, account],
      );
    await dataSource.query(
      `insert into pass (id, account_id, campaign_id, coupon_id, page_token, auth_token, changed_at)
       values ($1, $2, $1, 'cpn', '', '', now())`,
      [coupon.subjectId, account],
    );
    await dataSource.query(
      `insert into wallet_pass (wallet_id, pass_id) select 'apple:phone', unnest($1::text[])`,
      [[shown.subjectId, coupon.subjectId]],
    );
    const wantedDaysAgo = (days: number, ...wishes: PictureRequest[]): Promise<unknown> =>
      dataSource.query(
        `update picture_use set wanted_at = now() - $2::int * interval '1 day' where subject_id = any($1)`,
        [wishes.map(({ subjectId }) => subjectId), days],
      );
    await wantedDaysAgo(29, fresh);
    await wantedDaysAgo(31, forgotten, shown, coupon);
    expect(await eraser.erase()).toBe(1);
    expect(urlsOf(await kept())).toEqual([
      'https://a.example/coupon',
      'https://a.example/fresh',
      'https://a.example/shown',
    ]);
    expect(await pictures.kept([forgotten])).toEqual([]);
    expect(urlsOf(await kept())).toContain('https://a.example/forgotten');
  });

  it('stay when someone begins to show them while they are being erased', async () => {
    const account = newId('account');
    const [wish] = await saved(logo(account, 'https://a.example/1'));
    await save([wish.subjectId], []);
    await Promise.all([saved(wish), eraser.erase(), saved(wish), eraser.erase()]);
    await eraser.erase();
    expect(await kept()).toEqual([{ url: wish.url }]);
    expect(await dataSource.query(`select from picture_use`)).toHaveLength(1);
  });

  it('that were replaced are told of to the wallets by one round over each face that shows them', async () => {
    const account = newId('account');
    const wishes = await saved(
      logo(account, 'https://a.example/1'),
      logo(account, 'https://a.example/1'),
      logo(newId('account'), 'https://a.example/2'),
    );
    for (const { subjectId } of wishes)
      await dataSource.query(
        `insert into pass (id, account_id, card_id, member_id, page_token, auth_token, changed_at)
         values ($1, $2, $1, 'mem', '', '', now())`,
        [subjectId, account],
      );
    const picture = (await claims.claim(8, [], leaseMs)).find(({ url }) => url.endsWith('1'))!;
    await claims.replace(picture, made, hourMs);
    await claims.replace(picture, { ...made, digest: 'two' }, hourMs);
    const rounds = (await dataSource.query(`select card_id as "cardId" from wallet_round`)) as {
      cardId: string;
    }[];
    expect(rounds.map(({ cardId }) => cardId).toSorted()).toEqual(
      [wishes[0].subjectId, wishes[1].subjectId].toSorted(),
    );
  });
});

it('a picture inside one’s own network is not fetched unless that is allowed', async () => {
  const asked: string[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url!);
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const world = await World.start();
  try {
    const logoUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/logo.png`;
    await world.card({ design: { logoUrl } });
    await eventually(async () => {
      expect(await world.dataSource.query(`select url, fault from picture`)).toEqual([
        { url: logoUrl, fault: 'its URL must not be a private or otherwise reserved address' },
      ]);
    });
    expect(asked).toEqual([]);
  } finally {
    await world.stop();
    server.close();
  }
});
