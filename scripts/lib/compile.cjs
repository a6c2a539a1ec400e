// TypeScript for processes that run from the sources, compiled once per content: workers, threads and processes of a
// test run, and later runs, read what the first one wrote.
const { createHash, randomUUID } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const swcOptions = require('../swc-options.cjs');

const cache = path.join(__dirname, '..', '..', 'node_modules', '.cache', 'tearoff');
const setting = JSON.stringify([swcOptions, require('@swc/core/package.json').version]);

/** The code and the file it is kept in; its source map lies beside that, as `.map`. */
exports.compile = (filename) => {
  const source = readFileSync(filename);
  const key = createHash('sha256').update(setting).update(filename).update('\0').update(source).digest('hex');
  const file = path.join(cache, `${key}.js`);
  try {
    return { file, code: readFileSync(file, 'utf8') };
  } catch {
    // Nobody has compiled it yet.
  }
  const { transformSync } = require('@swc/core');
  const { code, map } = transformSync(source.toString(), { ...swcOptions, filename });
  mkdirSync(cache, { recursive: true });
  write(`${file}.map`, map);
  write(file, code);
  return { file, code };
};

/** Several threads and processes may do so at once, and none may read half a file. */
function write(file, text) {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}
