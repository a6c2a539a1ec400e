/* oxlint-disable unicorn/no-thenable -- a branch of a definition is called `then` */
import { ChangePoints, IssueCoupon, RetryRun, RunDue, unavailable } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import type { Scene } from '../scene';
import { ann } from '../world';

const hour = 3_600_000;

/** Steps that do not go well. */
export function failureCases(scene: Scene): void {
  describe('a step that does not go well', () => {
    const one = (
      event: string,
      step: Record<string, unknown> = { issueCoupon: { campaignId: scene.campaignId } },
    ) =>
      scene.world.workflow({ trigger: { event }, steps: [step, { name: 'after', condition: { if: true } }] });

    it('is tried again after a while, and is shown waiting until then', async () => {
      const { world } = scene;
      scene.failOnce('before', IssueCoupon.name);
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
      const { world } = scene;
      const { owners } = world;
      const before = owners.coupons.size;
      scene.failOnce('after', IssueCoupon.name);
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
      const { world } = scene;
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
      const { world, campaignId } = scene;
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
      const { world, templateId } = scene;
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
      const { world } = scene;
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

    it('says in plain words whom points could not be given to', async () => {
      const { world } = scene;
      const cardId = world.owners.card(world.accountId);
      const workflow = await one('stranger', { awardPoints: { cardId, points: 10 } });
      world.owners.strangers.add('nobody@example.com');
      const contacts = [{ email: 'nobody@example.com' }, null];
      await world.happen('stranger', ...contacts.map((contact) => ({ contact })));
      await eventually(async () => {
        const runs = await world.runs(workflow);
        expect(runs.map(({ status }) => status)).toEqual(['failed', 'failed']);
        const told = runs.map(({ steps }) => steps[0].error?.message);
        expect(new Set(told)).toEqual(
          new Set([
            'No loyalty member has this email, so no one got the points. Make them a member, then retry the run.',
            'The event names no contact, so that the points are no one’s.',
          ]),
        );
      });
    });

    it('harms no other of those it was asked for with', async () => {
      const { world, templateId } = scene;
      world.owners.refuseSend.set('+447400000009', 'recipient.invalid_phone');
      const workflow = await one('many', { sendMessage: { templateId, to: '${params.to}' } });
      const people = ['+447400000001', '+447400000009', '+447400000003'];
      await world.happen('many', ...people.map((to) => ({ params: { to } })));
      await eventually(async () => {
        const runs = await world.runs(workflow);
        expect(runs.map(({ status, params }) => `${String(params.to)} ${status}`).sort()).toEqual([
          '+447400000001 completed',
          '+447400000003 completed',
          '+447400000009 failed',
        ]);
      });
    });
  });
}
