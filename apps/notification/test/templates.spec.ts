import {
  AddSuppression,
  CreateTemplate,
  GetTemplate,
  ListTemplates,
  newId,
  PreviewTemplate,
  SendMessages,
  UpdateTemplate,
  type Template,
  type TemplateInput,
  type TemplatePatch,
} from '@tearoff/contracts';
import { describeOverBothTransports, eventually } from '@tearoff/testing';
import { accountId, couponOf } from './builders';
import { SmtpStandIn } from './smtp-stand-in';
import { World } from './world';

const sms: TemplateInput = {
  name: 'Promo',
  channel: 'sms',
  body: "Code $!data.get('code')",
  variants: { de: { body: 'Gutschein ${code}' } },
};
const email: TemplateInput = {
  name: 'Promo',
  channel: 'email',
  engine: 'liquid',
  subject: 'For\n{{ name }}',
  html: '<body><p>{{ name }}: {{ code }}</p>{{ barcode }}</body>',
};

describeOverBothTransports('templates', (means) => {
  let world: World;
  let smtp: SmtpStandIn;
  const ask = () => world.issuance.messaging.commands;
  const create = (template: TemplateInput, account = accountId): Promise<Template> =>
    ask().send(CreateTemplate, { accountId: account, template });

  beforeAll(async () => {
    smtp = await SmtpStandIn.start();
    world = await World.create(means);
    // Two, that share the work.
    await world.startInstance(smtp.env);
    await world.startInstance(smtp.env);
  });
  afterAll(async () => {
    await world.destroy();
    await smtp.stop();
  });
  beforeEach(() => smtp.forget());

  it('are kept by account, and each change is a version', async () => {
    const account = newId('account');
    const [first, second] = [await create(sms, account), await create(email, account)];
    expect(first).toMatchObject({ ...sms, engine: 'velocity', subject: null, html: null, version: 1 });
    const list = await ask().send(ListTemplates, { accountId: account, limit: 1 });
    expect(list.data.map(({ id }) => id)).toEqual([second.id]);
    const rest = await ask().send(ListTemplates, { accountId: account, cursor: list.nextCursor! });
    expect(rest.data).toEqual([first]);
    expect((await ask().send(ListTemplates, { accountId: account, channel: 'sms' })).data).toEqual([first]);

    const change = { accountId: account, templateId: first.id };
    const patches: TemplatePatch[] = [
      { body: 'New' },
      { variants: { fr: { body: 'Nouveau' } } },
      { variants: { de: null } },
    ];
    await Promise.all(patches.map((patch) => ask().send(UpdateTemplate, { ...change, patch })));
    expect(await ask().send(GetTemplate, change)).toMatchObject({
      body: 'New',
      variants: { fr: { body: 'Nouveau' } },
      version: 4,
    });
    for (const request of [change, { ...change, templateId: 'tpl_0' }]) {
      const stranger = { ...request, accountId };
      const refused = { code: 'template.not_found', kind: 'not_found' };
      await expect(ask().send(GetTemplate, stranger)).rejects.toMatchObject(refused);
      await expect(ask().send(UpdateTemplate, { ...stranger, patch: {} })).rejects.toMatchObject(refused);
      await expect(ask().send(PreviewTemplate, stranger)).rejects.toMatchObject(refused);
    }
  });

  it.each<[what: string, template: TemplateInput, ...faults: [path: string, message: RegExp][]]>([
    ['cannot be parsed', { ...sms, body: 'a\n#if($x' }, ['/body', /line 2, column 7/]],
    [
      'cannot be parsed in one of its languages',
      { ...email, variants: { de: { html: '{{ x' } } },
      ['/variants/de/html', /line:1, col:1/],
    ],
    ['says nothing', { ...sms, body: ' ' }, ['/body', /required/]],
    ['is an SMS with a subject', { ...sms, subject: 'x' }, ['/subject', /none/]],
    [
      'is a mail without words',
      { name: 'x', channel: 'email' },
      ['/subject', /required/],
      ['/html', /required/],
    ],
  ])('are refused where one %s, and nothing is changed', async (_, template, ...faults) => {
    const errors = faults.map(([path, message]) => ({ path, message: expect.stringMatching(message) }));
    const refused = { code: 'template.invalid', kind: 'invalid', details: { errors } };
    await expect(create(template)).rejects.toMatchObject(refused);
    const kept = await create(template.channel === 'sms' ? sms : email);
    const {
      name: _name,
      channel: _channel,
      ...patch
    } = { subject: null, body: null, html: null, ...template };
    const change = { accountId, templateId: kept.id };
    await expect(ask().send(UpdateTemplate, { ...change, patch })).rejects.toMatchObject(refused);
    expect(await ask().send(GetTemplate, change)).toEqual(kept);
  });

  it('for push are not there yet, and that is said', async () => {
    await expect(create({ ...sms, channel: 'push' })).rejects.toMatchObject({
      code: 'template.push_unsupported',
    });
  });

  it('are previewed with sample data: text, size and what is missing', async () => {
    const { id: templateId } = await create({ ...sms, body: '$!name, $code: ${nothing} €' });
    const asked = { accountId, templateId, data: { code: 'A1', name: 'Żółć' } };
    expect(await ask().send(PreviewTemplate, asked)).toEqual({
      subject: null,
      text: 'Żółć, A1: ${nothing} €',
      html: null,
      encoding: 'ucs2',
      segments: 1,
      missing: ['nothing'],
    });
    const german = await ask().send(PreviewTemplate, { ...asked, languageCode: 'de-AT' });
    expect(german).toMatchObject({ text: 'Gutschein A1', encoding: 'gsm7', segments: 1, missing: [] });

    const mail = await create(email);
    const preview = await ask().send(PreviewTemplate, {
      ...asked,
      templateId: mail.id,
      data: { code: 'A1' },
    });
    expect(preview).toMatchObject({ subject: 'For', text: ': A1\n\nA1', segments: null, missing: ['name'] });
    expect(preview.html).toContain('<img src="data:image/png;base64,iVBOR');
  });

  it('go to many, each with their own data; one that is wrong harms no other, and again changes nothing', async () => {
    const template = await create({
      ...sms,
      body: "#if($bad)$data.get('x')#foreach($i in [1..99999])x#end#end$!code",
    });
    const stopped = '+447911123001';
    await ask().send(AddSuppression, { accountId, channel: 'sms', address: stopped });
    const recipients = [
      { phone: '+44 7911 123000', data: { code: 'FIRST' } },
      { phone: '0711', data: { code: 'x' } },
      { phone: stopped, data: { code: 'x' } },
      { email: 'ann@shop.example', data: { code: 'x' } },
      { phone: '+447911123002', data: { code: 'x', bad: true } },
      { phone: '+447911123003' },
      { phone: '+447911123004', languageCode: 'de', data: { code: 'LAST' } },
    ].map((recipient) => ({ deliveryId: newId('delivery'), ...recipient }));
    const request = { accountId, templateId: template.id, channel: 'sms' as const, recipients };
    const answers = await Promise.all([1, 2, 3].map(() => ask().send(SendMessages, request)));
    const outcomes = [
      ['queued', null],
      ['refused', 'recipient.invalid_phone'],
      ['suppressed', 'recipient.suppressed'],
      ['refused', 'recipient.no_address'],
      ['refused', 'template.render_failed'],
      ['refused', 'message.empty'],
      ['queued', null],
    ];
    for (const { results } of answers)
      expect(results).toEqual(
        outcomes.map(([status, error], at) => ({ deliveryId: recipients[at].deliveryId, status, error })),
      );
    await world.reached(recipients[0].deliveryId, 'sent');
    await world.reached(recipients[6].deliveryId, 'sent');
    const sent = (await world.sandboxMessages()).filter(({ deliveryId }) =>
      recipients.some((recipient) => recipient.deliveryId === deliveryId),
    );
    expect(sent.map(({ text }) => text).sort()).toEqual(['FIRST', 'Gutschein LAST']);

    const stranger = newId('account');
    const theirs = await create(sms, stranger);
    const taken = { ...request, accountId: stranger, templateId: theirs.id };
    const [outcome] = (await ask().send(SendMessages, taken)).results;
    expect(outcome).toMatchObject({ status: 'refused', error: 'delivery.exists' });
    await expect(ask().send(SendMessages, { ...request, channel: 'email' })).rejects.toMatchObject({
      code: 'template.wrong_channel',
    });
  });

  it('carry the context of the request that caused each, their own before the command’s', async () => {
    const { id: templateId } = await create({ ...sms, body: 'Hi' });
    const contextOf = (n: string) => ({
      correlationId: n,
      traceparent: `00-${n.repeat(32)}-${n.repeat(16)}-01`,
    });
    const [first, second] = [newId('delivery'), newId('delivery')];
    const recipients = [
      { deliveryId: first, phone: '+447911123461' },
      { deliveryId: second, phone: '+447911123462', context: contextOf('b') },
    ];
    await ask().send(SendMessages, { accountId, templateId, recipients }, { context: contextOf('a') });
    const { settled, contexts } = world.issuance.state;
    await eventually(() => {
      const told = (id: string) => contexts[settled.findIndex(({ deliveryId }) => deliveryId === id)];
      expect([told(first), told(second)]).toEqual([contextOf('a'), contextOf('b')]);
    });
  });

  it('go to a thousand at a time', async () => {
    const { id: templateId } = await create({ ...sms, variants: {} });
    const recipients = Array.from({ length: 1_000 }, (_, index) => ({
      deliveryId: newId('delivery'),
      phone: `+4479110${String(index).padStart(5, '0')}`,
      data: { code: `C${index}` },
    }));
    const { results } = await ask().send(SendMessages, { accountId, templateId, recipients });
    expect(results.map(({ deliveryId }) => deliveryId)).toEqual(
      recipients.map(({ deliveryId }) => deliveryId),
    );
    const [{ bulk }] = await world.dataSource.query('select bulk from delivery where id = $1', [
      recipients[0].deliveryId,
    ]);
    expect(bulk).toBe(true);
    await Promise.all([0, 500, 999].map((at) => world.reached(recipients[at].deliveryId, 'sent')));
    const [message] = await world.sandboxMessages(recipients[999].phone);
    expect(message.text).toBe('Code C999');
  });

  it('reach a mailbox as text and HTML, with the barcode in it and the way out', async () => {
    const template = await create(email);
    const deliveryId = newId('delivery');
    const data = { name: 'Ann <i>', code: 'W7KQ3M9XHT2C' };
    const recipients = [{ deliveryId, email: 'Ann@Shop.example', data }];
    await ask().send(SendMessages, { accountId, templateId: template.id, recipients });
    await world.reached(deliveryId, 'sent');
    const [mail] = smtp.mails;
    expect(mail.to).toEqual(['ann@shop.example']);
    expect(mail.subject).toBe('For Ann <i>');
    const [, unsubscribeLink] = /^<(https:.*)>$/.exec(mail.header('list-unsubscribe'))!;
    expect(mail.text).toBe(
      `Ann <i>: W7KQ3M9XHT2C\r\n\r\nW7KQ3M9XHT2C\r\n\r\nUnsubscribe: ${unsubscribeLink}`,
    );
    expect(mail.html).toContain('<p>Ann &lt;i&gt;: W7KQ3M9XHT2C</p><img src="cid:barcode@tearoff"');
    expect(mail.html).toContain(`href="${unsubscribeLink}"`);
    expect(mail.picture('barcode@tearoff').subarray(1, 4).toString()).toBe('PNG');
  });

  it('give a coupon its words, its own facts before the caller’s data; at fault, the campaign’s go out', async () => {
    const campaign = world.campaign({ messages: { sms: { body: 'usual {{url}}' } } });
    const words = await create({
      ...sms,
      body: '$title $code $extra',
      variants: { de: { body: 'DE $extra $url' } },
    });
    const broken = await create({ ...sms, body: '#foreach($i in [1..99999])x#end' });
    const foreign = await create(sms, newId('account'));
    const mail = await create(email);
    const recipient = { phone: '+447911123456' };
    const send = async (templateId: string, changes: object = {}) => {
      const message = { templateId, data: { extra: 'more', code: 'FORGED' } };
      const coupon = couponOf(campaign, { message, recipient, ...changes });
      await world.issuance.issued(coupon);
      const delivery = await world.reached(coupon.deliveryId, 'sent');
      return { ...(await world.messageOf(coupon.deliveryId)), warning: delivery.error, coupon };
    };
    expect(await send(words.id)).toMatchObject({
      text: '20 % off everything AB12CD34EF56 more',
      warning: null,
    });
    const german = await send(words.id, { recipient: { ...recipient, languageCode: 'de-AT' } });
    expect(german.text).toBe(`DE more https://go.example/c/${german.coupon.token}`);
    for (const id of [broken.id, foreign.id, mail.id]) {
      const usual = await send(id);
      expect(usual.text).toBe(`usual https://go.example/c/${usual.coupon.token}`);
      expect(usual.warning).toMatch(/^the template could not be rendered and the default was sent: /);
    }
  });

  it('draw a coupon’s barcode as its campaign has it, also in the campaign’s own words', async () => {
    const words = { subject: 'x', html: '<p>{{ barcode }} {{ url }}</p>' };
    const campaign = world.campaign({ barcode: 'code128', messages: { email: words } });
    const template = await create({ ...email, html: '$barcode', engine: 'velocity', subject: 'x' });
    const common = { channel: 'email' as const, recipient: { email: 'ann@shop.example' } };
    const coupons = [
      couponOf(campaign, common),
      couponOf(campaign, { ...common, message: { templateId: template.id } }),
    ];
    await world.issuance.issued(...coupons);
    await eventually(() => expect(smtp.mails).toHaveLength(2));
    for (const { bytes } of smtp.mails) expect(bytes.toString()).toContain('Content-Type: image/png');
    const [one, other] = smtp.mails.map((mail) => mail.picture('barcode@tearoff'));
    // Bars are wide: the size is at bytes 16 to 24 of a PNG.
    expect(one.readUInt32BE(16)).toBeGreaterThan(one.readUInt32BE(20) * 1.5);
    expect(one.equals(other)).toBe(true);
  });

  it('show the code where its campaign’s symbology cannot carry it', async () => {
    const words = { subject: 'x', html: '<p>{{ barcode }} {{ url }}</p>' };
    const campaign = world.campaign({ barcode: 'ean13', messages: { email: words } });
    const template = await create({ ...email, html: '<b>$barcode</b>', engine: 'velocity', subject: 'x' });
    const common = { channel: 'email' as const, recipient: { email: 'bob@shop.example' } };
    const coupons = [
      couponOf(campaign, common),
      couponOf(campaign, { ...common, message: { templateId: template.id } }),
    ];
    const before = smtp.mails.length;
    await world.issuance.issued(...coupons);
    await eventually(() => expect(smtp.mails).toHaveLength(before + 2));
    for (const { html, bytes } of smtp.mails.slice(before)) {
      expect(bytes.toString('latin1')).not.toContain('image/png');
      expect(html).not.toContain('cid:');
      expect(coupons.some(({ code }) => html.includes(code))).toBe(true);
    }
  });
});
