// npm run contracts [-- --release]: writes a JSON Schema for each command and event to libs/contracts/schemas, from the
// built contracts. With --release also released.json, which later changes are held against.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { dist, root } from './lib/stale.mjs';

await prepare();
const require = createRequire(import.meta.url);
const { jsonSchemas } = require(join(dist, 'libs', 'contracts', 'src', 'index.js'));

const folder = join(root, 'libs', 'contracts', 'schemas');
const schemas = jsonSchemas();
for (const kind of ['commands', 'events']) rmSync(join(folder, kind), { recursive: true, force: true });
for (const [file, schema] of schemas) write(file, schema);
if (process.argv.includes('--release')) write('released.json', Object.fromEntries(schemas));
console.log(`contracts: ${schemas.size} schemas in libs/contracts/schemas`);

function write(file, value) {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
