import { createTestDatabase } from '@tearoff/testing';
import { openAutomationDatabase } from '../src/database';

it('has the schema that its entities describe', async () => {
  const database = await createTestDatabase();
  const dataSource = await openAutomationDatabase(database.url, 2);
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
  await dataSource.destroy();
  await database.drop();
});
