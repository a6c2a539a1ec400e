import {
  ExportFromAutomation,
  FindContact,
  ListEventTypes,
  newId,
  PersonErased,
  SaveContacts,
  SaveEventType,
  type ContactInput,
  type SavedContact,
} from '@tearoff/contracts';
import { eventually, overBothTransports } from '@tearoff/testing';
import { EventRetention } from '../src/events/event-retention';
import { EventsWorld } from './events.world';

overBothTransports((means) => {
  let world: EventsWorld;
  beforeAll(async () => {
    world = await EventsWorld.start(means);
    await world.holdBack();
  });
  afterAll(() => world?.stop());

  const contactOf = (saved: SavedContact) => {
    if (saved.outcome === 'refused') throw new Error(saved.code);
    return saved.contact;
  };
  const find = (names: Omit<Parameters<typeof world.ask<typeof FindContact>>[1], 'accountId'>) =>
    world.ask(FindContact, { accountId: world.accountId, ...names });

  describe('an event', () => {
    it('is told once, with its contact and what else it says', async () => {
      const eventId = newId('event');
      const event = {
        type: 'cart abandoned',
        key: 'cart 7',
        contact: { email: ' Ann@Example.COM', firstName: 'Ann' },
        params: { total: 12, items: [{ sku: 'a' }] },
      };
      expect(await world.record(event, { eventId })).toEqual({ id: eventId, repeated: false });
      expect(await world.record(event, { eventId })).toEqual({ id: eventId, repeated: false });
      const ann = await find({ email: 'ann@example.com' });
      expect(ann).toMatchObject({ email: 'ann@example.com', firstName: 'Ann', phone: null });
      expect(await world.told(event.type)).toEqual([
        {
          ...event,
          eventId,
          accountId: world.accountId,
          contactId: ann!.id,
          contact: { email: 'ann@example.com', firstName: 'Ann' },
          repeated: false,
          at: expect.any(String),
        },
      ]);
    });

    it('with a key that came before is told as repeated, and answered with the first one’s id', async () => {
      const first = await world.record({ type: 'order', key: 'A-1', params: { n: 1 } });
      const second = await world.record({ type: 'order', key: 'A-1', params: { n: 2 } });
      expect(second).toEqual({ id: first.id, repeated: true });
      expect((await world.told('order')).map(({ repeated, params }) => [repeated, params.n])).toEqual([
        [false, 1],
        [true, 2],
      ]);
      // Neither another type's nor another account's.
      expect((await world.record({ type: 'order paid', key: 'A-1' })).repeated).toBe(false);
      const elsewhere = await world.record({ type: 'order', key: 'A-1' }, { accountId: newId('account') });
      expect(elsewhere.repeated).toBe(false);
    });

    it('without a key is the contact’s, by their strongest name; without them, one of its own', async () => {
      const type = 'visit';
      const told = [
        { contact: { externalId: 'c-1', email: 'v1@example.com' } },
        { contact: { externalId: 'c-1' } },
        { contact: { email: 'V2@example.com', phone: '+44 7400 100001' } },
        { contact: { email: 'v2@example.com' } },
        { contact: { phone: '07400 100002', country: 'GB' } },
        { contact: { phone: '+447400100002' } },
        {},
        {},
      ];
      const repeated: boolean[] = [];
      for (const event of told) repeated.push((await world.record({ type, ...event })).repeated);
      expect(repeated).toEqual([false, true, false, true, false, true, false, false]);
      const keys = (await world.told(type)).map(({ key }) => key);
      expect(keys.slice(0, 6)).toEqual([
        'c-1',
        'c-1',
        'v2@example.com',
        'v2@example.com',
        '+447400100002',
        '+447400100002',
      ]);
      expect(new Set(keys.slice(6)).size).toBe(2);
    });

    it('without a key has that of the person, in whatever form their number was told', async () => {
      const told = (phone: string) => world.record({ type: 'visited', contact: { phone } });
      const first = await told('+54 9 11 6000-1234');
      expect(await told('+54 11 6000-1234')).toEqual({ id: first.id, repeated: true });
      expect(await told('+54 11 6000-1235')).toMatchObject({ repeated: false });
    });

    it('of the same key fifty times at once, at two instances, is new exactly once', async () => {
      const asked = Array.from({ length: 100 }, (_, index) =>
        world.record({
          type: 'rush',
          key: `key ${index % 2}`,
          contact: { email: `rush${index % 3}@example.com`, phone: `+44740020000${index % 2}` },
        }),
      );
      const answers = await Promise.all(asked);
      expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(2);
      expect(new Set(answers.map(({ id }) => id)).size).toBe(2);
      expect((await world.told('rush')).filter(({ repeated }) => !repeated)).toHaveLength(2);
      expect(await world.count('contact', `email like 'rush%'`)).toBeLessThanOrEqual(3);
    });

    it('that is wrong is refused, and harms none that travels with it', async () => {
      await world.ask(SaveEventType, {
        accountId: world.accountId,
        type: 'strict',
        requiredParams: ['code', 'until', 'code'],
      });
      const asked = [
        world.record({ type: 'strict', params: { until: null } }),
        world.record({ type: 'strict', params: { until: null, code: '' } }),
        world.record({ type: 'coupon.issued' }),
        world.record({ type: 'points.mine' }),
        world.record({ type: 'fine', contact: { phone: '12' } }),
        world.record({ type: 'fine', contact: { email: 'nobody' } }),
        world.record({ type: 'fine', contact: { email: 'z@example.com', timezone: 'Mars/Olympus' } }),
        world.record({ type: 'fine', contact: { externalId: 'f', fields: { x: 'x'.repeat(40_000) } } }),
        // Not to be stored by PostgreSQL at all.
        world.record({ type: 'fine', params: { nul: '\0' }, contact: { firstName: '\0', externalId: 'n' } }),
        world.record({ type: 'fine', contact: {} }),
      ];
      const answers = await Promise.allSettled(asked);
      const codes = answers.map((answer) =>
        answer.status === 'fulfilled' ? 'recorded' : (answer.reason as { code: string }).code,
      );
      expect(codes).toEqual([
        'event.missing_params',
        'recorded',
        'event.reserved_type',
        'event.reserved_type',
        'contact.invalid_phone',
        'contact.invalid_email',
        'contact.invalid_timezone',
        'contact.fields_too_large',
        'internal',
        'recorded',
      ]);
      expect((answers[0] as PromiseRejectedResult).reason.message).toBe(
        'The event should have the following params: [code, until]',
      );
      expect(await world.told('strict')).toHaveLength(1);
    });

    it('’s type is remembered when it first comes, and counted', async () => {
      const accountId = newId('account');
      for (const type of ['b', 'a', 'b', 'B ü']) await world.record({ type }, { accountId });
      await eventually(async () => {
        const { data } = await world.ask(ListEventTypes, { accountId });
        expect(data.map(({ type, count, requiredParams }) => [type, count, requiredParams])).toEqual([
          ['B ü', 1, []],
          ['a', 1, []],
          ['b', 2, []],
        ]);
      });
      const first = await world.ask(ListEventTypes, { accountId, limit: 2 });
      const second = await world.ask(ListEventTypes, { accountId, limit: 2, cursor: first.nextCursor! });
      expect([second.data.map(({ type }) => type), second.nextCursor]).toEqual([['b'], null]);
      const taken = world.ask(SaveEventType, { accountId, type: 'reward.mine', requiredParams: [] });
      await expect(taken).rejects.toMatchObject({ code: 'event.reserved_type' });
    });

    it('is forgotten after ninety days, its key is not', async () => {
      const old = newId('event', Date.now() - 91 * 86_400_000);
      await world.record({ type: 'old', key: 'k' }, { eventId: old });
      const young = await world.record({ type: 'young', key: 'k' });
      await new EventRetention(world.dataSource).sweep();
      expect(await world.count('event', 'id = $1', [old])).toBe(0);
      expect(await world.count('event', 'id = $1', [young.id])).toBe(1);
      expect(await world.record({ type: 'old', key: 'k' })).toEqual({ id: old, repeated: true });
    });
  });

  describe('a contact', () => {
    it('is made once, and amended by any of their names', async () => {
      const [made] = await world.save({
        externalId: 'm-1',
        email: 'Mia@example.com',
        fields: { a: 1, b: 2 },
      });
      const [amended] = await world.save({
        email: 'mia@EXAMPLE.com',
        phone: '+44 7400 300001',
        lastName: 'Lee',
        timezone: 'Europe/Kyiv',
        fields: { b: 3 },
      });
      expect([made.outcome, amended.outcome]).toEqual(['created', 'updated']);
      expect(contactOf(amended)).toMatchObject({
        id: contactOf(made).id,
        externalId: 'm-1',
        email: 'mia@example.com',
        phone: '+447400300001',
        lastName: 'Lee',
        fields: { a: 1, b: 3 },
      });
      const byAll = [{ phone: '+447400300001' }, { externalId: 'm-1' }, { id: contactOf(made).id }];
      for (const names of byAll) expect((await find(names))?.id).toBe(contactOf(made).id);
      const elsewhere = await world.ask(FindContact, { accountId: newId('account'), id: contactOf(made).id });
      expect(elsewhere).toBeNull();
      expect(await find({ email: 'not an address' })).toBeNull();
      expect(await find({})).toBeNull();
    });

    it('is one for both forms of an Argentine number, at once and in one call; the last form is written to', async () => {
      const [mobile, plain] = ['+5492214567890', '+542214567890'];
      const save = (...phones: string[]) =>
        world.ask(SaveContacts, { accountId: world.accountId, contacts: phones.map((phone) => ({ phone })) });
      const saved = await Promise.all([save(mobile, plain), save(plain, mobile), save(plain), save(mobile)]);
      const ids = saved.flatMap(({ results }) => results.map((result) => contactOf(result).id));
      expect(new Set(ids).size).toBe(1);
      const { results } = await save(plain);
      expect(contactOf(results[0]).phone).toBe(plain);
      expect(await find({ phone: mobile })).toMatchObject({ id: ids[0], phone: plain });
    });

    it('with another externalId is someone else, and takes no name away', async () => {
      const family = { phone: '+447400300002' };
      const [mother] = await world.save({ externalId: 'mother', ...family });
      const [child, again] = await world.save(
        { externalId: 'child', ...family },
        { email: 'new@example.com', ...family },
      );
      expect(child).toMatchObject({
        outcome: 'created',
        conflictingKeys: ['phone'],
        contact: { phone: null },
      });
      expect(again).toMatchObject({ outcome: 'updated', contact: { id: contactOf(mother).id } });
    });

    it('is known by their e-mail before their phone, whose owner keeps it', async () => {
      await world.save({ email: 'e1@example.com' }, { phone: '+447400300003', firstName: 'Phil' });
      const [saved] = await world.save({ email: 'e1@example.com', phone: '+447400300003' });
      expect(saved).toMatchObject({
        outcome: 'updated',
        conflictingKeys: ['phone'],
        contact: { phone: null },
      });
      expect(await find({ phone: '+447400300003' })).toMatchObject({ firstName: 'Phil', email: null });
    });

    it('changes their address; the one they gave up is free afterwards', async () => {
      const [before] = await world.save({ externalId: 'mover', email: 'old@example.com' });
      const [after, heir] = await world.save(
        { externalId: 'mover', email: 'new-home@example.com' },
        { externalId: 'heir', email: 'old@example.com' },
      );
      expect(contactOf(after)).toMatchObject({ id: contactOf(before).id, email: 'new-home@example.com' });
      expect(heir).toMatchObject({ outcome: 'created', conflictingKeys: ['email'] });
      const [later] = await world.save({ externalId: 'heir', email: 'old@example.com' });
      expect(contactOf(later).email).toBe('old@example.com');
    });

    it('that cannot be is refused among others, each answered in its place', async () => {
      const contacts: ContactInput[] = [
        { email: 'ok1@example.com' },
        { firstName: 'Nobody' },
        { phone: '1' },
        { email: 'ok1@example.com', timezone: '+02:00' },
        { email: 'ok2@example.com' },
      ];
      const results = await world.save(...contacts);
      expect(results.map((each) => (each.outcome === 'refused' ? each.code : each.outcome))).toEqual([
        'created',
        'contact.missing',
        'contact.invalid_phone',
        'contact.invalid_timezone',
        'created',
      ]);
    });

    it('is distinguished by one name alone where that is asked for', async () => {
      await world.save({ externalId: 'd-1', email: 'd@example.com' });
      const { results } = await world.ask(SaveContacts, {
        accountId: world.accountId,
        dedupeOn: 'email',
        contacts: [{ externalId: 'd-2', email: 'd@example.com' }, { externalId: 'd-3' }],
      });
      expect(results).toMatchObject([
        { outcome: 'updated', contact: { externalId: 'd-2' } },
        { outcome: 'refused', code: 'contact.missing' },
      ]);
    });

    it('comes of three thousand at once, from several sides, one a name', async () => {
      const list = Array.from({ length: 1_000 }, (_, index) => ({
        email: `many${index}@example.com`,
        phone: `+44740040${String(index % 700).padStart(4, '0')}`,
      }));
      await Promise.all([
        world.save(...list),
        world.save(...list.toReversed()),
        world.save(...list.map(({ phone }) => ({ phone }))),
        ...list.slice(0, 200).map((contact) => world.record({ type: 'many', contact })),
      ]);
      expect(await world.count('contact', `email like 'many%'`)).toBe(1_000);
      expect(await world.count('contact', `phone like '+44740040%'`)).toBe(700);
    });
  });

  describe('a person', () => {
    const erased = (accountId: string, person: { email?: string; phone?: string; externalId?: string }) => ({
      erasureId: newId('erasure'),
      accountId,
      person,
      at: new Date().toISOString(),
    });
    const everywhere = (word: string) =>
      world.dataSource
        .query<{ rows: string[] }[]>(
          `select array(select c::text from contact c where c::text ilike $1)
               || array(select e::text from event e where e::text ilike $1)
               || array(select k::text from event_key k where k::text ilike $1)
               || array(select r::text from run r where r::text ilike $1)
               || array(select s::text from run_step s where s::text ilike $1)
               || array(select w::text from webhook_attempt w where w::text ilike $1)
               || array(select d::text from dead_letter d where d::text ilike $1) as rows`,
          [`%${word}%`],
        )
        .then(([{ rows }]) => rows);

    it('is exported with all that is kept of them', async () => {
      await world.record({ type: 'signed up', contact: { email: 'eve@example.com' }, params: { plan: 'x' } });
      const { held } = await world.ask(ExportFromAutomation, {
        accountId: world.accountId,
        person: { email: 'eve@example.com' },
      });
      expect(held).toMatchObject({
        contacts: [{ email: 'eve@example.com' }],
        events: [{ type: 'signed up', params: { plan: 'x' } }],
      });
      const nobody = await world.ask(ExportFromAutomation, {
        accountId: newId('account'),
        person: { email: 'eve@example.com' },
      });
      expect(nobody.held).toEqual({ contacts: [], events: [], runs: [], webhookAttempts: [] });
    });

    it('is forgotten with their events and keys, twice over, and in their account alone', async () => {
      const other = newId('account');
      const contact = { email: 'ida@example.com', phone: '+447400500001' };
      await world.record({ type: 'bought', contact });
      await world.record({ type: 'bought', key: 'order ida 1', contact });
      await world.record({ type: 'bought', contact }, { accountId: other });
      // A key that outlived its event.
      await world.record({ type: 'old', contact }, { eventId: newId('event', Date.now() - 91 * 86_400_000) });
      await new EventRetention(world.dataSource).sweep();
      await world.dataSource.query(
        `insert into dead_letter (queue, event_id, type, body, reason, attempts) values ('q', 'e', 't', $1, 'r', 1)`,
        [JSON.stringify([{ data: { items: [{ accountId: world.accountId, contact }] } }])],
      );
      const runId = newId('run');
      await world.dataSource.query(
        `insert into run (id, account_id, workflow_id, version, start_key, status, happening, contact, outputs,
                          woken_at, started_at, due_at)
         values ($1, $2, 'w', 1, 'ida@example.com', 'active', '{"params": {"who": "ida@example.com"}}', $3, '{}',
                 now(), now(), now() + interval '90 days')`,
        [runId, world.accountId, JSON.stringify(contact)],
      );
      await world.dataSource.query(
        `insert into run_step (run_id, seq, path, kind, status, attempts, input, started_at, finished_at)
         values ($1, 1, '/steps/0', 'sendMessage', 'done', 1, '{"to": "ida@example.com"}', now(), now())`,
        [runId],
      );
      await world.dataSource.query(
        `with hook as (
           insert into webhook (id, account_id, url, events, secret) values ('w', $1, 'https://x.example', '["never"]', 's')
         )
         insert into webhook_attempt (id, account_id, webhook_id, event, body) values ('a', $1, 'w', 'bought', $2)`,
        [world.accountId, JSON.stringify({ contact })],
      );
      await world.tell(PersonErased, [erased(world.accountId, { email: 'ida@example.com' })]);
      await eventually(async () => {
        expect(await everywhere('ida')).toEqual([
          expect.stringContaining(other),
          expect.stringContaining(other),
          expect.stringContaining(other),
        ]);
      });
      const [run] = await world.dataSource.query<{ status: string; due_at: null }[]>(
        `select status, due_at from run where id = $1`,
        [runId],
      );
      expect(run).toEqual({ status: 'stopped', due_at: null });
      // What was on its way brings them back, until they are erased the second time.
      await world.record({ type: 'bought', contact });
      // As of an event that had found their contact when that was deleted.
      await world.dataSource.query(
        `update event set contact_id = 'con_gone' where contact::text like '%ida@%'`,
      );
      await world.tell(PersonErased, [erased(world.accountId, { email: 'ida@example.com' })]);
      await eventually(async () => expect(await everywhere('ida')).toHaveLength(3));
      expect((await world.record({ type: 'bought', contact })).repeated).toBe(false);
    });
  });
});
