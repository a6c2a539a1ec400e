import { request } from 'node:http';
import {
  AppendRecipients,
  BeginDistribution,
  CheckMessages,
  ControlJob,
  FinishDistribution,
  ListJobErrors,
  notFound,
  type Job,
} from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { admin, startHarness, type CallOptions, type Harness } from './harness';
import { ids } from './samples';

let harness: Harness;
const path = `/v1/campaigns/${ids.campaign}/distributions`;
const job: Job = {
  id: 'job_00000000000000',
  accountId: ids.account,
  kind: 'distribution',
  campaignId: ids.campaign,
  status: 'queued',
  done: 0,
  total: 0,
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
  harness.others.on(BeginDistribution, () => job);
  harness.others.on(AppendRecipients, () => ({}));
  harness.others.on(FinishDistribution, () => job);
  harness.others.on(CheckMessages, () => ({ faults: [] }));
  harness.others.on(ControlJob, ({ action }) => ({ ...job, note: action }));
});

const post = (body: unknown, options: CallOptions = {}) => harness.call('POST', path, { body, ...options });
const upload = (raw: CallOptions['raw'], query = '?channel=sms', headers = {}) =>
  harness.call('POST', path + query, { raw, headers: { 'content-type': 'text/csv', ...headers } });
const rows = () => harness.others.askedFor(AppendRecipients).flatMap((part) => part.rows);
const faults = () => harness.others.askedFor(AppendRecipients).flatMap((part) => part.faults ?? []);
const abandoned = () => harness.others.askedFor(FinishDistribution).some(({ abandon }) => abandon);

describe('a list', () => {
  it('of JSON is passed on in order, with what holds for all of it', async () => {
    const message = { body: 'Hi {{ firstName }}' };
    const recipients = [
      { phone: '+447400123456', firstName: 'Ann' },
      { email: 'ben@example.com', code: 'B-1', offerId: 'off_1', source: { ad: 'x' }, metadata: { a: 1 } },
    ];
    expect(await post({ channel: 'sms', message, source: { site: 's' }, recipients })).toMatchObject({
      status: 202,
      body: { jobId: job.id },
    });
    expect(harness.others.askedFor(BeginDistribution)).toMatchObject([
      { campaignId: ids.campaign, channel: 'sms', message, source: { site: 's' } },
    ]);
    expect(rows()).toEqual([
      { line: 1, recipient: { phone: '+447400123456', firstName: 'Ann' } },
      {
        line: 2,
        recipient: { email: 'ben@example.com' },
        code: 'B-1',
        offerId: 'off_1',
        source: { ad: 'x' },
        metadata: { a: 1 },
      },
    ]);
  });

  it('with rows that make no sense has those told, not the others held up', async () => {
    const recipients = [
      null,
      'ann',
      { phone: 7 },
      { phone: '+447400123456', country: 'Britain' },
      { externalId: 'x', nickname: 'y' },
      { externalId: 'fine' },
      { externalId: 'x', firstName: 'F'.repeat(201) },
      { externalId: 'x', firstName: 'A\0nn' },
      { externalId: 'x', metadata: { deep: [{ '\ud800': 1 }] } },
    ];
    expect((await post({ channel: 'none', recipients })).status).toBe(202);
    expect(rows()).toEqual([{ line: 6, recipient: { externalId: 'fine' } }]);
    expect(faults().map(({ path }) => path)).toEqual(
      [1, 2, 3, 4, 5, 7, 8, 9].map((line) => `/lines/${line}`),
    );
    expect(faults()[4].message).toBe('nickname is not a known field');
    expect(faults()[6].message).toBe('holds a character that cannot be stored');
  });

  it.each([
    ['no channel', { recipients: [{}] }, '/channel'],
    ['no recipients', { channel: 'sms', recipients: [] }, '/recipients'],
    ['something else', { channel: 'sms', recipients: [{}], when: 'now' }, '/when'],
  ])('with %s is refused whole', async (_, body, fault) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect(answer.body.errors.map((each: { path: string }) => each.path)).toContain(fault);
    expect(harness.others.asked).toEqual([]);
  });

  it('with a NUL in what holds for all of it is refused whole', async () => {
    const answer = await post({ channel: 'sms', source: { ad: '\0' }, recipients: [{ externalId: 'x' }] });
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
    expect(harness.others.asked).toEqual([]);
  });

  it('with a message that cannot be parsed is refused before anyone is taken in', async () => {
    harness.others.on(CheckMessages, () => ({ faults: [{ path: '/message/body', message: 'no end' }] }));
    const answer = await post({ channel: 'sms', message: { body: '{{' }, recipients: [{ phone: '1' }] });
    expect(answer).toMatchObject({ status: 422, body: { code: 'message.invalid' } });
    expect(harness.others.askedFor(BeginDistribution)).toEqual([]);
  });

  it('with a header of very many columns is refused by their number', async () => {
    const header = ['phone', ...Array.from({ length: 100_000 }, (_, index) => `c${index}`)].join();
    const answer = await upload(`${header}\n`);
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/lines/1', message: 'has more than 250 columns' }] },
    });
  });

  it('of a hundred thousand is taken as JSON; other routes still take a megabyte', async () => {
    const recipients = Array.from({ length: 100_000 }, (_, index) => ({
      phone: `+4479${10_000_000 + index}`,
      firstName: `Person ${index}`,
    }));
    const answer = await post({ channel: 'sms', recipients }, { headers: { 'idempotency-key': 'big' } });
    expect(answer.status).toBe(202);
    expect(rows()).toHaveLength(100_000);
    const big = { name: 'x'.repeat(1_100_000) };
    expect((await harness.call('POST', '/v1/campaigns', { body: big })).status).toBe(413);
  });

  it('that comes again under its Idempotency-Key is taken once', async () => {
    const headers = { 'idempotency-key': 'csv-once' };
    const csv = 'phone\n+447400123456\n';
    expect((await upload(csv, undefined, headers)).status).toBe(202);
    const again = await upload(csv, undefined, headers);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
    expect((await upload(`${csv}+447400123457\n`, undefined, headers)).status).toBe(422);
    expect(harness.others.askedFor(BeginDistribution)).toHaveLength(1);
  });
});

