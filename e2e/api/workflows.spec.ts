/* oxlint-disable unicorn/no-thenable -- a branch of a definition is called `then` */
import { context, propagation, trace } from '@opentelemetry/api';
import { node, tracing } from '@opentelemetry/sdk-node';
import { Client } from 'pg';
import { eventually, startSystem, type System } from './system';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const phone = '+447400123456';

it('what a coupon starts is written to them, and shown step by step', async () => {
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

it('one trace leads from an event to the message and the coupon that it brings', async () => {
  const spans = new tracing.InMemorySpanExporter();
  const spanProcessors = [new tracing.SimpleSpanProcessor(spans)];
  new node.NodeTracerProvider({ spanProcessors }).register();
  try {
    const campaignId = (await system.post('/v1/campaigns', { name: 'Traced' })).body.id;
    const template = { name: 'Traced', channel: 'sms', body: 'Hi' };
    const templateId = (await system.post('/v1/templates', template)).body.id;
    await system.post('/v1/workflows', {
      name: 'Traced',
      trigger: { event: 'traced' },
      steps: [{ issueCoupon: { campaignId, channel: 'sms' } }, { sendMessage: { templateId } }],
    });
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    await system.post('/v1/events', { type: 'traced', contact: { phone: '+447400123457' } }, headers);
    await eventually(() => {
      const own = spans.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
      const names = own.map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining([
          'automation.event.record',
          'automation.events event.recorded.v1',
          'automation.runs run.due.v1',
          'issuance.coupon.issue',
          'notification.events coupon.issued.v1',
          'notification.message.send',
        ]),
      );
      // What was sent together has one span, with a link to the trace of each.
      const sent = spans
        .getFinishedSpans()
        .filter(({ name }) => name === 'notification.sms delivery.due.v1')
        .flatMap((span) => [span.spanContext(), ...span.links.map((link) => link.context)]);
      expect(sent.filter((place) => place.traceId === traceId)).toHaveLength(2);
    });
  } finally {
    trace.disable();
    context.disable();
    propagation.disable();
  }
});

it('a deleted workflow is gone, and what it was at is ended and still there to read', async () => {
  const steps = [{ delay: { for: 'P1D' } }, { stop: {} }];
  const { body: made } = await system.post('/v1/workflows', {
    name: 'Gone',
    trigger: { event: 'gone' },
    steps,
  });
  const address = `/v1/workflows/${made.id}`;
  await system.post('/v1/events', { type: 'gone', key: 'k' });
  await eventually(async () =>
    expect((await system.get(`${address}/runs?status=waiting`)).body.data).toHaveLength(1),
  );
  expect([
    (await system.call('DELETE', address)).status,
    (await system.call('DELETE', address)).status,
  ]).toEqual([204, 404]);
  const again = await system.call('PATCH', address, { body: { name: 'Back' } });
  expect([(await system.get(address)).status, again.body.code]).toEqual([404, 'workflow.not_found']);
  const { body: list } = await system.get('/v1/workflows');
  expect(list.data.map(({ id }: { id: string }) => id)).not.toContain(made.id);
  const { body: runs } = await system.get(`${address}/runs?status=cancelled`);
  expect(runs.data).toMatchObject([{ key: 'k', dueAt: null }]);
  const { body: run } = await system.get(`${address}/runs/${runs.data[0].id}`);
  expect(run.steps).toMatchObject([{ kind: 'delay', status: 'cancelled' }]);
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

it('an event whose answer was lost starts nothing twice under its Idempotency-Key, not even what starts every time', async () => {
  const { body: workflow } = await system.post('/v1/workflows', {
    name: 'Every time',
    trigger: { event: 'visit', repeat: 'every' },
    steps: [{ stop: {} }],
  });
  const visit = (key: string) =>
    system.post(
      '/v1/events',
      { type: 'visit', key: 'Ann', params: { visit: key } },
      { 'idempotency-key': key },
    );
  const first = await visit('first');
  const database = new Client({ connectionString: system.databaseUrl });
  await database.connect();
  // As a gateway leaves it that dies with its answer in hand.
  const died = `update gateway.idempotency_key set status = null, leased_until = now() where key = 'first'`;
  expect((await database.query(died)).rowCount).toBe(1);
  await database.end();
  const again = await visit('first');
  expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([
    202,
    first.body,
    null,
  ]);
  await visit('second');
  const runs = await eventually(async () => {
    const { body } = await system.get(`/v1/workflows/${workflow.id}/runs`);
    expect(body.data[0]).toMatchObject({ params: { visit: 'second' } });
    return body.data as object[];
  });
  expect(runs).toHaveLength(2);
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
