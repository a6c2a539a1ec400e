import { CreateTemplate, newId, SendMessages } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { PermanentFailure } from '../src/providers/provider';
import { attempt } from '../src/sending/attempt';
import { accountId } from './builders';
import { World } from './world';

describe('characters that no database and no reader can do with', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
    await world.startInstance();
  });
  afterAll(() => world.destroy());

  it('are left out of what a message is made of, and harm no other message', async () => {
    const commands = world.issuance.messaging.commands;
    const words = {
      subject: 'For {{ name }}',
      body: 'Hello {{ name }}',
      html: '<p>{{ name }} &#55296;&#0;</p>',
    };
    const template = await commands.send(CreateTemplate, {
      accountId,
      template: { name: 'Hi', channel: 'email', engine: 'liquid', ...words },
    });
    const names = ['A\0n\ud800n', 'Bob', '😀'];
    const recipients = names.map((name, at) => ({
      email: `p${at}@shop.example`,
      data: { name },
      deliveryId: newId('delivery'),
    }));
    await commands.send(SendMessages, { accountId, templateId: template.id, recipients });
    await eventually(async () => expect(await world.sandboxMessages()).toHaveLength(3));
    const messages = await world.sandboxMessages();
    const shown = ['Ann', 'Bob', '😀'];
    for (const [at, { email }] of recipients.entries())
      expect(messages.find(({ to }) => to === email)).toMatchObject({
        subject: `For ${shown[at]}`,
        text: expect.stringMatching(new RegExp(`^Hello ${shown[at]}\n`, 'u')),
        html: expect.stringContaining(`<p>${shown[at]} `),
      });
  });

  it('are left out of what a mail server says', async () => {
    const provider = {
      name: 'smtp',
      idempotent: false,
      concurrency: 1,
      listConcurrency: 1,
      send: () => Promise.reject(new PermanentFailure('550-No\0\r\n550 such\u202e user')),
      close: () => Promise.resolve(),
    };
    const mail = { html: null, barcode: null };
    const row = {
      ...mail,
      id: 'dlv_1',
      channel: 'email',
      attempts: 1,
      abandonedWith: null,
      suppressed: false,
    };
    const outcome = await attempt(row as never, provider, { attempts: 1, retryMs: 1 });
    expect(outcome).toMatchObject({ status: 'failed', error: '550-No 550 such user' });
  });
});
