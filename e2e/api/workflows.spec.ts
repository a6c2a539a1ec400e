/* oxlint-disable unicorn/no-thenable -- a branch of a definition is called `then` */
import { eventually, startSystem, type System } from './system';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const phone = '+447400123456';

it('what a coupon starts is written to her, and shown step by step', async () => {
  const campaign = (await system.post('/v1/campaigns', { name: 'Spring', timezone: 'Europe/London' })).body
    .id;
  const template = { name: 'Thanks', channel: 'sms', body: "Hi $!data.get('who'): $!data.get('code')" };
  const templateId = (await system.post('/v1/templates', template)).body.id;
  const saved = await system.post('/v1/workflows', {
    name: 'Thanks',
    trigger: { event: 'coupon.issued', filter: { '==': [{ var: 'params.campaignId' }, campaign] } },
    steps: [
      {
        name: 'thanks',
        sendMessage: { templateId, data: { who: '${contact.firstName}', code: '${params.code}' } },
      },
      { waitFor: { event: 'coupon.redeemed', within: 'P3D', then: [{ stop: { reason: 'redeemed' } }] } },
    ],
  });
  expect([saved.status, saved.body]).toMatchObject([201, { status: 'active', version: 1, timezone: 'UTC' }]);
  expect(saved.body).not.toHaveProperty('accountId');
  const recipient = { phone, firstName: 'Ann' };
  const { body: coupon } = await system.post('/v1/coupons', { campaignId: campaign, recipient });
  const runs = `/v1/workflows/${saved.body.id}/runs`;
  await eventually(async () =>
    expect((await system.get(`${runs}?status=waiting`)).body.data).toHaveLength(1),
  );
  await eventually(async () => {
    const { body } = await system.get(`/v1/sandbox/messages?to=${encodeURIComponent(phone)}`);
    expect(body.data[0].text).toContain(`Hi Ann: ${coupon.code}`);
  });
  await system.post('/v1/redemptions', { code: coupon.code });
  const [{ id }] = await eventually(async () => {
    const { body } = await system.get(`${runs}?status=stopped`);
    expect(body.data).toMatchObject([
      { event: 'coupon.issued', key: coupon.id, contact: { firstName: 'Ann' } },
    ]);
    return body.data as { id: string }[];
  });
  const run = await system.get(`${runs}/${id}`);
  expect(run.body.steps).toMatchObject([
    { path: '/steps/0', name: 'thanks', status: 'done', output: { outcome: 'queued' } },
    { path: '/steps/1', status: 'done', output: { happened: true } },
    { path: '/steps/1/waitFor/then/0', status: 'done' },
  ]);
  expect((await system.post(`${runs}/${id}/retry`)).body.code).toBe('run.not_failed');
});

it('what is wrong with a workflow is said by its path', async () => {
  const workflow = { name: 'X', trigger: { event: 'order' } };
  const errorsOf = async (body: object) => {
    const answer = await system.post('/v1/workflows', { ...workflow, ...body });
    return [answer.status, answer.body.code, answer.body.errors.map(({ path }: { path: string }) => path)];
  };
  const unknown = { issueCoupon: { campaignId: 'cam_0000000000' } };
  expect(await errorsOf({ steps: [unknown] })).toEqual([
    422,
    'workflow.invalid',
    ['/steps/0/issueCoupon/campaignId'],
  ]);
  expect(await errorsOf({ steps: [{ sendFax: {} }, { delay: { for: 'soon' } }] })).toEqual([
    422,
    'workflow.invalid',
    ['/steps/0/sendFax', '/steps/1/delay/for'],
  ]);
  expect(await errorsOf({ steps: [{ stop: {} }], colour: 'red' })).toEqual([
    400,
    'request.invalid',
    ['/colour'],
  ]);
  expect(await errorsOf({ steps: [{ stop: {} }], trigger: { event: 'a', evry: 1 } })).toEqual([
    400,
    'request.invalid',
    ['/trigger/evry'],
  ]);
});

it('a workflow is another account’s own', async () => {
  const { body } = await system.post('/v1/workflows', {
    name: 'Own',
    trigger: { event: 'order' },
    steps: [{ stop: {} }],
  });
  const other = (await system.post('/v1/accounts', { name: 'Other' })).body.apiKey;
  const as = { 'x-client-id': other.clientId, 'x-client-secret': other.clientSecret };
  for (const [method, path] of [
    ['GET', ''],
    ['PATCH', ''],
    ['GET', '/runs'],
    ['GET', '/runs/run_0000000000'],
    ['POST', '/runs/run_0000000000/retry'],
  ]) {
    const answer = await system.call(method, `/v1/workflows/${body.id}${path}`, {
      as,
      ...(method === 'PATCH' && { body: {} }),
    });
    expect([method, path, answer.status]).toEqual([method, path, 404]);
  }
  const list = await system.call('GET', '/v1/workflows', { as });
  expect(list.body.data).toEqual([]);
});
