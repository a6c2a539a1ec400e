import { request } from 'node:http';
import {
  AppendCodes,
  BeginCodeImport,
  FinishCodeImport,
  GenerateCodes,
  ListCodes,
  notFound,
  type Job,
} from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { admin, startHarness, type Harness } from './harness';
import { ids } from './samples';

let harness: Harness;
const path = `/v1/campaigns/${ids.campaign}/codes`;
const job: Job = {
  id: 'job_00000000000000',
  accountId: ids.account,
  kind: 'codes.import',
  campaignId: ids.campaign,
  status: 'running',
  done: 0,
  total: null,
  failed: 0,
  errors: [],
  createdAt: '2027-01-01T00:00:00.000Z',
  finishedAt: null,
};

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());
beforeEach(() => {
  harness.others.reset();
  harness.others.on(BeginCodeImport, () => job);
  harness.others.on(AppendCodes, () => ({}));
  harness.others.on(FinishCodeImport, () => job);
  harness.others.on(GenerateCodes, () => job);
});

const upload = (raw: string | Buffer | ReadableStream, query = '') =>
  harness.call('POST', path + query, { raw, headers: { 'content-type': 'text/csv' } });
const lines = () => harness.others.askedFor(AppendCodes).flatMap((part) => part.lines);

describe('codes', () => {
  it('are generated', async () => {
    expect(await harness.call('POST', path, { body: { count: 5 } })).toMatchObject({
      status: 202,
      body: { jobId: job.id },
    });
    expect(harness.others.askedFor(GenerateCodes)).toMatchObject([{ campaignId: ids.campaign, count: 5 }]);
  });

  it.each([
    [
      'one a line',
      'A1\nA2\n',
      [
        [1, 'A1'],
        [2, 'A2'],
      ],
    ],
    ['with a header', 'Code\r\nA1\r\n', [[2, 'A1']]],
    [
      'in the column that is headed code',
      'id,CODE,note\n1,A1,x\n2,A2,"a, b"\n',
      [
        [2, 'A1'],
        [3, 'A2'],
      ],
    ],
    ['from a European Excel', '\ufeffcode;note\nA1;x\n', [[2, 'A1']]],
    [
      'without blank lines, in the middle and at the end',
      'code\nA1\n\nA2\n\n ;;\n\n',
      [
        [2, 'A1'],
        [4, 'A2'],
      ],
    ],
    ['after the line in which Excel says the separator', 'sep=;\r\nnote;code\r\nx,y;A1\r\n', [[3, 'A1']]],
    ['after that line with a byte order mark', '\ufeffsep=\t\r\ncode\tnote\r\nA1\tx\r\n', [[3, 'A1']]],
    ['after that line with the tab in words', 'sep=\\t\ncode\tnote\nA1\tx\n', [[3, 'A1']]],
    ['after that line in quotes', '"sep=|"\ncode|note\nA1|x\n', [[3, 'A1']]],
    [
      'with the number of the line on which each begins',
      'note,code\r\n"two\r\nlines",A1\r\n"three\n\nlines",A2\rx,A3\n',
      [
        [2, 'A1'],
        [4, 'A2'],
        [7, 'A3'],
      ],
    ],
    ['with a separator in another column', 'note;code\nhello, you;A1\n', [[2, 'A1']]],
    ['under a word for code', 'Coupon\nA1\n', [[2, 'A1']]],
    ['under a word of another language', 'Промокод\nA1\n', [[2, 'A1']]],
    ['under the word for code before other words', 'coupon,code\nSpring,A1\n', [[2, 'A1']]],
    [
      'of the only column that is filled',
      ',A1,\n,A2,\n',
      [
        [1, 'A1'],
        [2, 'A2'],
      ],
    ],
    [
      'from Magento',
      '"Coupon Code","Created","Uses","Times Used"\n"A1","2026-01-02","No","0"\n',
      [[2, 'A1']],
    ],
    ['from PrestaShop', 'Discount;Coupon code\n10 %;A1\n', [[2, 'A1']]],
    ['from Talon.One', 'value,expirydate,limitval\nA1,,1\n', [[2, 'A1']]],
  ])('are imported %s', async (_, csv, expected) => {
    expect(await upload(csv)).toMatchObject({ status: 202, body: { jobId: job.id } });
    expect(lines().map(({ line, code }) => [line, code])).toEqual(expected);
    expect(harness.others.askedFor(FinishCodeImport)).toEqual([
      { accountId: expect.any(String), jobId: job.id },
    ]);
  });

  it.each<[string, string, string, [number, string][]]>([
    ['a column by its header', '?column=Ticket%20No', 'id,ticket_no\n1,A1\n', [[2, 'A1']]],
    [
      'a column by its number',
      '?column=2',
      '1,A1\n2,A2\n',
      [
        [1, 'A1'],
        [2, 'A2'],
      ],
    ],
    ['that there is a header', '?header=yes', 'WORDS\nABCDE\n', [[2, 'ABCDE']]],
    [
      'that there is none',
      '?header=no',
      'coupon\nABC1\n',
      [
        [1, 'coupon'],
        [2, 'ABC1'],
      ],
    ],
  ])('are read as the caller says: %s', async (_, query, csv, expected) => {
    expect(await upload(csv, query)).toMatchObject({ status: 202 });
    expect(lines().map(({ line, code }) => [line, code])).toEqual(expected);
  });

  it.each<[string, string, string, string, string[]]>([
    ['an unknown header of digits', '', 'Ticket\nA1\nA2\n', 'codes.header_unclear', ['Ticket']],
    ['an unknown header of numbers', '', 'Nr1\n1001\n1002\n', 'codes.header_unclear', ['Nr1']],
    ['a header in words', '', 'My codes!\nABC\nDEF\n', 'codes.header_unclear', ['My codes!']],
    ['a header of capitals', '', 'Ticket\nABCDEF\nGHJKLM\n', 'codes.header_unclear', ['Ticket']],
    ['a header of another length', '', 'TICKETS\nABCDEF\nGHJKLM\n', 'codes.header_unclear', ['TICKETS']],
    ['a first line that is no code', '', '—\nABC\n', 'codes.header_unclear', ['—']],
    ['columns without a header', '', 'A1,x\nA2,y\n', 'codes.column_unclear', ['A1', 'x']],
    ['columns of which none is known', '', 'foo,bar\nA1,x\n', 'codes.column_unclear', ['foo', 'bar']],
    ['two columns for codes', '', 'Coupon,Voucher\nA1,B1\n', 'codes.column_unclear', ['Coupon', 'Voucher']],
    [
      'an end without codes',
      '',
      'foo,bar,Expires\nA1,x,\n',
      'codes.column_unclear',
      ['foo', 'bar', 'Expires'],
    ],
    [
      'a column that is not there',
      '?column=Serial',
      'foo,bar\nA1,x\n',
      'codes.column_unknown',
      ['foo', 'bar'],
    ],
    ['a number of a column that is not there', '?column=3', 'A1,x\n', 'codes.column_unknown', ['A1', 'x']],
  ])('are asked back: %s', async (_, query, csv, code, columns) => {
    expect(await upload(csv, query)).toMatchObject({ status: 422, body: { code, columns } });
    expect(lines()).toEqual([]);
    expect(harness.others.askedFor(FinishCodeImport)).toMatchObject([{ abandon: true }]);
  });

  it('come with their own ends, where the file has them', async () => {
    await upload('\ufeffGutscheincode;Betrag;gültig bis\r\nA1;5;30.04.2027\r\nA2;5;\r\n');
    expect(lines()).toEqual([
      { line: 2, code: 'A1', expires: '30.04.2027' },
      { line: 3, code: 'A2' },
    ]);
    harness.others.asked.length = 0;
    await upload('Coupon,Expires\nA1,2027-04-30\n');
    expect(lines()).toEqual([{ line: 2, code: 'A1', expires: '2027-04-30' }]);
  });

  it('that a spreadsheet has rounded reach their owner, who refuses each', async () => {
    expect(await upload('1.23E+15\n1.24E+15\n')).toMatchObject({ status: 202 });
    expect(lines().map(({ code }) => code)).toEqual(['1.23E+15', '1.24E+15']);
  });

  it('in UTF-16 are read, and a workbook is refused with what to do', async () => {
    const files = [Buffer.from('\ufeffcode\nA1\n', 'utf16le'), Buffer.from('code\nA1\n', 'utf16le').swap16()];
    for (const raw of files) expect(await upload(raw)).toMatchObject({ status: 202 });
    expect(lines().map(({ code }) => code)).toEqual(['A1', 'A1']);
    expect(await upload(Buffer.from('PK\x03\x04…'))).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/lines/1', message: expect.stringContaining('CSV UTF-8') }] },
    });
  });

  it('under a header in an encoding of eight bits are read, whichever it is', async () => {
    expect(await upload(Buffer.from('C\xf3digo\nA1\n', 'latin1'))).toMatchObject({ status: 202 });
    expect(await upload(Buffer.from('Mu\xf1oz;code\nx;A2\n', 'latin1'))).toMatchObject({ status: 202 });
    expect(lines().map(({ code }) => code)).toEqual(['A1', 'A2']);
  });

  it('travel in chunks, in order, each once', async () => {
    const csv = Array.from({ length: 25_000 }, (_, i) => `C${i}`).join('\n');
    await upload(csv);
    const parts = harness.others.askedFor(AppendCodes);
    expect(parts.length).toBeGreaterThan(5);
    expect(parts.map(({ chunk }) => chunk)).toEqual(parts.map((_, i) => i));
    expect(lines().map(({ code }) => code)).toEqual(csv.split('\n'));
  });

  it('with a stray quote are taken as they are; a quote left open fails the whole file', async () => {
    expect((await upload('code,note\nA1,x\nA2,say "y" z\nA3,x\n')).status).toBe(202);
    expect(lines().map(({ code }) => code)).toEqual(['A1', 'A2', 'A3']);
    harness.others.asked.length = 0;
    const open = await upload('code,note\nA1,x\nA2,"y\nA3,x\n');
    expect(open).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect(open.body.errors[0].path).toMatch(/^\/lines\//);
    expect(harness.others.askedFor(FinishCodeImport)).toMatchObject([{ abandon: true }]);
  });

  it('on a line that is too long are told as faults, and the others taken', async () => {
    const long = 'x'.repeat(70_000);
    expect((await upload(`code,note\nA1,x\n${long},x\nA3,"${long}"\nA4,x\n`)).status).toBe(202);
    expect(lines().map(({ line, code }) => [line, code])).toEqual([
      [2, 'A1'],
      [5, 'A4'],
    ]);
    const [{ faults }] = harness.others.askedFor(AppendCodes);
    expect(faults).toEqual(
      [3, 4].map((line) => ({ path: `/lines/${line}`, message: 'is longer than 65536 characters' })),
    );
  });

  it('of an upload that breaks off are abandoned', async () => {
    const { port } = new URL(harness.gateway.url);
    const broken = request({ port, path, method: 'POST', headers: { ...admin, 'content-type': 'text/csv' } });
    broken.on('error', () => undefined);
    for (let i = 0; i < 200; i++) broken.write(`${'X'.repeat(30)}${i}\n`.repeat(50));
    await eventually(() => harness.others.askedFor(AppendCodes).length > 0);
    broken.destroy();
    await eventually(() => {
      expect(harness.others.askedFor(FinishCodeImport)).toMatchObject([{ jobId: job.id, abandon: true }]);
    });
  });

  it('of an unknown campaign are refused, although a file is on its way', async () => {
    harness.others.on(BeginCodeImport, () => notFound('campaign.not_found', 'There is no such campaign.'));
    expect(await upload('A1\n'.repeat(100_000))).toMatchObject({
      status: 404,
      body: { code: 'campaign.not_found' },
    });
    // The connection is used again: what was left of the file must not stand in its way.
    expect((await harness.call('GET', '/health/live')).status).toBe(200);
  });

  it('are read as pages of JSON, or all of them as CSV with formulas defused', async () => {
    const all = [
      { code: 'A1', couponId: ids.coupon, validTo: '2027-04-30T21:59:59.999Z' },
      { code: '=1+1', couponId: null },
      { code: '-7', couponId: null },
      { code: 'A,"4"', couponId: null },
    ];
    harness.others.on(ListCodes, ({ cursor }) =>
      cursor ? { data: all.slice(2), nextCursor: null } : { data: all.slice(0, 2), nextCursor: '2' },
    );
    expect((await harness.call('GET', `${path}?limit=2`)).body).toEqual({
      data: all.slice(0, 2),
      nextCursor: '2',
    });
    const csv = await harness.call('GET', path, { headers: { accept: 'text/csv' } });
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.body).toBe(
      `code,couponId,validTo\r\nA1,${ids.coupon},2027-04-30T21:59:59.999Z\r\n'=1+1,,\r\n'-7,,\r\n"A,""4""",,\r\n`,
    );
    harness.others.on(ListCodes, () => notFound('campaign.not_found', 'There is no such campaign.'));
    expect((await harness.call('GET', path, { headers: { accept: 'text/csv' } })).status).toBe(404);
  });
});
