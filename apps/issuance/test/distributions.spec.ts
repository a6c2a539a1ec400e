import {
  AppendRecipients,
  BeginDistribution,
  DeliverySettled,
  FinishDistribution,
  GetJob,
  newId,
  SearchCoupons,
} from '@tearoff/contracts';
import { eventually, overBothTransports, times } from '@tearoff/testing';
import { distribute, errorsOf, person, refusalsOf, send } from './lists';
import { World } from './world';

const mobile = (index: number) => `+4479111${String(20_000 + index)}`;

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ means, instances: 2, callers: 4 });
  });
  afterAll(() => world?.stop());

  const told = (campaign: { id: string }) =>
    world.notification.heard.bulkIssued.filter(({ campaignId }) => campaignId === campaign.id);
  const toSend = (campaign: { id: string }) =>
    world.notification.heard.bulkToSend.filter(({ campaignId }) => campaignId === campaign.id);
  const leftovers = async () => (await world.count('list_row')) + (await world.count('list_served'));

  it('gives everyone on a list a coupon, told as those of a list, and forgets the rows', async () => {
    const campaign = await world.campaign();
    const rows = times(1_100, (index) => ({
      recipient: { phone: mobile(index), firstName: `P${index}` },
      ...(index === 7 && { source: { site: 'own' }, metadata: { tier: 'gold' } }),
    }));
    const job = await distribute(world, campaign, rows, {
      channel: 'sms',
      message: { body: 'For you' },
      source: { site: 'list' },
    });
    expect(job).toMatchObject({ kind: 'distribution', status: 'done', total: 1_100, done: 1_100, failed: 0 });
    expect(await world.counts(campaign)).toMatchObject({ issued: 1_100 });
    await eventually(() => told(campaign).length === 1_100);
    const items = new Map(told(campaign).map((item) => [item.recipient.firstName, item]));
    expect(items.size).toBe(1_100);
    expect(items.get('P3')).toMatchObject({
      channel: 'sms',
      message: { body: 'For you' },
      source: { site: 'list' },
      recipient: { phone: mobile(3) },
    });
    expect(items.get('P7')).toMatchObject({ source: { site: 'own' }, metadata: { tier: 'gold' } });
    expect(world.notification.heard.issued.filter(({ campaignId }) => campaignId === campaign.id)).toEqual(
      [],
    );
    expect(await leftovers()).toBe(0);
  });

  it('gives one coupon to whom it names twice, by any of their names and spellings, and sends it once', async () => {
    const campaign = await world.campaign();
    const ann = { phone: '+447911123456', externalId: 'ann' };
    const job = await distribute(
      world,
      campaign,
      [
        { recipient: ann },
        ...times(500, (index) => ({ recipient: { phone: mobile(index) } })),
        { recipient: { phone: '07911 123456', country: 'GB' } },
        { recipient: { phone: mobile(900), externalId: 'ann' } },
      ],
      { channel: 'sms' },
    );
    expect(job).toMatchObject({ total: 503, done: 503, failed: 0 });
    expect(await world.counts(campaign)).toMatchObject({ issued: 501 });
    await eventually(() => told(campaign).length === 501);
    expect(toSend(campaign)).toEqual([]);
  });

  it.each([
    ['who may have as many as they like', null],
    ['who may have three', { count: 3, per: 'campaign' as const }],
    ['who may have one a day', { count: 1, per: 'day' as const }],
  ])('gives one coupon a list to someone %s', async (_, perRecipient) => {
    const campaign = await world.campaign({ limits: { perRecipient } });
    const rows = times(900, (index) => person(index % 450));
    expect(await distribute(world, campaign, rows)).toMatchObject({ done: 900, failed: 0 });
    expect(await world.counts(campaign)).toMatchObject({ issued: 450 });
    expect(await leftovers()).toBe(0);
  });

  it('sends nothing twice when the same list comes again, but sends to whom it could not before', async () => {
    const campaign = await world.campaign();
    const rows = times(5, (index) => ({ recipient: { phone: mobile(index), externalId: `p${index}` } }));
    await distribute(world, campaign, rows.slice(0, 4), { channel: 'sms' });
    await eventually(() => told(campaign).length === 4);
    await world.coupon(campaign, { externalId: 'p4' });
    const failing = told(campaign)[2];
    await world.tell(DeliverySettled, [
      {
        deliveryId: failing.deliveryId!,
        accountId: world.accountId,
        couponId: failing.couponId,
        campaignId: campaign.id,
        channel: 'sms',
        status: 'failed',
        error: 'unreachable',
        at: new Date().toISOString(),
      },
    ]);
    await eventually(async () => {
      const found = await world.ask(SearchCoupons, { accountId: world.accountId, campaignId: campaign.id });
      return found.data.some(({ delivery }) => delivery?.status === 'failed');
    });
    const again = await distribute(world, campaign, rows, { channel: 'sms' });
    expect(again).toMatchObject({ done: 5, failed: 0 });
    await eventually(() => toSend(campaign).length === 2);
    expect(new Set(toSend(campaign).map(({ recipient }) => recipient.phone))).toEqual(
      new Set([failing.recipient.phone, mobile(4)]),
    );
    expect(told(campaign)).toHaveLength(4);
    expect(await distribute(world, campaign, rows, { channel: 'sms' })).toMatchObject({ done: 5 });
    expect(toSend(campaign)).toHaveLength(2);
  });

  it('lets those pass who ask for what a list has yet to send them: under the same delivery, once', async () => {
    const campaign = await world.campaign();
    const ann = { phone: mobile(1) };
    await distribute(world, campaign, [{ recipient: ann }], { channel: 'sms' });
    await eventually(() => told(campaign).length === 1);
    const { deliveryId } = told(campaign)[0];
    const asked = await Promise.all(times(5, () => world.coupon(campaign, ann, { channel: 'sms' })));
    expect(new Set(asked.map(({ delivery }) => delivery!.id))).toEqual(new Set([deliveryId]));
    await world.coupon(campaign, { phone: mobile(2) }, { channel: 'sms' });
    const { heard } = world.notification;
    await eventually(() => heard.issued.some(({ campaignId }) => campaignId === campaign.id));
    const prioritised = () => heard.toSend.filter(({ campaignId }) => campaignId === campaign.id);
    await eventually(() => prioritised().length > 0);
    expect(prioritised().map((item) => item.deliveryId)).toEqual([deliveryId]);
  });

  it('tells of each row that it could not serve, as it was written, and serves the others', async () => {
    const campaign = await world.campaign({ limits: { onRepeat: 'reject' } });
    await world.issue(campaign, { phone: mobile(1) });
    world.notification.heard.suppressed.add(mobile(2));
    const job = await distribute(
      world,
      campaign,
      [
        { recipient: { phone: '12' } },
        { recipient: { phone: mobile(0), email: 'no address' } },
        { recipient: {} },
        { recipient: { externalId: 'x' } },
        { recipient: { phone: mobile(1) } },
        { recipient: { phone: mobile(2) } },
        { recipient: { phone: mobile(3) }, offerId: 'off_none' },
        { recipient: { phone: mobile(4), firstName: 'Zoe\u0000' } },
      ],
      { channel: 'sms' },
    );
    expect(job).toMatchObject({ status: 'done', total: 8, done: 1, failed: 7 });
    expect(await errorsOf(world, job.id)).toMatchObject([
      { line: 1, recipient: '12', code: 'recipient.invalid_phone' },
      { line: 2, recipient: mobile(0), code: 'recipient.invalid_email' },
      { line: 3, recipient: '', code: 'recipient.missing' },
      { line: 4, recipient: 'x', code: 'recipient.no_address' },
      { line: 5, code: 'recipient.limit_reached' },
      { line: 6, code: 'recipient.suppressed' },
      { line: 7, code: 'offer.not_found' },
    ]);
    expect(job.errors[0]).toEqual({ path: '/lines/1', message: expect.stringContaining('phone number') });
  });

  it('counts the lines that were unreadable, and pages through all that went wrong', async () => {
    const campaign = await world.campaign();
    const { accountId } = world;
    const { id: jobId } = await send(world, campaign, [], { finish: false });
    await world.ask(AppendRecipients, {
      accountId,
      jobId,
      chunk: 0,
      rows: [{ line: 2, recipient: { externalId: 'fine' } }],
      faults: times(150, (index) => ({ path: `/lines/${index + 3}`, message: 'is not readable' })),
    });
    await world.ask(FinishDistribution, { accountId, jobId });
    const job = await world.finished({ id: jobId });
    expect([job.total, job.done, job.failed, job.errors.length]).toEqual([151, 1, 150, 100]);
    expect((await refusalsOf(world, job)).at(-1)).toEqual([152, 'line.invalid']);
  });

  it('never exceeds a total, and refuses those for whom nothing is left', async () => {
    const campaign = await world.campaign({ limits: { total: 450 } });
    const lists = await Promise.all([
      distribute(world, campaign, times(500, person)),
      distribute(
        world,
        campaign,
        times(500, (index) => person(index + 300)),
      ),
    ]);
    expect(await world.counts(campaign)).toMatchObject({ issued: 450 });
    expect(await world.count('coupon', `campaign_id = '${campaign.id}'`)).toBe(450);
    for (const job of lists) {
      expect(job.done + job.failed).toBe(500);
      expect(new Set((await refusalsOf(world, job)).map(([, code]) => code))).toEqual(
        new Set(job.failed > 0 ? ['campaign.exhausted'] : []),
      );
    }
  });

  it('shares its people with those who ask for themselves at the same time', async () => {
    const campaign = await world.campaign();
    const job = send(world, campaign, times(1_000, person));
    const asked = await Promise.all(
      times(300, (index) => world.issue(campaign, { externalId: `person ${index * 3}` })),
    );
    expect(asked.filter(({ outcome }) => outcome === 'refused')).toEqual([]);
    expect(await world.finished(await job)).toMatchObject({ done: 1_000, failed: 0 });
    expect(await world.count('coupon', `campaign_id = '${campaign.id}'`)).toBe(1_000);
    expect(await world.counts(campaign)).toMatchObject({ issued: 1_000 });
  });

  it('serves no one before it is finished, each chunk once and in its turn, and no one when it breaks off', async () => {
    const campaign = await world.campaign();
    const { accountId } = world;
    const { id: jobId } = await send(world, campaign, [person(1)], { finish: false });
    const append = (chunk: number, line: number) =>
      world.ask(AppendRecipients, { accountId, jobId, chunk, rows: [{ line, ...person(line) }] });
    await append(0, 1);
    await expect(append(2, 3)).rejects.toMatchObject({ code: 'distribution.chunk_out_of_order' });
    await append(1, 2);
    expect(await world.ask(GetJob, { accountId, jobId })).toMatchObject({
      status: 'queued',
      total: 2,
      done: 0,
    });
    const job = await world.ask(FinishDistribution, { accountId, jobId, abandon: true });
    expect(job).toMatchObject({ status: 'failed', done: 0 });
    await expect(append(2, 3)).rejects.toMatchObject({ code: 'distribution.closed' });
    expect([await world.count('coupon', `campaign_id = '${campaign.id}'`), await leftovers()]).toEqual([
      0, 0,
    ]);
  });

  it('whose sender has gone silent is given up, and forgotten', async () => {
    const campaign = await world.campaign();
    const job = await send(world, campaign, [person(1)], { finish: false });
    await world.dataSource.query(`update job set touched_at = now() - interval '2 hours' where id = $1`, [
      job.id,
    ]);
    // Whatever begins wakes the runner.
    await distribute(world, campaign, [person(2)]);
    expect(await world.finished(job)).toMatchObject({ status: 'failed', done: 0 });
    await eventually(async () => (await world.count('list_row', `job_id = '${job.id}'`)) === 0);
    expect(await world.counts(campaign)).toMatchObject({ issued: 1 });
  });

  it('is not begun where nothing is given out', async () => {
    const begin = (campaignId: string) =>
      world.ask(BeginDistribution, { accountId: world.accountId, campaignId, channel: 'none' });
    await expect(begin(newId('campaign'))).rejects.toMatchObject({ code: 'campaign.not_found' });
    const paused = await world.campaign({ status: 'paused' });
    await expect(begin(paused.id)).rejects.toMatchObject({ code: 'campaign.not_active', kind: 'conflict' });
    const ended = await world.campaign({ status: 'ended' });
    await expect(begin(ended.id)).rejects.toMatchObject({ code: 'campaign.ended' });
    const stranger = await world.campaign({}, newId('account'));
    await expect(begin(stranger.id)).rejects.toMatchObject({ code: 'campaign.not_found' });
  });

  it('of no one is over at once', async () => {
    const campaign = await world.campaign();
    expect(await distribute(world, campaign, [])).toMatchObject({ status: 'done', total: 0, done: 0 });
  });
});
