/* oxlint-disable unicorn/no-thenable -- a branch of a definition is called `then` */
import { CouponIssued, newId, type ItemOf, type RunWithSteps } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import type { Scene } from '../scene';
import { ann } from '../world';

const day = 86_400_000;
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

/** Waits for events. */
export function waitCases(scene: Scene): void {
  describe('a wait for an event', () => {
    const remind = (event: string) =>
      scene.world.workflow({
        trigger: { event },
        steps: [
          { issueCoupon: { campaignId: scene.campaignId } },
          {
            waitFor: {
              event: 'coupon.redeemed',
              within: 'P3D',
              then: [{ stop: { reason: 'redeemed' } }],
              else: [{ sendMessage: { templateId: scene.templateId } }],
            },
          },
        ],
      });

    it('goes on when this run’s coupon is redeemed, and not for another’s', async () => {
      const { world } = scene;
      const workflow = await remind('wait.then');
      await world.happen('wait.then', {}, {});
      const [one] = await eventually(async () => {
        const runs = await world.runs(workflow);
        expect(runs.map(({ status }) => status)).toEqual(['waiting', 'waiting']);
        return runs;
      });
      await scene.redeem(couponIdOf(one));
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
      const { world } = scene;
      const workflow = await remind('wait.else');
      await world.happen('wait.else');
      const waiting = await world.run(workflow, 'waiting');
      await world.pass(3 * day + 1_000);
      const run = await world.run(workflow, 'completed');
      expect(pathsOf(run)).toEqual(['/steps/0', '/steps/1', '/steps/1/waitFor/else/0']);
      await scene.redeem(couponIdOf(waiting));
      expect(await world.run(workflow, 'completed')).toEqual(run);
    });

    it('counts what happened while the run was still at the steps before', async () => {
      const { world, campaignId } = scene;
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
      await scene.redeem(couponIdOf(early));
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
      const { world } = scene;
      const couponId = newId('coupon');
      const workflow = await world.workflow({
        trigger: { event: 'coupon.issued', filter: { '==': [{ var: 'params.couponId' }, couponId] } },
        steps: [{ waitFor: { event: 'coupon.redeemed', within: 'P3D', then: [{ stop: {} }] } }],
      });
      await world.tell(CouponIssued, [issued(world.accountId, couponId)]);
      await world.run(workflow, 'waiting');
      await scene.redeem(couponId);
      expect(JSON.stringify(await world.run(workflow, 'stopped'))).not.toContain('not for telling');
    });

    it('knows a caller’s event by the person, in any spelling, or by what it is told to match', async () => {
      const { world } = scene;
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
}
