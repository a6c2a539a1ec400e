import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findViolations } from './check-boundaries.mjs';

const projects = {
  'apps/gateway': 'app',
  'apps/issuance': 'app',
  'apps/standalone': 'composition',
  'libs/contracts': 'contracts',
  'libs/messaging': 'messaging',
  'libs/service-kit': 'service-kit',
  'libs/testing': 'testing',
  bench: 'outside',
};

describe('module borders', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tearoff-borders-'));
    for (const [folder, type] of Object.entries(projects)) {
      write(
        `${folder}/project.json`,
        JSON.stringify({ name: folder.split('/').at(-1), tags: [`type:${type}`] }),
      );
    }
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it.each([
    ['apps/gateway/src/a.ts', `import { x } from '@tearoff/contracts';`],
    ['apps/gateway/src/a.ts', `import type {\n  x,\n} from './b';`],
    ['apps/gateway/src/a.spec.ts', `import { x } from '@tearoff/testing';`],
    ['apps/gateway/test/a.ts', `export { x } from '@tearoff/testing';`],
    ['apps/standalone/src/a.ts', `const x = await import('../../issuance/src/start');`],
    ['libs/messaging/src/a.ts', `import { x } from '@tearoff/contracts';`],
    ['bench/a.ts', `import { x } from '../apps/issuance/src/anything';`],
    ['apps/gateway/src/a.ts', `import { x } from '@nestjs/common';`],
  ])('allow %s to say %s', (file, text) => {
    write(file, text);
    expect(findViolations(root)).toEqual([]);
  });

  it.each([
    ['apps/gateway/src/a.ts', `import { x } from '../../issuance/src/start';`, 'must not import issuance'],
    ['apps/gateway/src/a.ts', `import { x } from '@tearoff/testing';`, 'outside a test'],
    ['apps/gateway/src/a.ts', `import { x } from '../../../libs/contracts/src/b';`, 'use @tearoff/contracts'],
    ['apps/gateway/src/a.ts', `import { x } from '@tearoff/contracts/src/b';`, 'by its name alone'],
    ['apps/gateway/src/a.ts', `import '@tearoff/nothing';`, 'is no library'],
    ['apps/standalone/src/a.ts', `import { x } from '../../issuance/src/coupons/b';`, 'may import only'],
    ['libs/contracts/src/a.ts', `export * from '@tearoff/messaging';`, 'must not import messaging'],
    ['libs/messaging/src/a.ts', `const x = require('@tearoff/service-kit');`, 'must not import service-kit'],
    [
      'libs/service-kit/src/a.ts',
      `import type { x } from '@tearoff/messaging';`,
      'must not import messaging',
    ],
    ['libs/contracts/src/a.ts', `import { x } from '@tearoff/contracts';`, 'imports its own library'],
  ])('forbid %s to say %s', (file, text, why) => {
    write(file, text);
    expect(findViolations(root)).toEqual([expect.stringContaining(why)]);
  });

  function write(file: string, text: string): void {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
});
