import { newId } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { OptOuts, type Choice } from '../src/suppressions/opt-outs';
import { World } from './world';

describe('a person’s choice about one account', () => {
  let world: World;
  let optOuts: OptOuts;
  let numbers = 0;

  beforeAll(async () => {
    world = await World.create();
    await world.startInstance();
    optOuts = new OptOuts();
  });
  afterAll(() => world.destroy());

  const day = (n: number) => new Date(Date.UTC(2027, 0, n));
  const choice = (accountIds: string[], at: Date, rest: Partial<Choice> = {}): Choice => ({
    accountIds,
    channel: 'sms',
    address: `+4479112${String(numbers).padStart(5, '0')}`,
    how: 'unsubscribe_link',
    text: null,
    at,
    ...rest,
  });
  const outbox = () => new Outbox(world.dataSource);
  const out = (given: Choice) => outbox().transaction((tx) => optOuts.out(tx, given));
  const optIn = (given: Choice) => outbox().transaction((tx) => optOuts.in(tx, given));
  const consents = async (accountId: string) =>
    (
      await world.dataSource.query<{ kind: string }[]>(
        `select kind from consent where account_id = $1 order by at`,
        [accountId],
      )
    ).map(({ kind }) => kind);
  const isSuppressed = async (accountId: string) =>
    (await world.dataSource.query<object[]>(`select from suppression where account_id = $1`, [accountId]))
      .length === 1;

  beforeEach(() => void numbers++);

  it('is recorded again after consent was granted there, whatever another account was told last', async () => {
    const [one, other] = [newId('account'), newId('account')];
    await out(choice([one], day(1)));
    await world.dataSource.query(
      `insert into consent (id, account_id, channel, address, kind, how, at)
       select $1, account_id, channel, address, 'granted', 'api', $3 from consent where account_id = $2`,
      [newId('consent'), one, day(2)],
    );
    await out(choice([other], day(3)));
    await out(choice([one], day(4)));
    expect(await consents(one)).toEqual(['withdrawn', 'granted', 'withdrawn']);
    expect(await consents(other)).toEqual(['withdrawn']);
  });

  it('is not recorded twice where nothing changed', async () => {
    const one = newId('account');
    await out(choice([one], day(1)));
    await out(choice([one], day(2)));
    expect(await consents(one)).toEqual(['withdrawn']);
  });

  it('to be written to again is not undone by a later choice about another account', async () => {
    const [one, other] = [newId('account'), newId('account')];
    await out(choice([one], day(1)));
    await out(choice([other], day(3)));
    expect(await optIn(choice([one, other], day(2)))).toEqual([one]);
    expect([await isSuppressed(one), await isSuppressed(other)]).toEqual([false, true]);
  });

  it('to be written to again lifts nothing of an account that it is not about', async () => {
    const [one, other] = [newId('account'), newId('account')];
    await out(choice([one, other], day(1)));
    expect(await optIn(choice([one], day(2)))).toEqual([one]);
    expect([await isSuppressed(one), await isSuppressed(other)]).toEqual([false, true]);
  });
});
