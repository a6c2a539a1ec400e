import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import asyncApi from '@asyncapi/specs/schemas/3.0.0-without-$id.json';
import Ajv from 'ajv';
import {
  asyncApiDocument,
  breakingChanges,
  definedCommands,
  definedEvents,
  jsonSchemas,
  queues,
  type JsonSchema,
} from '../index';

const folder = join(__dirname, '../../schemas');
const released = join(folder, 'released.json');
const read = (file: string): JsonSchema => JSON.parse(readFileSync(file, 'utf8')) as JsonSchema;

describe('the checked-in schemas', () => {
  it('are those of the contracts; `npm run contracts` writes them', () => {
    const kept = ['commands', 'events'].flatMap((kind) =>
      readdirSync(join(folder, kind)).map((name) => `${kind}/${name}`),
    );
    const now = jsonSchemas();
    expect(kept.toSorted()).toEqual([...now.keys()].toSorted());
    for (const [file, schema] of now)
      expect({ [file]: read(join(folder, file)) }).toEqual({ [file]: schema });
  });

  it('change against the last release only by additions, or under a higher version', () => {
    const before = existsSync(released) ? Object.entries(read(released) as Record<string, JsonSchema>) : [];
    expect(breakingChanges(new Map(before), jsonSchemas())).toEqual([]);
  });
});

describe('a change of a schema', () => {
  const base = {
    type: 'object',
    properties: {
      code: { type: 'string', maxLength: 10 },
      status: { type: 'string', enum: ['issued', 'redeemed'] },
      note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      lines: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string' } } } },
      size: { type: 'integer', minimum: 1 },
    },
    required: ['code'],
  };
  const changed = (properties: object, required: string[] = ['code']) => ({
    ...base,
    properties: { ...base.properties, ...properties },
    required,
  });
  const compare = (after: object, file = 'events/a.b.v1.json') =>
    breakingChanges(new Map([['events/a.b.v1.json', base]]), new Map([[file, after as JsonSchema]])).map(
      ({ at, change }) => `${at}: ${change}`,
    );
  const at = 'events/a.b.v1.json';

  it.each<[string, object]>([
    ['nothing', base],
    ['a new member', changed({ more: { type: 'string' } })],
    ['a longer text', changed({ code: { type: 'string', maxLength: 20 } })],
    ['a text without a limit', changed({ code: { type: 'string' } })],
    ['one more value', changed({ status: { type: 'string', enum: ['issued', 'redeemed', 'voided'] } })],
    [
      'one more alternative',
      changed({ note: { anyOf: [...base.properties.note.anyOf, { type: 'number' }] } }),
    ],
    ['a value that may be null', changed({ code: { anyOf: [{ type: 'string' }, { type: 'null' }] } })],
    ['a number that was an integer', changed({ size: { type: 'number', minimum: 0 } })],
  ])('may be %s', (_what, after) => expect(compare(after)).toEqual([]));

  it.each<[string, object, string]>([
    [
      'a member is gone',
      { ...base, properties: { ...base.properties, code: undefined } },
      `${at} /code: was removed`,
    ],
    ['a member is needed', changed({}, ['code', 'size']), `${at} /size: is newly required`],
    [
      'a text is shorter',
      changed({ code: { type: 'string', maxLength: 5 } }),
      '/code: maxLength was 10 and is 5',
    ],
    [
      'a text has a form',
      changed({ code: { type: 'string', maxLength: 10, pattern: '^a' } }),
      '/code: pattern',
    ],
    ['a value is gone', changed({ status: { type: 'string', enum: ['issued'] } }), '/status: enum'],
    ['a type is another', changed({ size: { type: 'string' } }), '/size: type'],
    ['an alternative is gone', changed({ note: { type: 'string' } }), '/note: type'],
    [
      'a list holds less',
      changed({ lines: { type: 'array', items: { type: 'object' } } }),
      '/lines[]/sku: was removed',
    ],
    [
      'a number starts later',
      changed({ size: { type: 'integer', minimum: 2 } }),
      '/size: minimum was 1 and is 2',
    ],
    ['other members are refused', { ...base, additionalProperties: false }, 'refuses members'],
  ])('is breaking where %s', (_what, after, change) =>
    expect(compare(after)).toEqual([expect.stringContaining(change)]),
  );

  it('takes an event away only for a higher version of it', () => {
    expect(compare(base, 'events/a.b.v2.json')).toEqual([]);
    expect(compare(base, 'events/a.c.v2.json')).toEqual([`${at}: was removed`]);
  });
});

describe('the AsyncAPI document', () => {
  const document = asyncApiDocument({ version: '1.2.3' }) as {
    channels: Record<string, JsonSchema>;
    operations: Record<string, { action: string }>;
  };

  it('is a valid AsyncAPI 3.0.0 document', () => {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    ajv.validate(asyncApi, document);
    expect(ajv.errors ?? []).toEqual([]);
  });

  it('has every command, every event, and who sends and receives it', () => {
    const names = [...definedCommands().map(({ name }) => name), ...definedEvents().map(({ type }) => type)];
    expect(Object.keys(document.channels).toSorted()).toEqual(names.toSorted());
    const receiving = queues.flatMap(({ name, types }) =>
      types.map(({ type }) => `${name}.receives.${type}`),
    );
    expect(Object.keys(document.operations)).toEqual(
      expect.arrayContaining([
        ...receiving,
        ...definedEvents().map(({ source, type }) => `${source}.sends.${type}`),
        ...definedCommands().map(({ service, name }) => `${service}.answers.${name}`),
      ]),
    );
  });

  it('names every reference that it makes', () => {
    const resolve = (pointer: string): unknown =>
      pointer
        .slice(2)
        .split('/')
        .reduce<unknown>(
          (value, part) =>
            (value as JsonSchema | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')],
          document,
        );
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"(#[^"]+)"/g)].map(([, path]) => path);
    expect(references.length).toBeGreaterThan(100);
    for (const path of references) expect(resolve(path)).toBeDefined();
  });
});
