import { emailSpellings, phoneSpellings, times, type PhoneSpelling } from '@tearoff/testing';
import fc from 'fast-check';
import { EsputnikClient } from '../../apps/gateway/test/esputnik.client';
import { inbound, signatureEnv } from '../../apps/notification/test/vonage-signed';
import { CoupontoolsClient } from './coupontools.client';
import { LiquidBarcodesClient } from './liquid-barcodes.client';
import { admin, eventually, onBothTransports, startSystem, type System } from './system';

const seed = Number(process.env.SPELLINGS_SEED ?? 20_260_301);

interface Person {
  channel: 'sms' | 'email';
  /** Names them in a recipient, a contact or a member; each time in another spelling. */
  recipient: () => Record<string, string | undefined>;
  /** One spelling after another that says itself of which country it is. */
  address: () => string;
}

/** One after another, from the first again after the last. */
function inTurn<T>(all: readonly T[]): () => T {
  let place = 0;
  return () => all[place++ % all.length];
}

const sample = <T>(arbitrary: fc.Arbitrary<T>): T[] => fc.sample(arbitrary, { seed, numRuns: 12 });

/** Of the first, of the second, …, of the first again: two spellings that follow each other are of two forms. */
const alternating = <T>(forms: readonly T[][]): T[] =>
  forms[0].flatMap((_, place) => forms.map((spellings) => spellings[place]));

function ofPhone(...forms: string[]): Person {
  const spellings = (international: boolean) =>
    inTurn<PhoneSpelling>(
      alternating(forms.map((form) => sample(phoneSpellings([form], { international })))),
    );
  const [any, international] = [spellings(false), spellings(true)];
  return {
    channel: 'sms',
    recipient: () => {
      const { text, country } = any();
      return { phone: text, ...(country && { country }) };
    },
    address: () => international().text,
  };
}

function ofEmail(email: string): Person {
  const any = inTurn(sample(emailSpellings(email)));
  return { channel: 'email', recipient: () => ({ email: any() }), address: any };
}

let numbers = 0;
const nextNumber = (): string => String(++numbers).padStart(4, '0');
const people: [string, () => Person][] = [
  ['a phone number', () => ofPhone(`+44740070${nextNumber()}`)],
  [
    'an Argentine number, with its 9 and without',
    () => ofPhone(`+549116000${nextNumber()}`, `+54116000${String(numbers).padStart(4, '0')}`),
  ],
  ['an e-mail address', () => ofEmail(`kim.${++numbers}@example.com`)],
];

