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

const upload = (raw: string | Buffer | ReadableStream) =>
  harness.call('POST', path, { raw, headers: { 'content-type': 'text/csv' } });
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
      'with blank lines, which their owner judges',
      'code\nA1\n\nA2',
      [
        [2, 'A1'],
        [3, ''],
        [4, 'A2'],
      ],
    ],
  ])('are imported %s', async (_, csv, expected) => {
    expect(await upload(csv)).toMatchObject({ status: 202, body: { jobId: job.id } });
    expect(lines().map(({ line, code }) => [line, code])).toEqual(expected);
    expect(harness.others.askedFor(FinishCodeImport)).toEqual([
      { accountId: expect.any(String), jobId: job.id },
    ]);
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
      { code: 'A1', couponId: ids.coupon },
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
    expect(csv.body).toBe(`code,couponId\r\nA1,${ids.coupon}\r\n'=1+1,\r\n'-7,\r\n"A,""4""",\r\n`);
    harness.others.on(ListCodes, () => notFound('campaign.not_found', 'There is no such campaign.'));
    expect((await harness.call('GET', path, { headers: { accept: 'text/csv' } })).status).toBe(404);
  });
});
