// Mirrors apps/, libs/ and bench/ into dist/ as CommonJS: one folder that runs every service.
// `--if-stale` does nothing when dist/ is already what the sources say.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, posix } from 'node:path';
import { writeSourceArchive } from './lib/source-archive.mjs';
import { buildStamp, dist, isBuildStale, root, sourceFiles, sourceFingerprint } from './lib/stale.mjs';

const require = createRequire(import.meta.url);

if (process.argv.includes('--if-stale') && !isBuildStale()) {
  console.log('build: up to date');
} else {
  await build();
}

async function build() {
  const { transform } = require('@swc/core');
  const options = require('./swc-options.cjs');
  const startedAt = Date.now();
  const files = sourceFiles();
  // Taken before reading: a file that is saved while we build makes the result stale, as it should.
  const fingerprint = sourceFingerprint(files);
  // Built aside and swapped in, so that a failed build leaves the last good one and no file of a deleted source stays.
  const staging = `${dist}.new-${process.pid}`;
  rmSync(staging, { recursive: true, force: true });

  const failures = [];
  const queue = [...files];
  const worker = async () => {
    for (let file = queue.pop(); file; file = queue.pop()) {
      try {
        await emit(file, staging, transform, options);
      } catch (error) {
        failures.push(`${file}\n${error.message ?? error}`);
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() * 2 }, worker));

  if (failures.length > 0) {
    rmSync(staging, { recursive: true, force: true });
    console.error(`build: ${failures.length} file(s) failed\n\n${failures.join('\n\n')}`);
    process.exitCode = 1;
    return;
  }
  mkdirSync(staging, { recursive: true });
  if (!writeSourceArchive(join(staging, 'source.tar.gz')))
    console.warn(
      'build: no tar here, so the system cannot offer its own source; set SOURCE_URL where it runs',
    );
  writeFileSync(join(staging, basename(buildStamp)), fingerprint);
  swapIn(staging);
  console.log(`build: ${files.length} files in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

/** Two builds may finish at once (two terminals): the second one replaces the first. */
function swapIn(staging) {
  const old = `${dist}.old-${process.pid}`;
  for (let attempt = 1; ; attempt++) {
    try {
      if (existsSync(dist)) renameSync(dist, old);
      renameSync(staging, dist);
      break;
    } catch (error) {
      if (attempt === 5) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}

async function emit(file, staging, transform, options) {
  const target = join(staging, file.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(target), { recursive: true });
  if (!file.endsWith('.ts')) return copyFileSync(join(root, file), target);

  const { code, map } = await transform(readFileSync(join(root, file), 'utf8'), {
    ...options,
    filename: join(root, file),
    // From dist/apps/x/src/y.js back to apps/x/src/y.ts: stack traces point at the source.
    sourceFileName: posix.relative(posix.dirname(`dist/${file}`), file),
    inlineSourcesContent: false,
  });
  writeFileSync(target, `${relativeAliases(code, file)}\n//# sourceMappingURL=${basename(target)}.map\n`);
  writeFileSync(`${target}.map`, map);
}

/** `require("@tearoff/contracts")` → a relative path: dist/ needs neither a resolver nor links in node_modules. */
function relativeAliases(code, file) {
  return code.replace(/\b(require|import)\((["'])@tearoff\/([a-z-]+)\2\)/g, (_, call, quote, library) => {
    const path = posix.relative(posix.dirname(file), `libs/${library}/src/index.js`);
    return `${call}(${quote}${path.startsWith('.') ? path : `./${path}`}${quote})`;
  });
}
