import { createTestDatabase } from '@tearoff/testing';
import { openAutomationDatabase } from '../src/database';
import { OnePhoneOneContact1700000009000 } from '../src/migrations/0009-one-phone-one-contact';

it('has the schema that its entities describe', async () => {
  const database = await createTestDatabase();
  const dataSource = await openAutomationDatabase(database.url, 2);
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
  await dataSource.destroy();
  await database.drop();
});

it('leaves a number that two contacts had in two forms with the first of them', async () => {
  const database = await createTestDatabase();
  const dataSource = await openAutomationDatabase(database.url, 2);
  const runner = dataSource.createQueryRunner();
  const migration = new OnePhoneOneContact1700000009000();
  await migration.down(runner);
  await runner.query(`
    insert into contact (id, account_id, phone) values
      ('con_1', 'a', '+541160001234'), ('con_2', 'a', '+5491160001234'), ('con_3', 'b', '+5491160001234'),
      ('con_4', 'a', '+541160001235'), ('con_5', 'a', '+447400123456')`);
  await migration.up(runner);
  const rows = (await runner.query(`select phone from contact order by id`)) as { phone: string | null }[];
  expect(rows.map(({ phone }) => phone)).toEqual([
    '+541160001234',
    null,
    '+5491160001234',
    '+541160001235',
    '+447400123456',
  ]);
  await runner.release();
  await dataSource.destroy();
  await database.drop();
});
