/** What of a JSON Schema tells one branch of a union from another. */
export interface Branch {
  type?: string;
  /** What a value of this form is called, in place of its pattern. */
  'x-form'?: string;
  const?: unknown;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, Branch>;
}

/** A member that would say which branch is meant, and does not. */
export interface MissingDiscriminator {
  member: string;
  message: string;
}

/**
 * The branches that `value` can be meant for: by its kind, then by its discriminating member, or by any member that
 * the branch requires where none discriminates. None where it is of another kind.
 */
export function matchingBranches(
  branches: readonly Branch[],
  value: unknown,
): Branch[] | MissingDiscriminator {
  const ofKind = branches.filter(({ type }) => type === undefined || isOfType(type, value));
  if (ofKind.length < 2 || !ofKind.every(({ type }) => type === 'object')) return ofKind;
  const members = value as Record<string, unknown>;
  const member = discriminatorOf(ofKind);
  if (member === undefined)
    return ofKind.filter(({ required }) => required?.some((name) => Object.hasOwn(members, name)));
  const named = members[member];
  const meant = ofKind.filter((branch) => constantsOf(branch, member).includes(named));
  if (meant.length > 0) return meant;
  const names = new Set(ofKind.flatMap((branch) => constantsOf(branch, member)));
  return { member, message: `must be one of ${[...names].map(String).join(', ')}` };
}

/** `must be one of every, once`; `must be calendarYear or an object with months`. */
export function describeAlternatives(branches: readonly Branch[]): string {
  const constants = branches.flatMap(constantValuesOf).map(String);
  if (branches.every((branch) => constantValuesOf(branch).length > 0))
    return `must be one of ${constants.join(', ')}`;
  const member = discriminatorOf(branches);
  if (member !== undefined) return `must be an object with ${member}`;
  const kinds = branches.filter((branch) => constantValuesOf(branch).length === 0).map(kindOf);
  return `must be ${listed([...constants, ...kinds])}`;
}

function discriminatorOf(branches: readonly Branch[]): string | undefined {
  return Object.keys(branches[0]?.properties ?? {}).find((name) =>
    branches.every((branch) => branch.required?.includes(name) && constantsOf(branch, name).length > 0),
  );
}

const constantsOf = ({ properties }: Branch, member: string): unknown[] =>
  constantValuesOf(properties?.[member] ?? {});

function constantValuesOf({ const: constant, enum: values }: Branch): unknown[] {
  return constant === undefined ? (values ?? []) : [constant];
}

function kindOf({ 'x-form': form, type = 'value', required }: Branch): string {
  if (form) return form;
  if (type === 'null') return type;
  const article = /^[aio]/.test(type) ? 'an' : 'a';
  return `${article} ${type}${required?.length ? ` with ${listed(required, 'and')}` : ''}`;
}

function listed(names: readonly string[], last = 'or'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`;
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  // What is a number, but no integer, was meant as one.
  return typeof value === (type === 'integer' ? 'number' : type);
}
