/* oxlint-disable unicorn/no-thenable -- a branch of a definition is called `then` */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { conflict, unavailable, UpdateWorkflow, type WorkflowPatch } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import type { Scene } from '../scene';
import { newAccount } from '../world';

/** Others: webhooks, owners, other workflows. */
export function outsideCases(scene: Scene): void {
  it('a webhook is told the same id again, not before it wants to be, until it answers, and no secret is shown', async () => {
    const { world } = scene;
    const heard: { id: unknown; body: string; auth: unknown; url: string | undefined }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        const { headers, url } = request;
        heard.push({ id: headers['webhook-id'], body, auth: headers.authorization, url });
        if (heard.length === 1) response.writeHead(503, { 'retry-after': '60' });
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
      const waiting = await eventually(async () => {
        const [first] = await world.runs(workflow);
        expect(first.steps[0].attempts).toBe(1);
        return first;
      });
      expect(Date.parse(waiting.dueAt!) - Date.parse(waiting.steps[0].startedAt)).toBeGreaterThanOrEqual(
        60_000,
      );
      await world.pass(80_000);
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

  it('is saved only when all that it names is there, and not while that cannot be known', async () => {
    const { world, templateId } = scene;
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
    const { world, campaignId } = scene;
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

  it('is not saved, nor made active, where what its points buy would start it again', async () => {
    const { world } = scene;
    const { owners, accountId } = world;
    const bought = owners.campaign(accountId);
    const reward = { campaignId: bought, channel: 'none' as const };
    const automatic = owners.card(accountId, { ...reward, automatic: true });
    const onRequest = owners.card(accountId, { ...reward, automatic: false });
    const trigger = {
      event: 'coupon.issued',
      repeat: 'every' as const,
      filter: { '==': [{ var: 'params.campaignId' }, bought] },
    };
    const steps = (cardId: string) => [{ awardPoints: { cardId, points: 10 } }];
    const refusal = { details: { errors: [{ path: '/steps/0/awardPoints' }] } };
    await expect(world.workflow({ trigger, steps: steps(automatic) })).rejects.toMatchObject(refusal);
    await world.workflow({ trigger, steps: steps(onRequest) });
    const paused = await world.workflow({ trigger, steps: steps(automatic), status: 'paused' });
    const change = (patch: WorkflowPatch) =>
      world.ask(UpdateWorkflow, { accountId, workflowId: paused.id, patch });
    expect(await change({ name: 'Still paused' })).toMatchObject({ status: 'paused' });
    await expect(change({ status: 'active' })).rejects.toMatchObject(refusal);
    await expect(change({ status: 'active', steps: steps(onRequest) })).resolves.toMatchObject({
      version: 2,
    });
  });
}
