import type { Static, TSchema } from '@sinclair/typebox';
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { FieldError } from './errors';

const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false, useDefaults: false });
addFormats(ajv, ['date-time', 'date', 'email', 'uri']);

const compiled = new WeakMap<TSchema, ValidateFunction>();

function compile(schema: TSchema): ValidateFunction {
  let check = compiled.get(schema);
  if (!check) compiled.set(schema, (check = ajv.compile(schema)));
  return check;
}

/** Up to 20 faults of `value` against `schema`, or null when it fits. The schema is compiled once. */
export function faultsOf(schema: TSchema, value: unknown): FieldError[] | null {
  const check = compile(schema);
  return check(value) ? null : (check.errors ?? []).slice(0, 20).map(fieldError);
}

/** Whether `value` fits `schema`; narrows its type. */
export function fits<T extends TSchema>(schema: T, value: unknown): value is Static<T> {
  return compile(schema)(value);
}

function fieldError(error: ErrorObject): FieldError {
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'additionalProperties')
    return {
      path: `${error.instancePath}/${String(params.additionalProperty)}`,
      message: 'is not a known field',
    };
  if (error.keyword === 'required')
    return { path: `${error.instancePath}/${String(params.missingProperty)}`, message: 'is required' };
  if (error.keyword === 'enum')
    return {
      path: error.instancePath,
      message: `must be one of ${(params.allowedValues as unknown[]).map(String).join(', ')}`,
    };
  return { path: error.instancePath, message: error.message ?? 'is not valid' };
}
