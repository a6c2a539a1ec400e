import type { FieldError } from '@tearoff/contracts';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import { maxFaults } from '../errors/invalid-input';

type DtoClass<T extends object = object> = new () => T;

/** A member that is an object of another DTO class, or a list of them. */
interface NestedMember {
  type: () => DtoClass;
  list: boolean;
}

const nestedMembers = new Map<object, Map<string, NestedMember>>();

/** For the decorators of nested members: what `instanceOf` builds them from. */
export function rememberNested(member: NestedMember): PropertyDecorator {
  return (prototype, name) => {
    const own = nestedMembers.get(prototype.constructor) ?? new Map<string, NestedMember>();
    nestedMembers.set(prototype.constructor, own.set(String(name), member));
  };
}

interface Shape {
  names: ReadonlySet<string>;
  nested: ReadonlyMap<string, NestedMember>;
  /** How many elements a list may have, by its member's name. */
  longest: ReadonlyMap<string, number>;
}
const shapes = new WeakMap<DtoClass, Shape>();

function shapeOf(type: DtoClass): Shape {
  let shape = shapes.get(type);
  if (!shape) {
    const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
    const sizes = rules.filter(({ name }) => name === 'arrayMaxSize');
    shape = {
      names: new Set(rules.map(({ propertyName }) => propertyName)),
      nested: nestedOf(type),
      longest: new Map(sizes.map(({ propertyName, constraints }) => [propertyName, Number(constraints[0])])),
    };
    shapes.set(type, shape);
  }
  return shape;
}

/** With those that the class inherits. */
function nestedOf(type: object): Map<string, NestedMember> {
  const parent = Object.getPrototypeOf(type) as object | null;
  return new Map([...(parent ? nestedOf(parent) : []), ...(nestedMembers.get(type) ?? [])]);
}

/** Faults of an input: the first are kept, all are counted. */
export class FaultList {
  readonly first: FieldError[] = [];
  count = 0;

  add(path: string, message: string): void {
    if (this.count++ < maxFaults) this.first.push({ path, message });
  }
}

/**
 * An instance of a DTO class for class-validator, with the members that the class names and nothing else, in time
 * proportional to the body. (`plainToInstance` on the whole body compares every member with every other one: 85,000
 * unknown members took it 31 seconds, during which the process answered nothing.) Members that are not known are added
 * to `unknown`, where one is given.
 */
export function instanceOf<T extends object>(
  type: DtoClass<T>,
  plain: object,
  unknown?: FaultList,
  path = '',
): T {
  const { names, nested, longest } = shapeOf(type);
  const given = plain as Record<string, unknown>;
  const scalars: Record<string, unknown> = {};
  const others: Record<string, unknown> = {};
  for (const name of Object.keys(plain)) {
    const value = given[name];
    const member = nested.get(name);
    if (!names.has(name)) unknown?.add(pointer(path, name), 'is not a known field');
    else if (typeof value !== 'object' || value === null) scalars[name] = value;
    // Only its length is looked at: rules for each element pass over holes.
    else if (Array.isArray(value) && value.length > (longest.get(name) ?? Infinity))
      others[name] = new Array(value.length);
    else others[name] = member ? nestedValue(member, value, unknown, pointer(path, name)) : value;
  }
  // The scalars alone need class-transformer: @Type(() => Number) and @Transform. They are as many as the class names.
  return Object.assign(plainToInstance(type, scalars), others);
}

/** What is of the wrong kind becomes a text, which no rule looks into. */
const wrongKind = '';

function nestedValue(
  { type, list }: NestedMember,
  value: object,
  unknown: FaultList | undefined,
  path: string,
): unknown {
  if (!list) return Array.isArray(value) ? wrongKind : instanceOf(type(), value, unknown, path);
  if (!Array.isArray(value)) return wrongKind;
  return value.map((each: unknown, index) => {
    if (typeof each !== 'object' || each === null) return each;
    return Array.isArray(each) ? wrongKind : instanceOf(type(), each, unknown, `${path}/${index}`);
  });
}

export const pointer = (parent: string, name: string): string =>
  `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
