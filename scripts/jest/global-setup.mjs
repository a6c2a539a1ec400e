// For a plain `npx jest`: fills in what `npm test` would have passed. An empty variable means "looked for, not found".
import { findBroker, findChromium, findDatabase, usualDatabase } from '../lib/find-servers.mjs';

export default async function setUp() {
  process.env.TEST_DATABASE_URL ??= (await findDatabase()) ?? usualDatabase;
  process.env.TEST_RABBITMQ_URL ??= (await findBroker()) ?? '';
  process.env.TEST_CHROMIUM ??= findChromium() ?? '';
}
