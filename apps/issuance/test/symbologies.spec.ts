import {
  AppendCodes,
  BeginCodeImport,
  FinishCodeImport,
  isEan13,
  isGs1Coupon,
  LookUpCode,
  SearchCoupons,
  ListCodes,
  GenerateCodes,
  ean13CheckDigit,
  type CampaignInput,
  type Job,
} from '@tearoff/contracts';
import { times } from '@tearoff/testing';
import { importCodes } from './imports';
import { distribute, refusalsOf } from './lists';
import { World } from './world';

const ean = (twelve: string) => twelve + ean13CheckDigit(twelve);
const gs1 = { funderId: '0614141', offerCode: '000042' };
const coupon8112 = '001234561234560123456';

describe('codes and the symbology of their campaign', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world?.stop());

  const pathsOf = (input: Partial<CampaignInput>) =>
    world.campaign(input).then(
      () => [],
      (error: { code: string; details: { errors: { path: string }[] } }) => [
        error.code,
        ...error.details.errors.map(({ path }) => path),
      ],
    );
  const imported = (barcode: CampaignInput['barcode'], rest: Partial<CampaignInput> = {}) =>
    world.campaign({ codes: { source: 'imported' }, barcode, ...rest });

  it('are EAN-13, issued singly and from a stack', async () => {
    const campaign = await world.campaign({ barcode: 'ean13', limits: { perRecipient: null } });
    expect(campaign.codes).toMatchObject({ length: 11, prefix: '99', charset: '0123456789' });
    const single = await world.coupon(campaign, { externalId: 'ann' });
    expect(single.code).toMatch(/^99/);
    expect(isEan13(single.code)).toBe(true);
    const job = await world.ask(GenerateCodes, {
      accountId: world.accountId,
      campaignId: campaign.id,
      count: 500,
    });
    expect(await world.finished(job)).toMatchObject({ status: 'done', done: 500 });
    const { data } = await world.ask(ListCodes, { accountId: world.accountId, campaignId: campaign.id });
    expect(data).toHaveLength(500);
    expect(data.every(({ code }) => isEan13(code))).toBe(true);
  });

  it('are GS1 coupon numbers of the funder and the offer', async () => {
    const campaign = await world.campaign({ barcode: 'gs1-8112', codes: gs1 });
    const { code } = await world.coupon(campaign, { externalId: 'ann' });
    expect(code).toMatch(/^0106141410000429\d{15}$/);
    expect(isGs1Coupon(code)).toBe(true);
    const { accountId } = world;
    const found = await world.ask(LookUpCode, { accountId, code });
    expect(found).toMatchObject({ entry: { code } });
    const { data } = await world.ask(SearchCoupons, { accountId, code: `]e08112${code}` });
    expect(data).toMatchObject([{ code }]);
  });

  it.each<[string, Partial<CampaignInput>]>([
    ['/codes/length', { barcode: 'ean13', codes: { length: 12 } }],
    ['/codes/charset', { barcode: 'ean13', codes: { charset: 'ABCDEFGHJK' } }],
    ['/codes/prefix', { barcode: 'ean13', codes: { prefix: '2001234' } }],
    ['/codes/prefix', { barcode: 'ean13', limits: { total: 200_000_000 } }],
    ['/codes/funderId', { barcode: 'gs1-8112' }],
    ['/codes/offerCode', { barcode: 'gs1-8112', codes: { funderId: '0614141' } }],
    ['/codes/length', { barcode: 'gs1-8112', codes: { ...gs1, length: 6 }, limits: { total: 50_000 } }],
    ['/codes/length', { barcode: 'code128', codes: { length: 30 } }],
  ])('are refused at %s where the campaign could not make them', async (path, input) =>
    expect(await pathsOf(input)).toEqual(expect.arrayContaining(['campaign.invalid', path])),
  );

  it('take the usual format of another symbology while there are none', async () => {
    const campaign = await world.campaign();
    const asEan = await world.change(campaign, { barcode: 'ean13' });
    expect(asEan.codes).toMatchObject({ length: 11, prefix: '99', charset: '0123456789' });
    await expect(world.change(campaign, { barcode: 'gs1-8112' })).rejects.toMatchObject({
      code: 'campaign.invalid',
    });
    const asGs1 = await world.change(campaign, { barcode: 'gs1-8112', codes: gs1 });
    expect(asGs1.codes).toMatchObject({ ...gs1, length: 15, prefix: '' });
    const back = await world.change(campaign, { barcode: 'qrcode' });
    expect(back.codes).toEqual((await world.campaign()).codes);
  });

  it('that are out keep a campaign from a symbology that cannot carry them', async () => {
    const generated = await world.campaign();
    await world.issue(generated, { externalId: 'ann' });
    await expect(world.change(generated, { barcode: 'ean13' })).rejects.toMatchObject({
      code: 'campaign.codes_do_not_fit',
      kind: 'conflict',
      details: { errors: [{ path: '/barcode' }] },
    });
    expect(await world.change(generated, { barcode: 'code128' })).toMatchObject({ barcode: 'code128' });
    const stacked = await imported('qrcode');
    await importCodes(world, stacked.id, ['A'.repeat(25), ean('590123412345')]);
    await expect(world.change(stacked, { barcode: 'code128' })).rejects.toMatchObject({
      code: 'campaign.codes_do_not_fit',
    });
    const articles = await imported('qrcode');
    await importCodes(
      world,
      articles.id,
      times(50, (i) => ean(`99000000${1000 + i}`)),
    );
    await world.issue(articles, { externalId: 'ann' });
    expect(await world.change(articles, { barcode: 'ean13' })).toMatchObject({ barcode: 'ean13' });
    const wrong = await imported('qrcode');
    await importCodes(world, wrong.id, ['5901234123450']);
    await expect(world.change(wrong, { barcode: 'ean13' })).rejects.toMatchObject({
      code: 'campaign.codes_do_not_fit',
    });
    await expect(world.change(wrong, { barcode: 'gs1-8112' })).rejects.toMatchObject({
      code: 'campaign.codes_do_not_fit',
    });
  });

  it('on their way keep it from that too', async () => {
    const campaign = await imported('qrcode');
    const { accountId } = world;
    const { id: jobId } = await world.ask(BeginCodeImport, { accountId, campaignId: campaign.id });
    await world.ask(AppendCodes, { accountId, jobId, chunk: 0, lines: [{ line: 1, code: 'NO-EAN' }] });
    await expect(world.change(campaign, { barcode: 'ean13' })).rejects.toMatchObject({
      code: 'campaign.codes_do_not_fit',
    });
    await world.ask(FinishCodeImport, { accountId, jobId, abandon: true });
    expect(await world.change(campaign, { barcode: 'ean13' })).toMatchObject({ barcode: 'ean13' });
  });

  it('of a campaign from before this rule do not keep it from being paused', async () => {
    const campaign = await world.campaign();
    await world.dataSource.query(`update campaign set barcode = 'ean13' where id = $1`, [campaign.id]);
    expect(await world.change(campaign, { status: 'paused' })).toMatchObject({ status: 'paused' });
  });

  it('are refused line by line where a file brings what the symbology cannot carry', async () => {
    const articles = await imported('ean13');
    const job = await importCodes(world, articles.id, [
      ean('400638133393'),
      '978-0-201-37962 4',
      '5901234123450',
      '12345678905',
      'SUMMER',
    ]);
    expect(job).toMatchObject({ done: 2, failed: 3 });
    expect(job.errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('check digit 7'),
      expect.stringContaining('leading zeros'),
      expect.stringContaining('13 digits'),
    ]);
    const given = await world.coupon(articles, { externalId: 'ann' });
    expect(given.code).toBe(ean('400638133393'));
    expect((await world.coupon(articles, { externalId: 'bob' })).code).toBe('9780201379624');

    const coupons = await imported('gs1-8112');
    const second = await importCodes(world, coupons.id, [
      `(8112)${coupon8112}`,
      `8112${coupon8112}`,
      '0012345',
    ]);
    expect(second).toMatchObject({ done: 1, failed: 2 });
    expect((await world.coupon(coupons, { externalId: 'ann' })).code).toBe(coupon8112);
  });

  it('of a list are refused in the same way', async () => {
    const campaign = await imported('code128');
    const job = await distribute(world, campaign, [
      { recipient: { externalId: 'ann' }, code: 'A'.repeat(25) },
    ]);
    expect(await refusalsOf(world, job)).toEqual([[1, 'code.invalid']]);
  });

  it('are one code with and without the application identifier, in whichever campaign', async () => {
    const bare = '001234561234560999999';
    const plain = await imported('qrcode');
    const job: Job = await importCodes(world, plain.id, [`8112${bare}`, bare, 'OTHER1']);
    expect(job).toMatchObject({ done: 2, failed: 1, errors: [{ path: '/lines/2' }] });
    const coupons = await imported('gs1-8112');
    expect(await importCodes(world, coupons.id, [bare])).toMatchObject({ done: 0, failed: 1 });
    expect((await world.coupon(plain, { externalId: 'ann' })).code).toBe(`8112${bare}`);
  });

  it('of a stack end when their file says so, or with the campaign', async () => {
    const campaign = await imported('qrcode', {
      timezone: 'Europe/Berlin',
      validity: { endsAt: '2027-06-30T21:59:59.999Z', daysAfterIssue: 400 },
      limits: { perRecipient: null },
    });
    const { accountId } = world;
    const { id: jobId } = await world.ask(BeginCodeImport, { accountId, campaignId: campaign.id });
    await world.ask(AppendCodes, {
      accountId,
      jobId,
      chunk: 0,
      lines: [
        { line: 2, code: 'SHORT', expires: '2027-04-30' },
        { line: 3, code: 'LONG', expires: '31.12.2027' },
        { line: 4, code: 'OPEN', expires: '' },
        { line: 5, code: 'LAPSED', expires: '2020-01-31' },
        { line: 6, code: 'UNCLEAR', expires: '03/04/2027' },
        { line: 7, code: 'MIDDLE', expires: '2027-05-31' },
      ],
    });
    const job = await world.finished(await world.ask(FinishCodeImport, { accountId, jobId }));
    expect(job).toMatchObject({ done: 4, failed: 2 });
    expect(await refusalsOf(world, job)).toEqual([
      [5, 'code.expired'],
      [6, 'code.invalid_expiry'],
    ]);
    expect(job.errors[1].message).toMatch(/"03\/04\/2027".*two dates/);
    const { data } = await world.ask(ListCodes, { accountId, campaignId: campaign.id });
    expect(data.map(({ validTo }) => validTo)).toEqual([
      '2027-04-30T21:59:59.999Z',
      '2027-12-31T22:59:59.999Z',
      null,
      '2027-05-31T21:59:59.999Z',
    ]);
    const ends = [];
    for (const externalId of ['a', 'b', 'c'])
      ends.push((await world.coupon(campaign, { externalId })).validTo);
    expect(ends).toEqual([
      '2027-04-30T21:59:59.999Z',
      '2027-06-30T21:59:59.999Z',
      '2027-06-30T21:59:59.999Z',
    ]);
  });

  it('that have expired in the stack are passed over', async () => {
    const campaign = await imported('qrcode');
    await importCodes(world, campaign.id, ['STALE1', 'FRESH1', 'STALE2']);
    await world.dataSource.query(
      `update stack_code set valid_to = now() - interval '1 year' where code like 'STALE%' and campaign_id = $1`,
      [campaign.id],
    );
    expect((await world.coupon(campaign, { externalId: 'a' })).code).toBe('FRESH1');
    expect(await world.issue(campaign, { externalId: 'b' })).toMatchObject({ reason: 'campaign.exhausted' });
    const job = await distribute(world, campaign, [{ recipient: { externalId: 'c' }, code: 'STALE2' }]);
    expect(await refusalsOf(world, job)).toEqual([[1, 'code.expired']]);
  });

  it('of digits alone and of different lengths are warned of', async () => {
    const warned = expect.arrayContaining([
      expect.objectContaining({ code: 'codes.lengths_differ' }),
    ]) as unknown;
    const campaign = await imported('qrcode');
    const job = await importCodes(world, campaign.id, ['1234567', '234567', '8345678']);
    expect(job).toMatchObject({ done: 3, failed: 0, warnings: warned });
    const even = await importCodes(world, (await imported('qrcode')).id, ['9234567', '9934567']);
    expect(even.warnings).not.toEqual(warned);
  });
});
