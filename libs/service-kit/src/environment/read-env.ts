import type { Static, TObject, TSchema } from '@sinclair/typebox';
import { faultsOf } from '@tearoff/contracts';
import { EnvironmentError, type VariableFault } from './environment.error';

const switches: Record<string, boolean> = {
  true: true,
  on: true,
  yes: true,
  '1': true,
  false: false,
  off: false,
  no: false,
  '0': false,
};

/**
 * Reads the variables that `schema` names: trimmed, turned into numbers and booleans, defaults applied, an
 * empty one counting as absent. Throws EnvironmentError naming every fault at once; values, which may be
 * secrets, are in no message. A schema's `description` is added to what is said about its variable. `further`:
 * faults that no schema can tell, as of variables that belong together; `given` is a variable's text or undefined.
 */
export function readEnv<T extends TObject>(
  schema: T,
  source: NodeJS.ProcessEnv,
  further: (given: (name: string) => string | undefined) => VariableFault[] = () => [],
): Static<T> {
  const given = (name: string): string | undefined => source[name]?.trim() || undefined;
  const required = new Set<string>(schema.required);
  const values: Record<string, unknown> = {};
  const faults: VariableFault[] = [];
  for (const [name, variable] of Object.entries(schema.properties)) {
    const text = given(name);
    if (!text) {
      if (variable.default !== undefined) values[name] = variable.default;
      else if (required.has(name)) faults.push(faultOf(name, variable, 'is required'));
      continue;
    }
    values[name] = coerce(variable, text);
    const found = faultsOf(variable, values[name]);
    if (found) faults.push(faultOf(name, variable, choicesOf(variable) ?? found[0].message));
  }
  faults.push(...further(given));
  if (faults.length > 0) throw new EnvironmentError(faults);
  return values;
}

function faultOf(name: string, variable: TSchema, message: string): VariableFault {
  return { name, message: variable.description ? `${message} (${variable.description})` : message };
}

/** What could not be turned stays text, so that validation names the fault. */
function coerce(schema: TSchema, text: string): unknown {
  if (schema.anyOf) {
    for (const choice of schema.anyOf as TSchema[]) {
      const value = coerce(choice, text);
      if (!faultsOf(choice, value)) return value;
    }
    return text;
  }
  const type = schema.type ?? typeof schema.const;
  // Decimal only: Number() would also take '0x1f', '1e3' and ' '.
  if (type === 'number' || type === 'integer') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (type === 'boolean') return switches[text.toLowerCase()] ?? text;
  return text;
}

function choicesOf(schema: TSchema): string | undefined {
  const choices = (schema.enum ?? schema.anyOf?.map((choice: TSchema) => choice.const)) as
    unknown[] | undefined;
  if (!choices || choices.includes(undefined)) return undefined;
  return `must be one of ${choices.join(', ')}`;
}
