import { randomBytes } from 'node:crypto';
import {
  AppendCodes,
  BeginCodeImport,
  FinishCodeImport,
  GenerateCodes,
  GetJob,
  hasValidCheckCharacter,
  ListCodes,
  newId,
  type Job,
} from '@tearoff/contracts';
import { eventually, tally, times } from '@tearoff/testing';
import { importCodes } from './imports';
import { refusalsOf } from './lists';
import { couponIn, World } from './world';

describe('stacks', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world?.stop());

  const generate = (campaign: { id: string }, count: number): Promise<Job> =>
    world.ask(GenerateCodes, { accountId: world.accountId, campaignId: campaign.id, count });
  const list = async (campaign: { id: string }) =>
    (await world.ask(ListCodes, { accountId: world.accountId, campaignId: campaign.id, limit: 10_000 })).data;
  const imported = () => world.campaign({ codes: { source: 'imported' } });

  describe('generated', () => {
    it('are given out first, in the order in which they are listed, and then fresh codes', async () => {
      const campaign = await world.campaign({ codes: { prefix: 'SP', length: 8 } });
      await world.issue(campaign, { externalId: 'early' });
      const job = await world.finished(await generate(campaign, 5));
      expect(job).toMatchObject({ kind: 'codes.generate', status: 'done', done: 5, total: 5, failed: 0 });
      const stack = await list(campaign);
      expect(stack).toHaveLength(5);
      expect(stack.every(({ code }) => /^SP.{8}$/.test(code) && hasValidCheckCharacter(code))).toBe(true);
      const given = [];
      for (let i = 0; i < 7; i++) given.push(await world.coupon(campaign, { externalId: `${i}` }));
      expect(given.slice(0, 5).map(({ code }) => code)).toEqual(stack.map(({ code }) => code));
      expect((await list(campaign)).map(({ couponId }) => couponId)).toEqual(
        given.slice(0, 5).map(({ id }) => id),
      );
      expect(await world.counts(campaign)).toMatchObject({ issued: 8, stock: 0 });
    });

    it('are refused where so many would be too easy to guess, or no one knows the campaign', async () => {
      const campaign = await world.campaign({ codes: { charset: '0123456789', length: 8 } });
      await expect(generate(campaign, 100_000)).rejects.toMatchObject({
        code: 'codes.format_too_small',
        kind: 'invalid',
      });
      await expect(generate({ id: newId('campaign') }, 1)).rejects.toMatchObject({
        code: 'campaign.not_found',
      });
      await expect(
        world.ask(GetJob, { accountId: world.accountId, jobId: newId('job') }),
      ).rejects.toMatchObject({ code: 'job.not_found' });
    });

    it('are complete and without gaps after a restart in the middle', async () => {
      const total = 130_000;
      const campaign = await world.campaign();
      const job = await generate(campaign, total);
      const progress = async () =>
        (await world.ask(GetJob, { accountId: world.accountId, jobId: job.id })).done;
      await eventually(async () => (await progress()) > 0);
      await world.services.pop()!.stop();
      const before = await world.count('stack_code', `campaign_id = '${campaign.id}'`);
      expect(before).toBeGreaterThan(0);
      expect(before).toBeLessThan(total);
      // As a process leaves it that was killed, once its lease has run out.
      await world.dataSource.query(
        `update job set worker = 'gone', lease_until = now() - interval '1 second' where id = $1`,
        [job.id],
      );
      world.services.push(await world.startInstance());
      expect(await world.finished(job)).toMatchObject({ status: 'done', done: total, total });
      const [row] = (await world.dataSource.query(
        `select count(distinct code)::int as codes, min(ticket)::int as first, max(ticket)::int as last
         from stack_code where campaign_id = $1`,
        [campaign.id],
      )) as unknown[];
      expect(row).toEqual({ codes: total, first: 1, last: total });
      expect((await world.counts(campaign)).stock).toBe(total);
    });

    it('do not tell from one code what the next is near to', async () => {
      const campaign = await world.campaign();
      await world.finished(await generate(campaign, 200));
      const codes = (await list(campaign)).map(({ code }) => code);
      expect(codes).not.toEqual([...codes].sort());
    });
  });

  it('are not generated for a campaign of imported codes', async () => {
    await expect(generate(await imported(), 1)).rejects.toMatchObject({
      code: 'codes.not_generated',
      kind: 'conflict',
    });
  });

  it('are not listed after a cursor that is none', async () => {
    const { id: campaignId } = await world.campaign();
    await expect(
      world.ask(ListCodes, { accountId: world.accountId, campaignId, cursor: 'zzz' }),
    ).rejects.toMatchObject({ code: 'request.invalid_cursor' });
  });

  describe('imported', () => {
    it('are taken even where they are easy to guess, and the job says so', async () => {
      const campaign = await imported();
      const easy = await importCodes(
        world,
        campaign.id,
        times(50, (i) => `EASY-${1_000 + i}`),
      );
      expect(easy).toMatchObject({ status: 'done', done: 50, failed: 0 });
      expect(easy.warnings).toEqual([
        { code: 'codes.guessable', message: expect.stringContaining('running numbers') },
      ]);
      expect((await world.ask(GetJob, { accountId: world.accountId, jobId: easy.id })).warnings).toEqual(
        easy.warnings,
      );
      const strong = times(50, () => randomBytes(8).toString('hex'));
      expect((await importCodes(world, campaign.id, strong)).warnings).toEqual([]);
    });

    it('keep their printed form, and say what is wrong line by line', async () => {
      const campaign = await imported();
      const job = await importCodes(world, campaign.id, [
        'Gift-0001',
        '',
        'G'.repeat(41),
        '=cmd()',
        'gift0001',
        'gift 0002',
        'ключ',
        'GIFT\u00000009',
        '\ud800',
      ]);
      expect(job).toMatchObject({
        kind: 'codes.import',
        status: 'done',
        done: 2,
        total: 9,
        failed: 7,
      });
      expect(job.errors).toEqual([
        { path: '/lines/2', message: 'is blank' },
        { path: '/lines/3', message: 'is longer than 40 characters' },
        { path: '/lines/4', message: 'has characters that a code cannot have' },
        { path: '/lines/5', message: 'is in the file twice' },
        { path: '/lines/7', message: 'has characters that a code cannot have' },
        { path: '/lines/8', message: 'has characters that a code cannot have' },
        { path: '/lines/9', message: 'has characters that a code cannot have' },
      ]);
      const coupon = await world.coupon(campaign, { externalId: 'ann' });
      expect(coupon.code).toBe('Gift-0001');
      expect((await list(campaign)).map(({ code }) => code)).toEqual(['Gift-0001', 'gift 0002']);
    });

    it('come in chunks, each of which counts once and only in its turn', async () => {
      const campaign = await imported();
      const { accountId } = world;
      const { id: jobId } = await world.ask(BeginCodeImport, { accountId, campaignId: campaign.id });
      const append = (chunk: number, ...codes: string[]) =>
        world.ask(AppendCodes, {
          accountId,
          jobId,
          chunk,
          lines: codes.map((code, index) => ({ line: chunk * 10 + index + 1, code })),
        });
      await append(0, 'CHUNK1', 'CHUNK2');
      await append(0, 'CHUNK1', 'CHUNK2');
      await expect(append(2, 'CHUNK9')).rejects.toMatchObject({ code: 'codes.chunk_out_of_order' });
      await append(1, 'CHUNK3', 'CHUNK1');
      expect(tally([await world.issue(campaign, { externalId: 'too soon' })])).toEqual({
        'campaign.exhausted': 1,
      });
      const job = await world.finished(await world.ask(FinishCodeImport, { accountId, jobId }));
      expect(job).toMatchObject({ status: 'done', done: 3, failed: 1, total: 4 });
      await expect(append(2, 'CHUNK4')).rejects.toMatchObject({ code: 'codes.import_closed' });
      expect(await world.ask(FinishCodeImport, { accountId, jobId })).toMatchObject({ status: 'done' });
      expect(await world.count('code_import')).toBe(0);
    });

    it('leave nothing when the upload breaks off', async () => {
      const campaign = await imported();
      const { accountId } = world;
      const { id: jobId } = await world.ask(BeginCodeImport, { accountId, campaignId: campaign.id });
      await world.ask(AppendCodes, { accountId, jobId, chunk: 0, lines: [{ line: 1, code: 'BROKEN1' }] });
      const job = await world.ask(FinishCodeImport, { accountId, jobId, abandon: true });
      expect(job).toMatchObject({ status: 'failed', done: 0 });
      expect(await list(campaign)).toEqual([]);
      expect(await world.count('code_import')).toBe(0);
    });

    it('take no code that the account has, in a stack or given out, and share none with other accounts', async () => {
      const [one, two] = await Promise.all([imported(), imported()]);
      await importCodes(world, one.id, ['TAKEN-1', 'TAKEN-2']);
      await world.issue(one, { externalId: 'ann' });
      const job = await importCodes(world, two.id, ['TAKEN1', 'taken2', 'FREE1']);
      expect(job).toMatchObject({ done: 1, failed: 2 });
      expect(job.errors.map(({ path }) => path)).toEqual(['/lines/1', '/lines/2']);
    });

    it('that arrive twice at the same time are taken once', async () => {
      const [one, two] = await Promise.all([imported(), imported()]);
      const lines = times(500, (i) => `RACE${i}`);
      const jobs = await Promise.all([one, two].map(({ id }) => importCodes(world, id, lines)));
      expect(jobs[0].done + jobs[1].done).toBe(500);
      expect(await world.count('stack_code', `code like 'RACE%'`)).toBe(500);
    });

    it('keep the first hundred faults with the job, and all of them beside it', async () => {
      const campaign = await imported();
      const job = await importCodes(
        world,
        campaign.id,
        times(300, () => ''),
        70,
      );
      expect([job.failed, job.errors.length, job.errors[99].path]).toEqual([300, 100, '/lines/100']);
      expect((await refusalsOf(world, job)).at(-1)).toEqual([300, 'code.invalid']);
    });

    it('are not for a campaign that makes its own codes', async () => {
      const campaign = await world.campaign();
      await expect(
        world.ask(BeginCodeImport, { accountId: world.accountId, campaignId: campaign.id }),
      ).rejects.toMatchObject({ code: 'codes.not_imported', kind: 'conflict' });
    });
  });

  it('pass a code over that was given out meanwhile by other means', async () => {
    const campaign = await imported();
    await importCodes(world, campaign.id, ['CLASH1', 'CLASH2', 'CLASH3']);
    const other = await world.campaign();
    const { id } = couponIn(await world.issue(other, { externalId: 'ann' }));
    await world.dataSource.query(`update coupon set code = 'CLASH2' where id = $1`, [id]);
    const codes = [];
    for (const externalId of ['a', 'b']) codes.push((await world.coupon(campaign, { externalId })).code);
    expect(codes).toEqual(['CLASH1', 'CLASH3']);
    expect((await world.counts(campaign)).stock).toBe(0);
  });
});
