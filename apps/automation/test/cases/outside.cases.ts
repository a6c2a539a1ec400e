/* oxlint-disable unicorn/no-thenable -- a branch of a definition is called `then` */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { conflict, unavailable, UpdateWorkflow } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import type { Scene } from '../scene';
import { newAccount } from '../world';

/** Others: webhooks, owners, other workflows. */
export function outsideCases(scene: Scene): void {
  it('a webhook is told the same id again until it answers, and no secret is shown', async () => {
    const { world } = scene;
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
}
