/* oxlint-disable unicorn/no-thenable -- a branch of a definition is called `then` */
import { CreateWorkflow, GetRun, ListRuns, newId, type RunWithSteps } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import type { Scene } from '../scene';
import { ann, newAccount } from '../world';

const couponIdOf = ({ steps }: RunWithSteps, at = 0): string =>
  (steps[at].output as { couponId: string }).couponId;
const pathsOf = ({ steps }: RunWithSteps): string[] => steps.map(({ path }) => path);

/** Runs, from what starts them to their end. */
export function runCases(scene: Scene): void {
  describe('a run', () => {
    it('issues a coupon and sends a message with its code', async () => {
      const { world, campaignId, templateId } = scene;
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
      const { world } = scene;
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
        expect(runs.map(({ status }) => status).sort()).toEqual(['completed', 'stopped']);
        // Messages may overtake each other.
        return runs.sort((a, b) => b.status.localeCompare(a.status));
      });
      expect(others).toEqual([]);
      expect(pathsOf(rich)).toEqual(['/steps/0', '/steps/0/condition/then/0']);
      expect(pathsOf(poor)).toEqual(['/steps/0', '/steps/0/condition/else/0', '/steps/1']);
      expect(poor.steps[0].output).toMatchObject({ holds: false, fault: expect.any(String) });
    });

    it('of a coupon’s event is about whom the coupon was given to', async () => {
      const { world } = scene;
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
      await scene.redeem(couponId);
      const run = await world.run(workflow, 'completed');
      expect(run.contact).toMatchObject({ firstName: 'Bob' });
      const { deliveryId } = run.steps[0].output as { deliveryId: string };
      expect(world.owners.sent.get(deliveryId)).toMatchObject({ email: 'bob@example.com' });
    });

    it('takes values as they are: what is hostile in them reaches nothing and stops no one', async () => {
      const { world, templateId } = scene;
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

    it('is started by the events of its own account alone, though both accounts listen to the same', async () => {
      const { world } = scene;
      const trigger = { event: 'shared', repeat: 'every' as const };
      const own = await world.workflow({ trigger, steps: [{ stop: {} }] });
      const accountId = newAccount();
      const { id: workflowId } = await world.ask(CreateWorkflow, {
        accountId,
        workflow: { name: 'Another account’s', trigger, steps: [{ stop: {} }] },
      });
      // One message, so that all of their runs are there or none.
      await world.happen('shared', {}, { accountId }, {});
      await eventually(async () => expect(await world.runs(own)).toHaveLength(2));
      expect((await world.ask(ListRuns, { accountId, workflowId })).data).toHaveLength(1);
    });

    it('is shown to its own account alone', async () => {
      const { world } = scene;
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
      scene.world.workflow({ trigger: { event, repeat }, timezone: 'Europe/Kyiv', steps: [{ stop: {} }] });
    const keysOf = (runs: RunWithSteps[]) => runs.map(({ key }) => key).sort();

    it('starts one run, however often and wherever it comes at once', async () => {
      const { world } = scene;
      const workflow = await repeated('twice', 'once');
      await Promise.all(Array.from({ length: 12 }, (_, n) => world.happen('twice', { key: `k${n % 2}` })));
      await world.happen('twice', { key: 'k3' }, { key: 'k3' });
      await eventually(async () => expect(keysOf(await world.runs(workflow))).toEqual(['k0', 'k1', 'k3']));
    });

    it('starts one run each time where the workflow says so, but none for the same event again', async () => {
      const { world } = scene;
      const workflow = await repeated('each', 'every');
      const eventId = newId('event');
      await world.happen('each', { eventId, key: 'a' });
      await world.happen('each', { eventId, key: 'a' }, { key: 'a' });
      await eventually(async () => expect(keysOf(await world.runs(workflow))).toEqual(['a', 'a']));
    });

    it('starts one run a day of the workflow’s zone', async () => {
      const { world } = scene;
      const workflow = await repeated('daily', { oncePer: 'day' });
      // Midnight in Kyiv is 22:00 UTC.
      for (const at of ['2031-01-10T21:58:00Z', '2031-01-10T21:59:00Z', '2031-01-10T22:00:00Z'])
        await world.happen('daily', { key: 'a', at });
      await eventually(async () => expect(keysOf(await world.runs(workflow))).toEqual(['a', 'a']));
    });
  });
}
