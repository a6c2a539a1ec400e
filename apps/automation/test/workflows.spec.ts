import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ChangePoints,
  conflict,
  CouponIssued,
  CouponRedeemed,
  GetRun,
  IssueCoupon,
  newId,
  RetryRun,
  RunDue,
  SendMessages,
  unavailable,
  UpdateWorkflow,
  type ItemOf,
  type RequestOf,
  type RunWithSteps,
} from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { eventually } from '@tearoff/testing';
import { RunStore } from '../src/runs/run.store';
import { RunSweeper } from '../src/runs/sweeper';
import { Waits } from '../src/waits/waits';
import { ann, newAccount, overBothTransports, World } from './world';

const hour = 3_600_000;
const day = 24 * hour;

const issued = (accountId: string, couponId: string): ItemOf<typeof CouponIssued> => ({
  accountId,
  couponId,
  campaignId: newId('campaign'),
  campaignVersion: 1,
  code: 'W7KQ',
  token: 'not for telling',
  recipient: { phone: ann.phone },
  offerId: null,
  channel: 'none',
  deliveryId: null,
  message: null,
  issuedAt: '2031-01-01T00:00:00.000Z',
  validFrom: '2031-01-01T00:00:00.000Z',
  ownValidTo: null,
  validTo: null,
  source: null,
  metadata: null,
});

const couponIdOf = ({ steps }: RunWithSteps, at = 0): string =>
  (steps[at].output as { couponId: string }).couponId;
const pathsOf = ({ steps }: RunWithSteps): string[] => steps.map(({ path }) => path);