describe('a CSV list', () => {
  it.each([
    ['by name, in any case and order', 'FirstName,PHONE\nAnn,+44 1\n'],
    ['from a European Excel', '\ufeffphone;firstname\r\n+44 1;Ann\r\n'],
    ['separated by tabs', 'phone\tfirstName\n+44 1\tAnn'],
    ['in quotes', '"phone","firstName"\n"+44 1","Ann"\n'],
    ['after a blank line', '\n\nphone,firstName\n+44 1,Ann\n'],
    ['with old Mac line ends', 'phone,firstName\r+44 1,Ann\r'],
  ])('is read %s', async (_, csv) => {
    expect((await upload(csv)).status).toBe(202);
    expect(rows()).toMatchObject([{ recipient: { phone: '+44 1', firstName: 'Ann' } }]);
    expect(faults()).toEqual([]);
  });

  it('has columns of ours, of the source, and others that become metadata', async () => {
    const csv =
      'externalId,country,languageCode,code,offerId,source.site,Source.ad,Tier,,__proto__\n' +
      'x1,gb,en,C-1,off_1,home,,gold,lost,evil\n';
    await upload(csv, '?channel=none');
    expect(rows()).toEqual([
      {
        line: 2,
        recipient: { externalId: 'x1', country: 'GB', languageCode: 'en' },
        code: 'C-1',
        offerId: 'off_1',
        source: { site: 'home' },
        metadata: { Tier: 'gold' },
      },
    ]);
    expect(harness.others.askedFor(BeginDistribution)).toMatchObject([{ channel: 'none' }]);
  });

  it('may say its separator in a first line, as Excel does, and break lines with CRLF within quotes', async () => {
    const csv = 'sep=;\r\nphone;firstName\r\n+44 1;"two\r\nlines"\r\n+44 2;Ben, B\r\n\r\n;\r\n';
    expect((await upload(csv)).status).toBe(202);
    expect(rows().map(({ line, recipient }) => [line, recipient.firstName])).toEqual([
      [3, 'two\r\nlines'],
      [5, 'Ben, B'],
    ]);
    expect(faults()).toEqual([]);
  });

  it('keeps the other separators in its cells, and counts lines as an editor does', async () => {
    const csv = 'phone,firstName\n+44 1,"Ann;\tof ""X"""\n\n+44 2,"two\nlines"\n+44 3,Ben\n';
    await upload(csv);
    expect(rows().map(({ line, recipient }) => [line, recipient.firstName])).toEqual([
      [2, 'Ann;\tof "X"'],
      [4, 'two\nlines'],
      [6, 'Ben'],
    ]);
  });

  it('tells of rows that are too long, too wide or of the wrong kind, by line', async () => {
    const csv = [
      'phone,country',
      '+44 1,GB,extra',
      '+44 2,Atlantis',
      `${'1'.repeat(51)},GB`,
      ',',
      '+44 3',
      '+44 4,GB,,',
      `${'1'.repeat(70_000)},GB`,
      `"${'1'.repeat(900_000)}",GB`,
      '+44 5\0,GB',
      '+44 6,GB',
    ].join('\n');
    await upload(csv);
    expect(faults().map((fault) => fault.path)).toEqual([2, 3, 4, 8, 9, 10].map((line) => `/lines/${line}`));
    expect(faults()[3].message).toBe('is longer than 65536 characters');
    expect(rows().map(({ line }) => line)).toEqual([6, 7, 11]);
  });

  it.each([
    ['names nobody', 'firstName,city\nAnn,Rome\n', '/lines/1'],
    ['names a column twice', 'phone,Phone\n1,2\n', '/lines/1'],
    ['has no header', '', '/lines/1'],
    ['leaves a quote open', 'phone,firstName\n1,"Ann\n2,Ben\n', '/lines/3'],
    [
      'has too many columns',
      `phone,${Array.from({ length: 260 }, (_, i) => `c${i}`).join()}\n1\n`,
      '/lines/1',
    ],
    ['has a line without an end', `phone\n${'1'.repeat(1_100_000)}`, '/lines/'],
    [
      'leaves a quote open for long',
      `phone,firstName\n1,"Ann\n${'2,Ben\n'.repeat(12_000)}3,"Cid"\n`,
      '/lines/',
    ],
    ['has a NUL in its header', 'phone,a\0b\n1,2\n', '/lines/1'],
  ])('that %s is refused whole', async (_, csv, line) => {
    const answer = await upload(csv);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect(answer.body.errors[0].path).toContain(line);
    expect(abandoned()).toBe(true);
  });

  it('says by which channel it goes', async () => {
    expect(await upload('phone\n1\n', '')).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/channel' }] },
    });
    expect((await upload('phone\n1\n', '?channel=fax')).status).toBe(400);
    expect(harness.others.asked).toEqual([]);
  });

  it('of a campaign that is unknown is refused, although it is on its way', async () => {
    harness.others.on(BeginDistribution, () => notFound('campaign.not_found', 'There is no such campaign.'));
    const answer = await upload(`phone\n${'+447400123456\n'.repeat(100_000)}`);
    expect(answer).toMatchObject({ status: 404, body: { code: 'campaign.not_found' } });
    expect((await harness.call('GET', '/health/live')).status).toBe(200);
  });

  it('that breaks off is abandoned', async () => {
    const { port } = new URL(harness.gateway.url);
    const headers = { ...admin, 'content-type': 'text/csv' };
    const broken = request({ port, path: `${path}?channel=sms`, method: 'POST', headers });
    broken.on('error', () => undefined);
    broken.write('phone,note\n');
    for (let i = 0; i < 200; i++) broken.write(`+447400123456,${'x'.repeat(200)}\n`.repeat(50));
    await eventually(() => harness.others.askedFor(AppendRecipients).length > 0);
    broken.destroy();
    await eventually(() => abandoned());
  });

  it('of forty megabytes is read no faster than it is taken in', async () => {
    const line = `+447400123456,${'n'.repeat(1_900)}\n`;
    let sent = 0;
    let taken = 0;
    let furthest = 0;
    harness.others.on(AppendRecipients, (part) => {
      taken += part.rows.length;
      furthest = Math.max(furthest, (sent - taken) * line.length);
      return {};
    });
    const source = new ReadableStream<Uint8Array>({
      pull: (stream) => {
        if (sent >= 20_000) return stream.close();
        stream.enqueue(Buffer.from((sent === 0 ? 'phone,note\n' : '') + line.repeat(50)));
        sent += 50;
      },
    });
    expect((await upload(source)).status).toBe(202);
    expect(taken).toBe(20_000);
    // Sockets and readers hold up to twenty megabytes on a busy machine.
    expect(furthest).toBeLessThan(26_000_000);
  });
});

