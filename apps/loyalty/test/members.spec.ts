import { scryptSync } from 'node:crypto';
import { stat } from 'node:fs/promises';
import {
  CreateCard,
  EnrolMember,
  ExportFromLoyalty,
  GetCard,
  GetCardPage,
  GetEnrolment,
  GetMember,
  ListCards,
  MemberEnrolled,
  newId,
  personKey,
  PersonErased,
  phoneKeySql,
  SearchMembers,
  UpdateMember,
  type CardInput,
  type DomainError,
  type Member,
  type MemberPatch,
} from '@tearoff/contracts';
import { eventually, times } from '@tearoff/testing';
import { checkDigitOf } from '../src/enrolments/card-number';
import { FoldedSearch1700000006000 } from '../src/migrations/0006-folded-search';
import { hashPassword } from '../src/members/password';
import { World } from './world';

const tiersOf = (levels: { from: number; name?: string; multiplier?: number }[]) => ({
  period: 'calendarYear' as const,
  levels: levels.map((level, index) => ({ name: `Level ${index}`, ...level })),
});

describe('cards and members', () => {
  let world: World;
  beforeAll(async () => (world = await World.start({ instances: 2, callers: 4 })));
  beforeEach(() => (world.accountId = newId('account')));
  afterAll(() => world.stop());

  const failure = (asked: Promise<unknown>) =>
    asked.then(
      () => 'done',
      (error: DomainError) => error,
    );
  const update = ({ id }: Member, patch: MemberPatch) =>
    world.ask(UpdateMember, { accountId: world.accountId, memberId: id, patch });

  describe('a card', () => {
    it.each<[string, object]>([
      ['/name', { name: ' ' }],
      ['/timezone', { timezone: 'Mars/Olympus' }],
      ['/design/barcode', { design: { barcode: 'ean13' } }],
      ['/design/barcode', { design: { barcode: 'gs1-8112' } }],
      ['/design/colour', { design: { colour: '#ffffff' } }],
      ['/earning/0/on', { earning: [{ on: 'luck', points: 1 }] }],
      ['/earning/0/per', { earning: [{ on: 'amount', points: 1, currency: 'EUR' }] }],
      ['/earning/0/currency', { earning: [{ on: 'amount', points: 1, per: 1, currency: 'ZZZ' }] }],
      ['/earning/0/event', { earning: [{ on: 'event', points: 1, event: 'coupon.redeemed' }] }],
      ['/earning/0/event', { earning: [{ on: 'event', points: 1, event: 'points.doubled' }] }],
      ['/earning/0/event', { earning: [{ on: 'event', points: 1, event: '  ' }] }],
      ['/earning/0/campaigns', { earning: [{ on: 'redemption', points: 1, campaigns: [] }] }],
      ['/rewards/0/id', { rewards: [{ id: newId('reward'), name: 'Coffee', cost: 1, campaignId: 'c' }] }],
      ['/tiers/levels/1/from', { tiers: tiersOf([{ from: 5 }, { from: 5 }]) }],
      [
        '/tiers/levels/1/name',
        {
          tiers: tiersOf([
            { from: 1, name: 'A' },
            { from: 5, name: 'A' },
          ]),
        },
      ],
      ['/tiers/levels/0/multiplier', { tiers: tiersOf([{ from: 1, multiplier: 1.005 }]) }],
      ['/pendingDays', { pendingDays: 7, expiry: { kind: 'rolling', days: 7 } }],
    ])('is refused for what is wrong at %s', async (path, wrong) => {
      const card = { name: 'Coffee', kind: 'points', ...wrong } as CardInput;
      const error = await failure(world.ask(CreateCard, { accountId: world.accountId, card }));
      expect(error).toMatchObject({ kind: 'invalid' });
      const { errors } = (error as DomainError).details!;
      // What breaks the contract itself is refused before it comes to the rules, by its place in the command.
      expect(errors!.map((fault) => fault.path.replace(/^\/card/, '')).join()).toContain(
        path.replace('/on', ''),
      );
    });

    it('is changed by a merge patch, in which a reward that keeps its id stays the same', async () => {
      const card = await world.card({
        design: { title: 'Hello', color: '#112233', terms: 'None' },
        rewards: [{ name: 'Coffee', cost: 10, campaignId: 'c' }],
        expiry: { kind: 'rolling', days: 30 },
        tiers: tiersOf([{ from: 1, multiplier: 1.1 }]),
      });
      const [coffee] = card.rewards;
      const changed = await world.change(card, {
        design: { title: 'Hi', color: null },
        expiry: null,
        rewards: [
          { ...coffee, cost: 12 },
          { name: 'Cake', cost: 20, campaignId: 'c' },
        ],
      });
      expect(changed).toMatchObject({ version: 2, design: { title: 'Hi' }, expiry: null });
      expect(changed.design).toEqual({ title: 'Hi', terms: 'None' });
      expect(changed.rewards[0]).toEqual({ ...coffee, cost: 12 });
      expect(await world.change(card, { name: 'Coffee' })).toMatchObject({ version: 2 });
      const { data } = await world.ask(ListCards, { accountId: world.accountId, active: true });
      expect(data).toEqual([changed]);
      expect(await failure(world.ask(ListCards, { accountId: world.accountId, cursor: '?' }))).toMatchObject({
        code: 'request.invalid_cursor',
      });
    });

    it('is saved only with rewards whose campaigns are there, and while issuance can be asked for them', async () => {
      const gone = newId('campaign');
      world.neighbours.missingCampaigns.add(gone);
      const rewards = [newId('campaign'), gone].map((campaignId) => ({
        name: 'Coffee',
        cost: 1,
        campaignId,
      }));
      const wrong = {
        code: 'card.invalid',
        details: {
          errors: [{ path: '/rewards/1/campaignId', message: 'is not a campaign of this account' }],
        },
      };
      expect(await failure(world.card({ rewards }))).toMatchObject(wrong);
      const card = await world.card({ rewards: rewards.slice(0, 1) });
      expect(await failure(world.change(card, { rewards }))).toMatchObject(wrong);
      world.neighbours.away = true;
      expect(await failure(world.card({ rewards }))).toMatchObject({ kind: 'unavailable' });
      expect(await world.change(card, { name: 'Renamed' })).toMatchObject({ rewards: card.rewards });
      world.neighbours.away = false;
    });
  });

  describe('a member', () => {
    it('is one person by each of their names, however many make them at once', async () => {
      const spellings = ['+44 7700 900123', '07700 900 123', 'tel:+447700900123'];
      const made = await Promise.all(
        times(24, (n) =>
          failure(world.member({ phone: spellings[n % 3], country: 'GB', firstName: `n${n}` })),
        ),
      );
      expect(made.filter((one) => one === 'done')).toHaveLength(1);
      const { data } = await world.ask(SearchMembers, { accountId: world.accountId });
      expect(data).toMatchObject([{ member: { phone: '+447700900123' }, enrolment: null }]);
      for (const error of made.filter((one) => one !== 'done'))
        expect(error).toMatchObject({
          code: 'member.exists',
          details: { memberId: data[0].member.id, path: '/phone' },
        });
    });

    it('is told which of their names another has, and keeps what they were when they may not take it', async () => {
      const ann = await world.member({ email: 'Ann@Example.com', externalId: '1' });
      const bob = await world.member({
        externalId: '2',
        firstName: 'Bob',
        city: 'Bern',
        birthday: '1990-02-28',
      });
      expect(ann.email).toBe('ann@example.com');
      const taken = { code: 'member.exists', details: { memberId: ann.id, path: '/email' } };
      expect(await failure(update(bob, { email: 'ANN@example.com', firstName: 'Rob' }))).toMatchObject(taken);
      expect(await failure(update(bob, { externalId: null }))).toMatchObject({ code: 'recipient.missing' });
      expect(await failure(update(bob, { phone: '12' }))).toMatchObject({ code: 'recipient.invalid_phone' });
      expect(await failure(update(bob, { birthday: '2999-01-01' }))).toMatchObject({
        code: 'member.invalid',
      });
      expect(await failure(world.member({ firstName: 'Nobody' }))).toMatchObject({
        code: 'recipient.missing',
      });
      expect(await world.ask(GetMember, { accountId: world.accountId, memberId: bob.id })).toEqual(bob);
      expect(await update(bob, { city: null, externalId: '3' })).toMatchObject({
        city: null,
        externalId: '3',
        birthday: '1990-02-28',
      });
      const elsewhere = { accountId: newId('account'), memberId: bob.id };
      expect(await failure(world.ask(GetMember, elsewhere))).toMatchObject({ code: 'member.not_found' });
    });

    it.each(['en_GB', 'english please', 'x', 'en-', 'de-DE-u'])(
      'does not speak %s, which is no tag of BCP 47',
      async (languageCode) => {
        const refused = {
          code: 'member.invalid',
          details: { errors: [{ path: '/languageCode', message: expect.stringContaining('BCP 47') }] },
        };
        expect(await failure(world.member({ externalId: '1', languageCode }))).toMatchObject(refused);
        const ann = await world.member({ externalId: '2', languageCode: 'zh-hant-tw' });
        expect(ann.languageCode).toBe('zh-Hant-TW');
        expect(await failure(update(ann, { languageCode }))).toMatchObject(refused);
        expect((await update(ann, { languageCode: 'EN-gb' })).languageCode).toBe('en-GB');
        expect((await update(ann, { languageCode: null })).languageCode).toBeNull();
      },
    );

    it('has a password that is kept as a hash that says how it was made, and is never shown', async () => {
      const member = await world.member({ email: 'pw@example.com', password: 'correct horse' });
      expect(JSON.stringify(member)).not.toMatch(/horse|scrypt/);
      const [row] = (await world.dataSource.query(`select password_hash from member where id = $1`, [
        member.id,
      ])) as [{ password_hash: string }];
      const [, , parameters, salt, hash] = row.password_hash.split('$');
      const [ln, r, p] = parameters.split(',').map((part) => Number(part.slice(part.indexOf('=') + 1)));
      const again = scryptSync('correct horse', Buffer.from(salt, 'base64'), 32, { N: 2 ** ln, r, p });
      expect(Buffer.from(hash, 'base64').equals(again)).toBe(true);
    });

    it('leaves room for other work while many passwords are hashed', async () => {
      let done = 0;
      const hashing = Promise.all(times(6, () => hashPassword('x').then(() => done++)));
      // One of the few threads that hashes would otherwise fill.
      await stat('.');
      expect(done).toBe(0);
      await hashing;
    });
  });

  it('has one key for all forms of a phone number, in the database as in the code', async () => {
    const phones = [
      '+5491160001234',
      '+541160001234',
      '+5492214567890',
      '+542214567890',
      '+543541567890',
      '+548005551234',
      '+541260001234',
      '+549116000123',
      '+447911123456',
      '+525512345678',
      '+5511987654321',
      '+5491',
      '+54',
    ];
    const rows = await world.dataSource.query<{ key: string }[]>(
      `select ${phoneKeySql('phone')} as key from unnest($1::text[]) with ordinality as given (phone, place) order by place`,
      [phones],
    );
    expect(rows.map(({ key }) => key)).toEqual(phones.map(personKey));
    expect(new Set(rows.map(({ key }) => key)).size).toBe(phones.length - 2);
  });

  describe('search', () => {
    const found = async (q: string, rest: object = {}) => {
      const { data } = await world.ask(SearchMembers, { accountId: world.accountId, q, ...rest });
      return data.map(({ member }) => member.firstName ?? member.externalId);
    };

    it('finds a part of any name, address, number or id, in any case and without accents', async () => {
      const jose = await world.member({
        firstName: 'José',
        lastName: 'Ñandú-Smith',
        email: 'jose.100%_sure@example.com',
        phone: '+447700900456',
        externalId: 'CRM\\77',
      });
      await world.member({ firstName: 'Жанна', lastName: 'Иванова', externalId: 'x' });
      await world.member({ firstName: 'Other', externalId: '100x_sure' });
      for (const q of [
        'JOS',
        'jose n',
        'ñandú-smith josé',
        '+44 7700 900456',
        'ñandu',
        'ndu-smi',
        '00%_SU',
        '900456',
        'crm\\7',
        jose.id,
        jose.id.slice(-16),
      ])
        expect([q, await found(q)]).toEqual([q, ['José']]);
      expect(await found('жанн')).toEqual(['Жанна']);
      expect(await found('ванов')).toEqual(['Жанна']);
      for (const q of ['___', '%%%', 'jos\\', 'smith jose', 'mem_zzz'])
        expect([q, await found(q)]).toEqual([q, []]);
      expect(new Set(await found('mem_'))).toEqual(new Set(['José', 'Other', 'Жанна']));
      await update(jose, { firstName: 'Joe' });
      expect(await found('josé ñ')).toEqual([]);
      expect(await found('joe ñ')).toEqual(['Joe']);
      world.accountId = newId('account');
      expect(await found('JOS')).toEqual([]);
    });

    it.each([
      ['Straße', ['STRASSE', 'strasse', 'straße', 'STRAẞE', 'rass']],
      ['Łukasz Żółć', ['lukasz', 'ŁUKASZ', 'zolc', 'łukasz ż']],
      ['Søren Ærø', ['soren', 'SØREN', 'aero', 'Ærø']],
      ['Đorđe Þór', ['dorde', 'ĐORĐE', 'thor', 'þór']],
      ['Işık', ['isik', 'IŞIK', 'ışık', 'Isık']],
      ['Γιώργος', ['γιωργος', 'ΓΙΏΡΓΟΣ', 'ργοσ', 'ργος']],
      ['Renée Œuvrard', ['renee', 'oeuvr', 'œuvr']],
    ])('finds %s by what people type', async (firstName, typed) => {
      await world.member({ firstName, externalId: 'one' });
      await world.member({ firstName: 'Somebody', externalId: 'two' });
      for (const q of typed) expect([q, await found(q)]).toEqual([q, [firstName]]);
    });

    it.each([
      [
        ['Bruce', 'Lee'],
        ['Bruce Lee', 'Lee Bruce', 'lee bru', 'Bru\u200bce', 'ＢＲＵＣＥ'],
      ],
      [
        ['Na', 'Li'],
        ['Na Li', 'Li Na', 'li n'],
      ],
      [
        ['Jun Fan', 'Lee'],
        ['Lee Jun Fan', 'Fan Lee'],
      ],
      [
        ['小龙', '李'],
        ['李小龙', '小龙', '李', '小龙 李', '李 小龙', '小龙李', '龙'],
      ],
      [
        ['振藩', '欧阳'],
        ['欧阳振藩', '欧阳', '阳'],
      ],
      [
        ['太郎', '山田'],
        ['山田太郎', '山田　太郎'],
      ],
      [
        ['ブルース', 'リー'],
        ['ブルース・リー', 'ﾌﾞﾙｰｽ', 'リーブルース', 'リー'],
      ],
      [
        ['연아', '김'],
        ['김연아', '연아', '김'],
      ],
      [
        ['Иван', 'Ли'],
        ['Ли Иван', 'ива'],
      ],
    ])('finds %j in either order, and by one word of East Asia', async ([firstName, lastName], typed) => {
      await world.member({ firstName, lastName, externalId: 'one' });
      await world.member({ firstName: 'Bruno', lastName: 'Wayne', externalId: 'two' });
      await world.member({ firstName: '大文', lastName: '陈', externalId: 'three' });
      for (const q of typed) expect([q, await found(q)]).toEqual([q, [firstName]]);
      expect(await found('陈龙')).toEqual([]);
    });

    it.each([
      'жа',
      '+4',
      'e\u0301\u0301\u0301',
      '   ',
      '\u00a0\u2003 ',
      ' a ',
      '\u0301\u0301\u0301',
      '´´´',
      '\n\n\n',
    ])('refuses what is nothing to look for: %j', async (q) => {
      await world.member();
      const asked = failure(world.ask(SearchMembers, { accountId: world.accountId, q }));
      expect(await asked).toMatchObject({ code: 'request.invalid', details: { errors: [{ path: '/q' }] } });
    });

    it('finds those who were written before letters were folded as they are now', async () => {
      const { id } = await world.member({ firstName: 'Straße', lastName: 'Жанна', externalId: 'x' });
      const before = `strau67e u12uu1su1pu1pu1s\n${id.slice(-16)}`;
      await world.dataSource.query('update member set search = $2 where id = $1', [id, before]);
      expect(await found('strasse')).toEqual([]);
      const runner = world.dataSource.createQueryRunner();
      await new FoldedSearch1700000006000().up(runner);
      await runner.release();
      expect(await found('strasse ж')).toEqual(['Straße']);
    });

    it('pages through those on a card, newest first, with what they have there', async () => {
      const card = await world.card();
      const members = [];
      for (const n of times(5, (index) => index)) {
        const member = await world.member({ externalId: `page-${n}` });
        members.push(member);
        if (n > 0) await world.points(await world.enrol(card, member), n);
      }
      const page = (cursor?: string, q?: string) =>
        world.ask(SearchMembers, { accountId: world.accountId, cardId: card.id, limit: 3, cursor, q });
      for (const q of [undefined, 'PAGE-']) {
        const first = await page(undefined, q);
        expect(first.data.map(({ enrolment }) => enrolment!.balance)).toEqual([4, 3, 2]);
        const second = await page(first.nextCursor!, q);
        expect(second).toMatchObject({ data: [{ enrolment: { balance: 1 } }], nextCursor: null });
      }
      const unknown = { accountId: world.accountId, cardId: newId('card') };
      expect(await failure(world.ask(SearchMembers, unknown))).toMatchObject({ code: 'card.not_found' });
    });
  });

  describe('an enrolment', () => {
    it('stands once, with a token no one guesses and a number whose last digit checks it', async () => {
      const card = await world.card({ tiers: tiersOf([{ from: 0, name: 'Base' }]) });
      const member = await world.member();
      const asked = { accountId: world.accountId, cardId: card.id, memberId: member.id };
      const made = await Promise.all(times(20, () => world.ask(EnrolMember, asked)));
      expect(made.filter(({ repeated }) => !repeated)).toHaveLength(1);
      expect(new Set(made.map(({ enrolment }) => JSON.stringify(enrolment))).size).toBe(1);
      const [{ enrolment }] = made;
      expect(enrolment).toMatchObject({ balance: 0, pending: 0, tier: 'Base', expiring: null });
      expect(enrolment.token).toMatch(/^[\w-]{22}$/);
      expect(checkDigitOf(enrolment.number.slice(0, -1))).toBe(enrolment.number.at(-1));
      const told = () =>
        world.neighbours.told(MemberEnrolled).filter(({ memberId }) => memberId === member.id);
      await eventually(() => expect(told()).toHaveLength(1));
      const spaced = enrolment.number.replace(/(\d{4})/g, '$1 ');
      const byNumber = { accountId: world.accountId, cardId: card.id, number: spaced };
      expect(await world.ask(GetEnrolment, byNumber)).toEqual(enrolment);
      expect(await failure(world.ask(GetEnrolment, { ...byNumber, cardId: newId('card') }))).toMatchObject({
        code: 'card.not_found',
      });
    });

    it('counts where a card is asked for with its members, and only there', async () => {
      const card = await world.card();
      await Promise.all([world.enrol(card), world.enrol(card)]);
      const asked = { accountId: world.accountId, cardId: card.id };
      const [counted, uncounted] = await Promise.all([
        world.ask(GetCard, asked),
        world.ask(GetCard, { ...asked, withMembers: false }),
      ]);
      expect([counted.members, uncounted]).toEqual([2, card]);
    });

    it('is refused on a card that is closed, or to no one', async () => {
      const { accountId } = world;
      const member = await world.member();
      const closed = await world.card({ active: false });
      const enrol = (cardId: string, memberId: string) =>
        failure(world.ask(EnrolMember, { accountId, cardId, memberId }));
      expect(await enrol(closed.id, member.id)).toMatchObject({ code: 'card.not_active' });
      expect(await enrol(newId('card'), member.id)).toMatchObject({ code: 'card.not_found' });
      expect(await enrol(closed.id, newId('member'))).toMatchObject({ code: 'member.not_found' });
    });
  });

  describe('a person who is erased', () => {
    it('leaves a ledger that names no one, a page that is gone, and their names to anyone who has them next', async () => {
      const { accountId } = world;
      const card = await world.card();
      const member = await world.member({
        email: 'gone@example.com',
        firstName: 'Gone',
        city: 'Rome',
        password: 'x',
      });
      const enrolment = await world.enrol(card, member);
      await world.points(enrolment, 7);
      const { token } = enrolment;
      const page = await world.ask(GetCardPage, { token });
      expect(page).toMatchObject({
        card: { id: card.id },
        member,
        enrolment: { balance: 7 },
        entries: [{ amount: 7 }],
      });

      const person = { email: 'GONE@example.com' };
      const { held } = await world.ask(ExportFromLoyalty, { accountId, person });
      expect(held).toMatchObject({
        members: [{ firstName: 'Gone' }],
        cards: [{ balance: 7 }],
        points: [{ amount: 7 }],
        rewards: [],
      });
      expect(JSON.stringify(held)).not.toContain(token);

      const erased = { erasureId: newId('erasure'), person, at: new Date().toISOString() };
      await world.tell(PersonErased, { ...erased, accountId: newId('account') });
      expect(await world.ask(GetMember, { accountId, memberId: member.id })).toEqual(member);
      await world.dataSource.query(
        `insert into dead_letter (queue, body, reason, attempts) values ('loyalty.wallets', $1, 'test', 1)`,
        [JSON.stringify({ accountId, email: 'gone@example.com' })],
      );
      // Resolves when no letter is left.
      await world.tell(PersonErased, { ...erased, accountId });
      await world.tell(PersonErased, { ...erased, accountId });
      const [row] = (await world.dataSource.query(
        `select to_jsonb(m)::text as row from member m where id = $1`,
        [member.id],
      )) as [{ row: string }];
      expect(row.row).not.toMatch(/gone|rome|scrypt/i);
      expect(await failure(world.ask(GetCardPage, { token }))).toMatchObject({ code: 'enrolment.not_found' });
      expect((await world.standing(enrolment)).balance).toBe(7);
      expect((await world.ask(ExportFromLoyalty, { accountId, person })).held.members).toEqual([]);
      expect((await world.member({ email: 'gone@example.com' })).id).not.toBe(member.id);
    });
  });
});