overBothTransports((means) => {
  let world: World;
  let campaignId: string;
  let templateId: string;

  beforeAll(async () => {
    world = await World.start({ means, instances: 2 });
    campaignId = world.owners.campaign(world.accountId);
    templateId = world.owners.template(world.accountId);
  });
  afterAll(() => world?.stop());
  beforeEach(() => {
    world.clock.goOn();
    world.owners.before = () => undefined;
    world.owners.after = () => undefined;
    world.owners.refuseIssue.clear();
    world.owners.refuseSend.clear();
  });

  const redeem = (couponId: string): Promise<void> =>
    world.tell(CouponRedeemed, [
      {
        redemptionId: newId('redemption'),
        accountId: world.accountId,
        couponId,
        campaignId,
        code: 'W7KQ',
        storeId: 'S1',
        terminalId: null,
        channel: 'store',
        transactionRef: null,
        discount: null,
        basket: null,
        redeemedAt: '2031-01-02T00:00:00.000Z',
      },
    ]);

  /** Has the next message of that command fail, before it is done or after. */
  const failOnce = (when: 'before' | 'after', command: string): void => {
    let failed = false;
    world.owners[when] = (name) => {
      if (name !== command || failed) return;
      failed = true;
      throw unavailable('service.deadline_exceeded', 'It did not answer in time.');
    };
  };

  describe('a run', () => {
    it('issues a coupon and sends a message with its code', async () => {
      const { owners } = world;
      const workflow = await world.workflow({
        trigger: { event: 'signup' },
        steps: [
          { name: 'gift', issueCoupon: { campaignId } },
          {
            sendMessage: {
              templateId,
              data: { code: '${steps.gift.code}', hello: 'Hi ${contact.firstName}${nobody}' },
            },
          },
        ],
      });
      await world.happen('signup', { params: { plan: 'gold' } });
      const run = await world.run(workflow, 'completed');
      const coupon = owners.coupons.get(couponIdOf(run))!;
      expect(coupon).toMatchObject({ campaignId, recipient: { phone: ann.phone } });
      const sent = owners.sent.get((run.steps[1].output as { deliveryId: string }).deliveryId);
      expect(sent).toMatchObject({
        phone: ann.phone,
        data: { plan: 'gold', code: coupon.code, hello: 'Hi Ann' },
      });
      expect(run.steps).toMatchObject([
        { path: '/steps/0', name: 'gift', kind: 'issueCoupon', status: 'done', attempts: 1 },
        { path: '/steps/1', name: null, kind: 'sendMessage', status: 'done', attempts: 1 },
      ]);
    });

    it('goes the way its conditions say, and ends where it says stop', async () => {
      const workflow = await world.workflow({
        trigger: {
          event: 'sale',
          repeat: 'every',
          filter: { '==': [{ var: 'params.shop' }, 'north'] },
        },
        steps: [
          {
            condition: {
              if: { '>': ['${params.total}', 100] },
              then: [{ stop: { reason: 'rich' } }],
              else: [{ condition: { if: { '!': [{ var: 'vip' }] }, then: [] } }],
            },
          },
          { name: 'last', condition: { if: true, then: [] } },
        ],
      });
      await world.happen('sale', { params: { shop: 'north', total: 101 } });
      await world.happen('sale', { params: { shop: 'north', total: 'a lot' } });
      await world.happen('sale', { params: { shop: 'south', total: 5 } });
      const [rich, poor, ...others] = await eventually(async () => {
        const runs = await world.runs(workflow);
        expect(runs.map(({ status }) => status)).toEqual(['stopped', 'completed']);
        return runs;
      });
      expect(others).toEqual([]);
      expect(pathsOf(rich)).toEqual(['/steps/0', '/steps/0/condition/then/0']);
      expect(pathsOf(poor)).toEqual(['/steps/0', '/steps/0/condition/else/0', '/steps/1']);
      expect(poor.steps[0].output).toMatchObject({ holds: false, fault: expect.any(String) });
    });

    it('of a coupon’s event is about whom the coupon was given to', async () => {
      const couponId = newId('coupon');
      world.owners.coupons.set(couponId, {
        id: couponId,
        accountId: world.accountId,
        recipient: { email: 'bob@example.com', firstName: 'Bob' },
      } as never);
      const mail = world.owners.template(world.accountId, 'email');
      const workflow = await world.workflow({
        trigger: { event: 'coupon.redeemed', filter: { '==': [{ var: 'params.couponId' }, couponId] } },
        steps: [{ sendMessage: { templateId: mail } }],
      });
      await redeem(couponId);
      const run = await world.run(workflow, 'completed');
      expect(run.contact).toMatchObject({ firstName: 'Bob' });
      const { deliveryId } = run.steps[0].output as { deliveryId: string };
      expect(world.owners.sent.get(deliveryId)).toMatchObject({ email: 'bob@example.com' });
    });

    it('takes values as they are: what is hostile in them reaches nothing and stops nobody', async () => {
      const workflow = await world.workflow({
        trigger: { event: 'hostile' },
        steps: [
          {
            sendMessage: {
              templateId,
              data: {
                a: '${params.__proto__}${constructor.name}${params.list.length}${contact.constructor}',
                b: '${params.nested}',
                c: '${params.zero}',
              },
            },
          },
        ],
      });
      await world.happen('hostile', {
        key: 'k\u0000ey',
        params: { list: [1], nested: '${contact.phone}', zero: 'x\u0000\ud800y', 'na\u0000me': 1 },
      });
      const run = await world.run(workflow, 'completed');
      const { deliveryId } = run.steps[0].output as { deliveryId: string };
      expect(world.owners.sent.get(deliveryId)!.data).toMatchObject({
        a: '',
        b: '${contact.phone}',
        c: 'x\ufffdy',
      });
    });

    it('is shown to its own account alone', async () => {
      const workflow = await world.workflow({ trigger: { event: 'own' }, steps: [{ stop: {} }] });
      await world.happen('own');
      await world.happen('own', { accountId: newAccount() });
      const { id: runId } = await world.run(workflow, 'stopped');
      const asked = world.ask(GetRun, { accountId: newAccount(), workflowId: workflow.id, runId });
      await expect(asked).rejects.toMatchObject({ code: 'run.not_found' });
    });
  });

  describe('a key', () => {
    const repeated = async (event: string, repeat: 'once' | 'every' | { oncePer: 'day' }) =>
      world.workflow({ trigger: { event, repeat }, timezone: 'Europe/Kyiv', steps: [{ stop: {} }] });
    const keysOf = (runs: RunWithSteps[]) => runs.map(({ key }) => key).sort();

    it('starts one run, however often and wherever it comes at once', async () => {
      const workflow = await repeated('twice', 'once');
      await Promise.all(Array.from({ length: 12 }, (_, n) => world.happen('twice', { key: `k${n % 2}` })));
      await world.happen('twice', { key: 'k3' }, { key: 'k3' });
      await eventually(async () => expect(keysOf(await world.runs(workflow))).toEqual(['k0', 'k1', 'k3']));
    });

    it('starts one run each time where the workflow says so, but none for the same event again', async () => {
      const workflow = await repeated('each', 'every');
      const eventId = newId('event');
      await world.happen('each', { eventId, key: 'a' });
      await world.happen('each', { eventId, key: 'a' }, { key: 'a' });
      await eventually(async () => expect(keysOf(await world.runs(workflow))).toEqual(['a', 'a']));
    });

    it('starts one run a day of the workflow’s zone', async () => {
      const workflow = await repeated('daily', { oncePer: 'day' });
      // Midnight in Kyiv is 22:00 UTC.
      for (const at of ['2031-01-10T21:58:00Z', '2031-01-10T21:59:00Z', '2031-01-10T22:00:00Z'])
        await world.happen('daily', { key: 'a', at });
      await eventually(async () => expect(keysOf(await world.runs(workflow))).toEqual(['a', 'a']));
    });
  });

  describe('a step that does not go well', () => {
    const one = (event: string, step: Record<string, unknown> = { issueCoupon: { campaignId } }) =>
      world.workflow({ trigger: { event }, steps: [step, { name: 'after', condition: { if: true } }] });

    it('is tried again after a while, and is shown waiting until then', async () => {
      failOnce('before', IssueCoupon.name);
      const workflow = await one('away');
      await world.happen('away');
      const waiting = await eventually(async () => {
        const [run] = await world.runs(workflow);
        expect(run.steps[0].attempts).toBe(1);
        return run;
      });
      expect(waiting).toMatchObject({ steps: [{ error: { code: 'service.deadline_exceeded' } }] });
      await world.pass(2_000);
      expect(await world.run(workflow, 'completed')).toMatchObject({ steps: [{ attempts: 2 }, {}] });
    });

    it('is done once, though its answer was lost and it was asked for again', async () => {
      const { owners } = world;
      const before = owners.coupons.size;
      failOnce('after', IssueCoupon.name);
      const workflow = await one('lost');
      await world.happen('lost');
      await eventually(() => expect(owners.coupons.size).toBe(before + 1));
      await eventually(async () => expect((await world.runs(workflow))[0].steps[0].attempts).toBe(1));
      await world.pass(2_000);
      const run = await world.run(workflow, 'completed');
      expect(run.steps[0].output).toMatchObject({ outcome: 'repeated' });
      expect(owners.coupons.size).toBe(before + 1);
    });

    it('is done once, though both instances are at it', async () => {
      const { owners } = world;
      const before = owners.coupons.size;
      let asked = 0;
      let open = (): void => undefined;
      const gate = new Promise<void>((resolve) => (open = resolve));
      owners.before = async (name) => {
        if (name !== IssueCoupon.name) return;
        asked++;
        await gate;
      };
      const workflow = await one('both');
      await world.happen('both');
      const [{ id: runId }] = await eventually(async () => {
        const runs = await world.runs(workflow);
        expect(asked).toBe(1);
        return runs;
      });
      const again = world.tell(RunDue, [{ runId }], { queue: 'automation.runs' });
      await eventually(() => expect(asked).toBe(2));
      open();
      await again;
      const run = await world.run(workflow, 'completed');
      expect(run.steps).toHaveLength(2);
      expect(owners.coupons.size).toBe(before + 1);
    });

    it('rests as failed when it is refused, and is taken up from there', async () => {
      const { owners, accountId } = world;
      owners.refuseIssue.set(campaignId, 'campaign.exhausted');
      const workflow = await one('refused');
      await world.happen('refused');
      const failed = await world.run(workflow, 'failed');
      expect(failed).toMatchObject({
        error: { code: 'campaign.exhausted' },
        dueAt: null,
        steps: [{ path: '/steps/0', status: 'failed', input: { campaignId } }],
      });
      owners.refuseIssue.clear();
      const named = { accountId, workflowId: workflow.id, runId: failed.id };
      expect(await world.ask(RetryRun, named)).toMatchObject({ error: null, steps: [{ attempts: 0 }] });
      await world.run(workflow, 'completed');
      await expect(world.ask(RetryRun, named)).rejects.toMatchObject({ code: 'run.not_failed' });
    });

    it('may be passed over, its refusal there to be asked about', async () => {
      world.owners.refuseSend.set(ann.phone!, 'recipient.suppressed');
      const workflow = await world.workflow({
        trigger: { event: 'passed' },
        steps: [
          { name: 'sms', onError: 'continue', sendMessage: { templateId } },
          {
            condition: {
              if: { '==': ['${steps.sms.reason}', 'recipient.suppressed'] },
              then: [{ stop: {} }],
            },
          },
        ],
      });
      await world.happen('passed');
      const run = await world.run(workflow, 'stopped');
      expect(run.steps).toMatchObject([
        { status: 'skipped', error: { code: 'recipient.suppressed' } },
        {},
        {},
      ]);
    });

    it('gives up after eight attempts, each longer after the one before', async () => {
      world.owners.before = (name) => {
        if (name === ChangePoints.name) throw unavailable('service.unavailable', 'It is not there.');
      };
      const cardId = world.owners.card(world.accountId);
      const workflow = await one('hopeless', { awardPoints: { cardId, points: 10 } });
      await world.happen('hopeless');
      for (let attempts = 1; attempts < 8; attempts++) {
        await eventually(async () =>
          expect((await world.runs(workflow))[0].steps[0]).toMatchObject({ attempts }),
        );
        await world.pass(hour);
      }
      const run = await world.run(workflow, 'failed');
      expect(run).toMatchObject({ error: { code: 'service.unavailable' }, steps: [{ attempts: 8 }] });
      world.owners.before = () => undefined;
      await world.ask(RetryRun, { accountId: world.accountId, workflowId: workflow.id, runId: run.id });
      expect((await world.run(workflow, 'completed')).steps[0].output).toMatchObject({ outcome: 'entered' });
    });

    it('harms no other of those it was asked for with', async () => {
      world.owners.refuseSend.set('+447400000009', 'recipient.invalid_phone');
      const workflow = await one('many', { sendMessage: { templateId, to: '${params.to}' } });
      const people = ['+447400000001', '+447400000009', '+447400000003'];
      await world.happen('many', ...people.map((to) => ({ params: { to } })));
      await eventually(async () => {
        const runs = await world.runs(workflow);
        expect(runs.map(({ status, params }) => [params.to, status]).sort()).toEqual([
          ['+447400000001', 'completed'],
          ['+447400000003', 'completed'],
          ['+447400000009', 'failed'],
        ]);
      });
    });
  });

  describe('a wait for an event', () => {
    const remind = (event: string) =>
      world.workflow({
        trigger: { event },
        steps: [
          { issueCoupon: { campaignId } },
          {
            waitFor: {
              event: 'coupon.redeemed',
              within: 'P3D',
              then: [{ stop: { reason: 'redeemed' } }],
              else: [{ sendMessage: { templateId } }],
            },
          },
        ],
      });

    it('goes on when this run’s coupon is redeemed, and not for another’s', async () => {
      const workflow = await remind('wait.then');
      await world.happen('wait.then', {}, {});
      const [one] = await eventually(async () => {
        const runs = await world.runs(workflow);
        expect(runs.map(({ status }) => status)).toEqual(['waiting', 'waiting']);
        return runs;
      });
      await redeem(couponIdOf(one));
      await eventually(async () => {
        const runs = await world.runs(workflow);
        expect(runs.map(({ id, status }) => [id === one.id, status])).toEqual([
          [true, 'stopped'],
          [false, 'waiting'],
        ]);
        expect(runs[0].steps[1].output).toMatchObject({ happened: true });
      });
    });

    it('reminds when its time is over, and hears nothing after that', async () => {
      const workflow = await remind('wait.else');
      await world.happen('wait.else');
      const waiting = await world.run(workflow, 'waiting');
      await world.pass(3 * day + 1_000);
      const run = await world.run(workflow, 'completed');
      expect(pathsOf(run)).toEqual(['/steps/0', '/steps/1', '/steps/1/waitFor/else/0']);
      await redeem(couponIdOf(waiting));
      expect(await world.run(workflow, 'completed')).toEqual(run);
    });

    it('counts what happened while the run was still at the steps before', async () => {
      const workflow = await world.workflow({
        trigger: { event: 'wait.before' },
        steps: [
          { issueCoupon: { campaignId } },
          { delay: { for: 'P1D' } },
          { waitFor: { event: 'coupon.redeemed', within: 'P3D', then: [{ stop: {} }] } },
        ],
      });
      await world.happen('wait.before');
      const early = await world.run(workflow, 'waiting');
      await redeem(couponIdOf(early));
      await eventually(async () => {
        const [{ n }] = (await world.dataSource.query(
          `select count(*)::int as n from sighting where happening->'params'->>'couponId' = $1`,
          [couponIdOf(early)],
        )) as { n: number }[];
        expect(n).toBe(1);
      });
      await world.pass(day + 1_000);
      const run = await world.run(workflow, 'stopped');
      expect(pathsOf(run)).toEqual(['/steps/0', '/steps/1', '/steps/2', '/steps/2/waitFor/then/0']);
    });

    it('knows a coupon’s event by the coupon that started the run', async () => {
      const couponId = newId('coupon');
      const workflow = await world.workflow({
        trigger: { event: 'coupon.issued', filter: { '==': [{ var: 'params.couponId' }, couponId] } },
        steps: [{ waitFor: { event: 'coupon.redeemed', within: 'P3D', then: [{ stop: {} }] } }],
      });
      await world.tell(CouponIssued, [issued(world.accountId, couponId)]);
      await world.run(workflow, 'waiting');
      await redeem(couponId);
      expect(JSON.stringify(await world.run(workflow, 'stopped'))).not.toContain('not for telling');
    });

    it('knows a caller’s event by the person, in any spelling, or by what it is told to match', async () => {
      const byPerson = await world.workflow({
        trigger: { event: 'wait.person' },
        steps: [{ waitFor: { event: 'bought', within: 'PT1H', then: [{ stop: {} }] } }],
      });
      const byOrder = await world.workflow({
        trigger: { event: 'wait.person' },
        steps: [
          {
            waitFor: {
              event: 'bought',
              within: 'PT1H',
              match: { order: '${params.order}' },
              then: [{ stop: {} }],
            },
          },
        ],
      });
      await world.happen('wait.person', { contact: { phone: '+44 7400 123 987' }, params: { order: 7 } });
      await Promise.all([world.run(byPerson, 'waiting'), world.run(byOrder, 'waiting')]);
      await world.happen('bought', { contact: { phone: '+447400123987' }, params: { order: 8 } });
      await world.run(byPerson, 'stopped');
      await world.run(byOrder, 'waiting');
      await world.happen('bought', { contact: null, params: { order: '7' } });
      await world.run(byOrder, 'stopped');
    });
  });

  it('a run under way finishes on its version, also while its workflow is paused', async () => {
    const { accountId } = world;
    const workflow = await world.workflow({
      trigger: { event: 'versions', repeat: 'every' },
      steps: [{ delay: { for: 'PT1H' } }, { stop: { reason: 'first' } }],
    });
    await world.happen('versions');
    await world.run(workflow, 'waiting');
    const steps = [{ stop: { reason: 'second' } }];
    const change = (patch: RequestOf<typeof UpdateWorkflow>['patch']) =>
      world.ask(UpdateWorkflow, { accountId, workflowId: workflow.id, patch });
    expect(await change({ steps })).toMatchObject({ version: 2 });
    await world.happen('versions');
    await eventually(async () =>
      expect((await world.runs(workflow)).map(({ status }) => status)).toEqual(['waiting', 'stopped']),
    );
    expect(await change({ status: 'paused' })).toMatchObject({ version: 2, status: 'paused', steps });
    await world.happen('versions');
    await world.pass(hour + 1_000);
    await eventually(async () => {
      const runs = await world.runs(workflow);
      expect(runs.map(({ version, steps: taken }) => [version, taken.at(-1)!.output])).toEqual([
        [1, { reason: 'first' }],
        [2, { reason: 'second' }],
      ]);
    });
  });

  it('a webhook is told the same id again until it answers, and no secret is shown', async () => {
    const heard: { id: unknown; body: string; auth: unknown; url: string | undefined }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        const { headers, url } = request;
        heard.push({ id: headers['webhook-id'], body, auth: headers.authorization, url });
        response.statusCode = heard.length === 1 ? 503 : 200;
        response.end('{"ticket": 7}');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const workflow = await world.workflow({
        trigger: { event: 'hook' },
        steps: [
          {
            name: 'hook',
            webhook: {
              url: `http://127.0.0.1:${port}/x?who=\${params.who}&token=t0ps3cret`,
              headers: { Authorization: 'Bearer t0ps3cret' },
              body: { who: '${params.who}' },
            },
          },
          { condition: { if: { '==': ['${steps.hook.body.ticket}', 7] }, then: [{ stop: {} }] } },
        ],
      });
      await world.happen('hook', { params: { who: 'a&b' } });
      await eventually(async () => expect((await world.runs(workflow))[0].steps[0].attempts).toBe(1));
      await world.pass(2_000);
      const run = await world.run(workflow, 'stopped');
      expect(heard).toHaveLength(2);
      expect(heard[1]).toEqual(heard[0]);
      expect(heard[0]).toMatchObject({
        id: expect.stringMatching(/^wha_/),
        auth: 'Bearer t0ps3cret',
        body: '{"who":"a&b"}',
        url: '/x?who=a%26b&token=t0ps3cret',
      });
      expect(JSON.stringify(run)).not.toContain('t0ps3cret');
    } finally {
      server.close();
    }
  });

  it('a wait of ninety days outlives every instance, and is not cut short', async () => {
    const workflow = await world.workflow({
      trigger: { event: 'long' },
      steps: [{ delay: { for: 'P90D' } }, { stop: {} }],
    });
    world.clock.is('2031-01-01T12:00:00Z');
    await world.happen('long');
    expect((await world.run(workflow, 'waiting')).dueAt).toBe('2031-04-01T12:00:00.000Z');
    await Promise.all(world.services.splice(0).map((service) => service.stop()));
    await world.pass(89 * day);
    world.services.push(await world.launch(), await world.launch());
    expect(await world.run(workflow, 'waiting')).toMatchObject({
      steps: [{ kind: 'delay', status: 'waiting' }],
    });
    await world.pass(day + 1_000);
    await world.run(workflow, 'stopped');
  });

  it('a run whose work item is gone is found again', async () => {
    const workflow = await world.workflow({
      trigger: { event: 'gone' },
      steps: [{ delay: { for: 'PT1H' } }, { stop: {} }],
    });
    await world.happen('gone');
    await world.run(workflow, 'waiting');
    await world.dataSource.query(`delete from outbox where available_at > now()`);
    await world.pass(2 * hour);
    const outbox = new Outbox(world.dataSource);
    const store = new RunStore(world.dataSource, outbox, new Waits(world.clock), world.clock);
    await new RunSweeper(outbox, store, world.clock).sweep();
    await world.run(workflow, 'stopped');
  });

  it('thousands that fall due at once hold up nobody who has just begun, and each is taken once', async () => {
    const { owners, accountId } = world;
    const backlog = owners.campaign(accountId);
    const count = 2_000;
    const delayed = await world.workflow({
      trigger: { event: 'crowd', repeat: 'every' },
      steps: [{ delay: { for: 'PT1H' } }, { issueCoupon: { campaignId: backlog } }],
    });
    const fresh = await world.workflow({
      trigger: { event: 'fresh' },
      steps: [{ issueCoupon: { campaignId } }],
    });
    for (let from = 0; from < count; from += 500)
      await world.happen('crowd', ...Array.from({ length: 500 }, () => ({})));
    const inState = async (status: string): Promise<number> => {
      const [{ n }] = (await world.dataSource.query(
        `select count(*)::int as n from run where workflow_id = $1 and
           case $2 when 'waiting' then status = 'active' and due_at > $3 else status = $2 end`,
        [delayed.id, status, world.clock.now()],
      )) as { n: number }[];
      return n;
    };
    await eventually(async () => expect(await inState('waiting')).toBe(count), { timeoutMs: 20_000 });
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    let held = false;
    owners.before = async (name, requests) => {
      const isBacklog = (requests as { campaignId?: string }[]).some(
        (request) => request.campaignId === backlog,
      );
      if (name !== IssueCoupon.name || !isBacklog) return;
      held = true;
      await gate;
    };
    try {
      await world.pass(hour + 1_000);
      await eventually(() => held);
      await world.happen('fresh');
      await world.run(fresh, 'completed');
      expect(await inState('completed')).toBe(0);
    } finally {
      open();
    }
    await eventually(async () => expect(await inState('completed')).toBe(count), { timeoutMs: 20_000 });
    const given = [...owners.coupons.values()].filter((coupon) => coupon.campaignId === backlog);
    expect(given).toHaveLength(count);
  });

  it('is saved only when all that it names is there, and not while that cannot be known', async () => {
    const { owners, accountId } = world;
    const foreign = owners.campaign(newAccount());
    const mail = owners.template(accountId, 'email');
    const save = world.workflow({
      steps: [
        { issueCoupon: { campaignId: foreign } },
        { sendMessage: { templateId: mail, channel: 'sms' } },
        { awardPoints: { cardId: 'crd_0000000000', points: 1 } },
        { issueCoupon: { campaignId: owners.campaign(accountId, { type: 'game' }) } },
      ],
    });
    await expect(save).rejects.toMatchObject({
      code: 'workflow.invalid',
      details: {
        errors: [
          { path: '/steps/0/issueCoupon/campaignId' },
          { path: '/steps/1/sendMessage/channel' },
          { path: '/steps/2/awardPoints/cardId' },
          { path: '/steps/3/issueCoupon/campaignId' },
        ],
      },
    });
    owners.before = () => {
      throw unavailable('service.unavailable', 'It is not there.');
    };
    await expect(world.workflow({ steps: [{ sendMessage: { templateId } }] })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    owners.before = () => {
      throw conflict('odd', 'Odd.');
    };
    await expect(world.workflow({ steps: [{ sendMessage: { templateId } }] })).rejects.toMatchObject({
      code: 'odd',
    });
  });

  it('is not saved where it would start itself, or another that starts it, without end', async () => {
    const trigger = { event: 'coupon.issued', repeat: 'every' as const };
    const other = world.owners.campaign(world.accountId);
    const ofOther = { ...trigger, filter: { '==': [{ var: 'params.campaignId' }, other] } };
    const issue = (id: string) => [{ issueCoupon: { campaignId: id } }];
    await expect(world.workflow({ trigger, steps: issue(campaignId) })).rejects.toMatchObject({
      details: { errors: [{ path: '/steps/0/issueCoupon' }] },
    });
    const first = await world.workflow({ name: 'First', trigger: ofOther, steps: issue(campaignId) });
    const ofFirst = { ...trigger, filter: { '==': ['${params.campaignId}', campaignId] } };
    await expect(world.workflow({ trigger: ofFirst, steps: issue(other) })).rejects.toMatchObject({
      details: { errors: [{ path: '/steps/0/issueCoupon', message: expect.stringContaining('First') }] },
    });
    await world.workflow({
      trigger: ofFirst,
      steps: [{ delay: { for: 'P1D' } }, ...issue(other)],
      status: 'paused',
    });
    await world.ask(UpdateWorkflow, {
      accountId: world.accountId,
      workflowId: first.id,
      patch: { status: 'paused' },
    });
  });

  it('asks in one message for what many runs need at once', async () => {
    const workflow = await world.workflow({
      trigger: { event: 'batch' },
      steps: [{ sendMessage: { templateId } }],
    });
    let messages = 0;
    world.owners.before = (name) => void (messages += name === SendMessages.name ? 1 : 0);
    await world.happen('batch', ...Array.from({ length: 100 }, () => ({})));
    await eventually(async () => {
      const runs = await world.runs(workflow);
      expect(runs.filter(({ status }) => status === 'completed')).toHaveLength(100);
    });
    expect(messages).toBeLessThanOrEqual(4);
  });
});