describe('a job', () => {
  it.each(['pause', 'resume', 'cancel'] as const)('is told to %s', async (action) => {
    const answer = await harness.call('POST', `/v1/jobs/${job.id}/${action}`);
    expect(answer).toMatchObject({ status: 200, body: { id: job.id, note: action } });
    expect(answer.body.accountId).toBeUndefined();
  });

  it('says what went wrong as pages of JSON, or all of it as CSV with formulas defused', async () => {
    const all = [
      { line: 2, recipient: '=HYPERLINK("x")', code: 'recipient.missing', message: 'a, b' },
      { line: 9, recipient: '+44 1', code: 'recipient.invalid_phone', message: 'c' },
    ];
    harness.others.on(ListJobErrors, ({ cursor }) =>
      cursor ? { data: all.slice(1), nextCursor: null } : { data: all.slice(0, 1), nextCursor: '2' },
    );
    expect((await harness.call('GET', `/v1/jobs/${job.id}/errors?limit=1`)).body).toEqual({
      data: all.slice(0, 1),
      nextCursor: '2',
    });
    const csv = await harness.call('GET', `/v1/jobs/${job.id}/errors`, { headers: { accept: 'text/csv' } });
    expect(csv.body).toBe(
      'line,recipient,code,message\r\n' +
        `2,"'=HYPERLINK(""x"")",recipient.missing,"a, b"\r\n` +
        `9,'+44 1,recipient.invalid_phone,c\r\n`,
    );
  });
});
