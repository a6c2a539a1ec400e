import { definedCommands, definedEvents } from '../definitions';

/** A JSON Schema (draft-07) with sorted members. */
export type JsonSchema = Record<string, unknown>;

const dialect = 'http://json-schema.org/draft-07/schema#';

/**
 * One schema a command (its `request` and `reply`) and one an event (one of its items), by the file that it is kept in:
 * `commands/issuance.coupon.issue.json`, `events/coupon.issued.v1.json`.
 */
export function jsonSchemas(): Map<string, JsonSchema> {
  const commands = definedCommands().map(({ name, service, batch, deadlineMs, request, reply }) => [
    `commands/${name}.json`,
    {
      $schema: dialect,
      title: name,
      type: 'object',
      properties: { request, reply },
      required: ['request', 'reply'],
      'x-service': service,
      'x-batch': batch,
      'x-deadline-ms': deadlineMs,
    },
  ]);
  const events = definedEvents().map(({ type, source, item }) => [
    `events/${type}.json`,
    { ...item, $schema: dialect, title: type, 'x-source': source },
  ]);
  return new Map([...commands, ...events].map(([file, schema]) => [file as string, plainSchema(schema)]));
}

/** Without what is TypeBox's own (its symbols), members in order of their names. */
export const plainSchema = (schema: unknown): JsonSchema =>
  sorted(JSON.parse(JSON.stringify(schema))) as JsonSchema;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value).toSorted();
  return Object.fromEntries(names.map((name) => [name, sorted((value as JsonSchema)[name])]));
}
