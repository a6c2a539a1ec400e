import { types, type CustomTypesConfig } from 'pg';

const { JSON: json, JSONB: jsonb } = types.builtins;

/** pg's parsers for one result, in which a JSON text that comes again is the same object again. */
export function sharedJson(): CustomTypesConfig {
  const parsed = new Map<string, unknown>();
  const parse = (text: string): unknown => {
    let value = parsed.get(text);
    if (value === undefined) parsed.set(text, (value = JSON.parse(text)));
    return value;
  };
  return {
    getTypeParser: ((oid: number, format: 'text') =>
      oid === jsonb || oid === json
        ? parse
        : types.getTypeParser(oid, format)) as CustomTypesConfig['getTypeParser'],
  };
}
