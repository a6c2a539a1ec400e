import { openDatabase } from '@tearoff/service-kit';
import { createTestDatabase } from '@tearoff/testing';
import { entities, migrations } from '../src/database';

it('the entities say what the migrations have made', async () => {
  const database = await createTestDatabase();
  const dataSource = await openDatabase({
    service: 'gateway',
    url: database.url,
    entities,
    migrations,
    poolSize: 2,
  });
  try {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  } finally {
    await dataSource.destroy();
    await database.drop();
  }
});
