import type { Static, TSchema } from '@sinclair/typebox';
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { isSupportedCountry } from 'libphonenumber-js/max';
import type { FieldError } from './errors';
import { boundFault, type Bounds } from './bounds';
import { isCurrency } from './money';
import { parseWebUrl } from './web-url';
import { describeAlternatives, matchingBranches, type Branch } from './unions';

// Verbose: a fault of a union carries the union and the value, by which the branch that was meant is found.
const ajv = new Ajv({
  strict: false,
  allErrors: true,
  coerceTypes: false,
  useDefaults: false,
  verbose: true,
});
addFormats(ajv, ['date-time', 'date', 'email', 'uri']);
ajv.addFormat('currency', isCurrency);
ajv.addFormat('phone-country', isSupportedCountry);
ajv.addFormat('web-url', (text: string) => parseWebUrl(text) !== null);
ajv.addKeyword({ keyword: 'x-bounds', schemaType: 'object', validate: withinBounds, errors: true });

/** Fills in `errors` as ajv asks for it; where nesting is at fault, the fault lies deeper than the keyword. */
function withinBounds(
  bounds: Bounds,
  value: unknown,
  _schema?: object,
  at?: { instancePath: string },
): boolean {
  const fault = boundFault(bounds, value);
  if (fault) {
    const instancePath = `${at?.instancePath ?? ''}${fault.path}`;
    withinBounds.errors = [{ keyword: 'x-bounds', instancePath, message: fault.message }];
  }
  return !fault;
}
withinBounds.errors = [] as Partial<ErrorObject>[];

const most = 20;
const compiled = new WeakMap<object, ValidateFunction>();

function compile(schema: object): ValidateFunction {
  let check = compiled.get(schema);
  if (!check) compiled.set(schema, (check = ajv.compile(schema)));
  return check;
}

/**
 * Up to 20 faults of `value` against `schema`, or null when it fits. Of a union only the branch that was meant is
 * spoken of: the one that a constant member names, else the nearest. The schema is compiled once.
 */
export function faultsOf(schema: TSchema, value: unknown): FieldError[] | null {
  const faults = faultsAgainst(schema, value);
  return faults && faults.slice(0, most).map(({ path, message }) => ({ path, message }));
}

/** Whether `value` fits `schema`; narrows its type. */
export function fits<T extends TSchema>(schema: T, value: unknown): value is Static<T> {
  return compile(schema)(value);
}

/** `isOfForm`: the value is of another kind altogether than the schema's. */
interface Fault extends FieldError {
  isOfForm: boolean;
}

function faultsAgainst(schema: object, value: unknown): Fault[] | null {
  const check = compile(schema);
  if (check(value)) return null;
  const faults: Fault[] = [];
  // No more than are listed: a union is looked at once more for each of its faults.
  for (const error of outermost(check.errors ?? [])) {
    if (faults.length >= most) break;
    faults.push(...(error.keyword === 'anyOf' ? faultsOfUnion(error) : [faultOf(error)]));
  }
  return faults;
}

/** Without the faults of each branch of a union, which come right before the union's own. */
function outermost(errors: readonly ErrorObject[]): ErrorObject[] {
  const told: ErrorObject[] = [];
  let union: ErrorObject | undefined;
  for (const error of errors.toReversed()) {
    if (union && isWithin(error, union)) continue;
    union = error.keyword === 'anyOf' ? error : undefined;
    told.push(error);
  }
  return told.reverse();
}

const isWithin = (error: ErrorObject, union: ErrorObject): boolean =>
  error.schemaPath.startsWith(`${union.schemaPath}/`) &&
  `${error.instancePath}/`.startsWith(`${union.instancePath}/`);

function faultsOfUnion({ instancePath, schema, data }: ErrorObject): Fault[] {
  const branches = schema as Branch[];
  const meant = matchingBranches(branches, data);
  if (!Array.isArray(meant))
    return [{ path: `${instancePath}/${meant.member}`, message: meant.message, isOfForm: false }];
  const [nearest] = meant.map((branch) => faultsAgainst(branch, data) ?? []).sort(byNearness);
  if (!nearest || nearest.some(({ path, isOfForm }) => path === '' && isOfForm))
    return [{ path: instancePath, message: describeAlternatives(branches), isOfForm: true }];
  return nearest.map((fault) => ({ ...fault, path: `${instancePath}${fault.path}` }));
}

/** Fewer faults first, then those that lie deeper. */
const byNearness = (a: readonly Fault[], b: readonly Fault[]): number =>
  a.length - b.length || depthOf(b) - depthOf(a);
const depthOf = (faults: readonly Fault[]): number =>
  Math.max(0, ...faults.map(({ path }) => path.split('/').length));

const keywordsOfForm = ['type', 'enum', 'const', 'pattern'];

function faultOf(error: ErrorObject): Fault {
  const { instancePath, keyword, params, parentSchema, message = 'is not valid' } = error;
  const told = (text: string, member?: string): Fault => ({
    path: member === undefined ? instancePath : `${instancePath}/${pointerPart(member)}`,
    message: text,
    isOfForm: keywordsOfForm.includes(keyword),
  });
  switch (keyword) {
    case 'additionalProperties':
      return told('is not a known field', String(params.additionalProperty));
    case 'required':
      return told('is required', String(params.missingProperty));
    case 'enum':
      return told(`must be one of ${(params.allowedValues as unknown[]).map(String).join(', ')}`);
    case 'const':
      return told(`must be ${String(params.allowedValue)}`);
    case 'pattern':
    case 'format':
      return told(parentSchema?.['x-form'] ? `must be ${parentSchema['x-form']}` : message);
    case 'type':
      return told(`must be ${[params.type].flat().join(' or ')}`);
    default:
      return told(message);
  }
}

const pointerPart = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