onBothTransports('a person, however she is written', (transport) => {
  let system: System;

  beforeAll(async () => {
    system = await startSystem(transport, signatureEnv);
  });
  afterAll(() => system?.stop());

  const make = async (more: object = {}): Promise<string> =>
    (await system.post('/v1/campaigns', { name: 'Spellings', ...more })).body.id;
  const idsOf = (answers: readonly { body: { id: string } }[]): Set<string> =>
    new Set(answers.map(({ body }) => body.id));
  const couponsOf = async (campaignId: string): Promise<unknown[]> =>
    (await system.get(`/v1/coupons?campaignId=${campaignId}`)).body.data;
  const inQuery = ({ channel, address }: Person) =>
    `channel=${channel}&address=${encodeURIComponent(address())}`;

  describe.each(people)('by %s', (_, newPerson) => {
    it('is issued one coupon, alone, at once and in a list, and found with it', async () => {
      const [person, campaignId] = [newPerson(), await make()];
      const issue = () => system.post('/v1/coupons', { campaignId, recipient: person.recipient() });
      const issued = await Promise.all(times(8, issue));
      expect(issued.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
        200, 200, 200, 200, 200, 200, 200, 201,
      ]);
      expect(idsOf([...issued, await issue()]).size).toBe(1);
      const list = times(8, person.recipient);
      const path = `/v1/campaigns/${campaignId}/distributions`;
      const { body: sent } = await system.post(path, { channel: 'none', recipients: list });
      const name = person.channel === 'sms' ? 'phone' : 'email';
      const { body } = await system.get(`/v1/coupons?${name}=${encodeURIComponent(person.address())}`);
      expect(body.data).toMatchObject([{ id: issued[0].body.id }]);
      await eventually(async () => {
        const { body: job } = await system.get(`/v1/jobs/${sent.jobId}`);
        expect(job).toMatchObject({ status: 'done', done: 8, failed: 0 });
      });
      expect(await couponsOf(campaignId)).toHaveLength(1);
    });

    it('claims one coupon', async () => {
      const person = newPerson();
      const claim = { public: true, country: 'GB', countries: ['AR'], channel: person.channel };
      const campaignId = await make({ claim });
      for (const recipient of times(4, person.recipient))
        expect(await system.post('/v1/claims', { campaignId, recipient })).toMatchObject({ status: 202 });
      await eventually(async () => {
        const gate = await system.get(`/v1/campaigns/${campaignId}/claims`);
        expect(gate.body).toMatchObject({ served: 1 });
      });
      expect(await couponsOf(campaignId)).toHaveLength(1);
    });

    it('is one contact and one member, earns as one, and is erased as one', async () => {
      const person = newPerson();
      const save = async () => (await system.post('/v1/contacts', { contacts: [person.recipient()] })).body;
      const saved = [await save(), await save(), await save()].map(({ results }) => results[0]);
      expect(saved.map(({ outcome }) => outcome)).toEqual(['created', 'updated', 'updated']);
      expect(new Set(saved.map(({ contact }) => contact.id)).size).toBe(1);
      const join = () => system.post('/v1/loyalty/members', person.recipient());
      const { status, body: member } = await join();
      expect([status, await join(), await join()]).toMatchObject([
        201,
        { status: 409, body: { code: 'member.exists', memberId: member.id } },
        { status: 409, body: { code: 'member.exists', memberId: member.id } },
      ]);
      const { body: card } = await system.post('/v1/loyalty/cards', { name: 'Spellings', kind: 'points' });
      const name = person.channel === 'sms' ? 'phone' : 'email';
      const award = (reference: string) =>
        system.post('/v1/loyalty/points', {
          cardId: card.id,
          [name]: person.address(),
          amount: 5,
          reference,
          enrol: true,
        });
      expect((await award('a')).body).toMatchObject({ memberId: member.id, balance: 5 });
      expect((await award('b')).body).toMatchObject({ balance: 10 });
      const campaignId = await make({ limits: { perRecipient: null } });
      const coupon = () => ({ campaignId, recipient: person.recipient(), channel: person.channel });
      for (const body of times(2, coupon)) await system.post('/v1/coupons', body, { prefer: 'wait=10' });
      const path = () => `/v1/contacts/${encodeURIComponent(person.address())}`;
      const held = async () => (await system.get(path())).body.held;
      const both = [{ status: 'sent' }, { status: 'sent' }];
      for (let turn = 0; turn < 2; turn++)
        expect(await held()).toMatchObject({
          contacts: [{ id: saved[0].contact.id }],
          members: [{ id: member.id }],
          coupons: [{ campaignId }, { campaignId }],
          deliveries: both,
        });
      expect((await system.call('DELETE', path())).status).toBe(202);
      await eventually(async () =>
        expect(await held()).toMatchObject({ contacts: [], members: [], coupons: [], deliveries: [] }),
      );
      expect((await join()).status).toBe(201);
    });

    it('is suppressed for every way to be written to, and allowed again', async () => {
      const [person, campaignId] = [newPerson(), await make({ limits: { perRecipient: null } })];
      const { channel } = person;
      const issue = async () =>
        (await system.post('/v1/coupons', { campaignId, recipient: person.recipient(), channel })).status;
      const suppress = () => system.post('/v1/suppressions', { channel, address: person.address() });
      const { status, body: first } = await suppress();
      expect(status).toBe(201);
      expect([await issue(), await issue(), await issue()]).toEqual([409, 409, 409]);
      expect([await suppress(), await suppress()]).toMatchObject([
        { status: 201 },
        { status: 201, body: { id: first.id } },
      ]);
      expect((await system.get(`/v1/suppressions?${inQuery(person)}`)).body.data).not.toEqual([]);
      expect((await system.call('DELETE', `/v1/suppressions?${inQuery(person)}`)).status).toBe(204);
      expect((await system.get(`/v1/suppressions?${inQuery(person)}`)).body.data).toEqual([]);
      expect([await issue(), await issue()]).toEqual([201, 201]);
    });

    it('is one to the clients of other vendors', async () => {
      const [person, campaignId] = [newPerson(), await make()];
      const { channel } = person;
      const [id, secret] = Object.values(admin);
      const coupontools = new CoupontoolsClient(`${system.url}/coupontools`, id, secret);
      const name = channel === 'sms' ? 'phone' : 'email';
      const codes = new Set<string>();
      for (let turn = 0; turn < 3; turn++) {
        const { json } = await coupontools.post('v3/singleuse/create', {
          campaign: campaignId,
          duplicate_check: name,
          [name]: person.address(),
        });
        codes.add(json.single_use_code);
      }
      const liquid = new LiquidBarcodesClient(`${system.url}/liquidbarcodes`, `${id}:${secret}`);
      for (let turn = 0; turn < 3; turn++) {
        const { json } = await liquid.issueRequest({
          ScheduleId: campaignId,
          UserRef: person.address(),
          Channel: 'None',
        });
        codes.add(json.Code);
      }
      expect([...codes]).toEqual([expect.any(String)]);
      const esputnik = new EsputnikClient(`${system.url}/esputnik/api`, `${id}.${secret}`);
      const contacts = new Set<number>();
      for (let turn = 0; turn < 3; turn++) {
        const channels = [{ type: channel, value: person.address() }];
        contacts.add((await esputnik.post('v1/contact', { channels })).json.id);
      }
      expect(contacts.size).toBe(1);
      const { body: template } = await system.post('/v1/templates', {
        name: 'Spellings',
        channel,
        ...(channel === 'email' && { subject: 'Hello' }),
        body: 'Hello',
      });
      await system.post('/v1/suppressions', { channel, address: person.address() });
      const recipients = times(3, () => ({ locator: person.address() }));
      const { json } = await esputnik.post(`v1/message/${template.id}/smartsend`, {
        recipients,
        email: channel === 'email',
      });
      expect(json.results.map(({ status }: { status: string }) => status)).toEqual([
        'ERROR',
        'ERROR',
        'ERROR',
      ]);
    });
  });

  it.each(people.slice(0, 2))(
    'STOP from one form of %s stops the others, START takes it back',
    async (_, newPerson) => {
      const [person, campaignId] = [newPerson(), await make({ limits: { perRecipient: null } })];
      const issue = async () =>
        await system.post(
          '/v1/coupons',
          { campaignId, recipient: person.recipient(), channel: 'sms' },
          { prefer: 'wait=10' },
        );
      const say = (text: string) => {
        const { kind, authorization, contentType, body } = inbound(person.address(), text);
        return system.call('POST', `/callbacks/vonage/${kind}`, {
          as: null,
          raw: body,
          headers: { 'content-type': contentType, ...(authorization && { authorization }) },
        });
      };
      expect((await issue()).status).toBe(201);
      expect((await say('STOP')).status).toBe(200);
      for (let turn = 0; turn < 3; turn++) expect((await issue()).body.code).toBe('recipient.suppressed');
      expect((await say('START')).status).toBe(200);
      for (let turn = 0; turn < 3; turn++) expect((await issue()).status).toBe(201);
    },
  );
});
