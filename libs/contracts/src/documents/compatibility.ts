import type { JsonSchema } from './json-schemas';

/** What is wrong with a change, by the schema's file and the place in it: `events/coupon.issued.v1.json /code`. */
export interface BreakingChange {
  at: string;
  change: string;
}

/**
 * What of `after` the version that speaks `before` could not bear, while both run side by side: what is removed,
 * narrowed or newly required. A type may go when one of a higher version is there: `coupon.issued.v2` for `.v1`.
 */
export function breakingChanges(
  before: ReadonlyMap<string, JsonSchema>,
  after: ReadonlyMap<string, JsonSchema>,
): BreakingChange[] {
  return [...before].flatMap(([file, schema]) => {
    const now = after.get(file);
    if (now) return changesBetween(schema, now, file);
    return hasHigherVersion(file, after) ? [] : [{ at: file, change: 'was removed' }];
  });
}

function hasHigherVersion(file: string, schemas: ReadonlyMap<string, JsonSchema>): boolean {
  const [, stem, version] = /^(.*\.v)(\d+)\.json$/.exec(file) ?? [];
  if (!stem) return false;
  return [...schemas.keys()].some(
    (other) => other.startsWith(stem) && Number.parseInt(other.slice(stem.length), 10) > Number(version),
  );
}

const upperBounds = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const lowerBounds = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const forms = ['pattern', 'format', 'x-bounds', 'const'];

function changesBetween(before: JsonSchema, after: JsonSchema, at: string): BreakingChange[] {
  if (before.anyOf || after.anyOf) return changesOfUnion(before, after, at);
  const changes: BreakingChange[] = [];
  const add = (change: string): void => void changes.push({ at, change });
  const narrowed = (name: string): void =>
    add(`${name} was ${shown(before[name])} and is ${shown(after[name])}: narrowed`);

  const types = listOf(after.type);
  if (types && !(listOf(before.type) ?? [undefined]).every((type) => includesType(types, type)))
    narrowed('type');
  const values = after.enum as unknown[] | undefined;
  if (values && !(before.enum as unknown[] | undefined)?.every((value) => values.includes(value)))
    narrowed('enum');
  for (const name of forms)
    if (after[name] !== undefined && shown(after[name]) !== shown(before[name])) narrowed(name);
  for (const name of upperBounds)
    if (after[name] !== undefined && !(Number(before[name]) <= Number(after[name]))) narrowed(name);
  for (const name of lowerBounds)
    if (after[name] !== undefined && !(Number(before[name] ?? 0) >= Number(after[name]))) narrowed(name);
  if (after.additionalProperties === false && before.additionalProperties !== false)
    add('refuses members that it does not name: narrowed');

  const required = { before: listOf(before.required) ?? [], after: listOf(after.required) ?? [] };
  for (const name of required.after)
    if (!required.before.includes(name))
      changes.push({ at: `${at} /${String(name)}`, change: 'is newly required' });
  return [...changes, ...changesWithin(before, after, at)];
}

function changesWithin(before: JsonSchema, after: JsonSchema, at: string): BreakingChange[] {
  const members = (schema: JsonSchema) => (schema.properties ?? {}) as Record<string, JsonSchema>;
  const changes = Object.entries(members(before)).flatMap(([name, member]) => {
    const now = members(after)[name];
    const place = at.includes(' ') ? `${at}/${name}` : `${at} /${name}`;
    return now ? changesBetween(member, now, place) : [{ at: place, change: 'was removed' }];
  });
  for (const [part, place] of [
    ['items', `${at}[]`],
    ['additionalProperties', `${at}/*`],
  ]) {
    const [was, now] = [before[part], after[part]];
    if (isSchema(now)) changes.push(...changesBetween(isSchema(was) ? was : {}, now, place));
  }
  return changes;
}

/** Each alternative of before must fit one of those after. */
function changesOfUnion(before: JsonSchema, after: JsonSchema, at: string): BreakingChange[] {
  const branches = (schema: JsonSchema) => (schema.anyOf as JsonSchema[] | undefined) ?? [schema];
  return branches(before).flatMap((branch) => {
    const tries = branches(after).map((candidate) => changesBetween(branch, candidate, at));
    return tries.toSorted((one, other) => one.length - other.length)[0] ?? [];
  });
}

const includesType = (types: unknown[], type: unknown): boolean =>
  types.includes(type) || (type === 'integer' && types.includes('number'));
const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null;
const listOf = (value: unknown): unknown[] | undefined => (value === undefined ? undefined : [value].flat());
const shown = (value: unknown): string => JSON.stringify(value) ?? 'anything';
