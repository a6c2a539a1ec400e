import type { PipeTransform } from '@nestjs/common';
import type { DomainError } from '@tearoff/contracts';
import { validate, type ValidationError, type ValidatorOptions } from 'class-validator';
import { FaultList, instanceOf, pointer } from './dto.shape';
import { invalidInput, maxFaults } from '../errors/invalid-input';
import { isStorable } from '@tearoff/service-kit';
import { unstorableText } from '../body/json-body';

const rules: ValidatorOptions = {
  forbidUnknownValues: true,
  validationError: { target: false },
};

/** A JSON body held against a DTO class; what comes out is the body itself, unchanged. Faults are 400. */
export class BodyPipe<T extends object> implements PipeTransform<unknown, Promise<T>> {
  /**
   * `missing: 'skip'` = every member may be absent or null, as in a merge patch (RFC 7396). `unknown: 'lenient'` lets
   * members pass that the class does not name.
   */
  constructor(
    private readonly type: new () => T,
    private readonly missing: 'check' | 'skip' = 'check',
    private readonly unknown: 'strict' | 'lenient' = 'strict',
  ) {}

  async transform(body: unknown): Promise<T> {
    const plain = body === undefined ? {} : body;
    if (typeof plain !== 'object' || plain === null || Array.isArray(plain))
      throw invalidInput([{ path: '', message: 'must be an object' }]);
    const faults = new FaultList();
    const instance = instanceOf(this.type, plain, this.unknown === 'strict' ? faults : undefined);
    await refuseFaults(instance, faults, { ...rules, skipMissingProperties: this.missing === 'skip' });
    return plain as T;
  }
}

/** The query held against a DTO class; numbers are read as its `@Type(() => Number)` says. */
export class QueryPipe<T extends object> implements PipeTransform<unknown, Promise<T>> {
  constructor(private readonly type: new () => T) {}

  async transform(query: unknown): Promise<T> {
    const faults = new FaultList();
    for (const parameter of Object.entries(query as object))
      if (!isStorable(parameter)) faults.add(pointer('', parameter[0]), unstorableText);
    if (faults.count > 0) throw refusal(faults, wrongQuery);
    const instance = instanceOf(this.type, query as object, faults);
    await refuseFaults(instance, faults, rules, wrongQuery);
    return { ...instance };
  }
}

const wrongQuery = 'The query is not valid.';

/** `faults` are the members that are not known: with many of them there is no need to look at the others. */
async function refuseFaults(
  instance: object,
  faults: FaultList,
  options: ValidatorOptions,
  message?: string,
): Promise<void> {
  if (faults.count < maxFaults) addFaults(faults, await validate(instance, options));
  if (faults.count > 0) throw refusal(faults, message);
}

const refusal = ({ first, count }: FaultList, message?: string): DomainError =>
  invalidInput(first, count, message);

/** class-validator's tree as a flat list of JSON Pointers (RFC 6901). */
function addFaults(faults: FaultList, errors: ValidationError[], parent = ''): void {
  for (const { property, value, constraints = {}, children = [] } of errors) {
    const path = pointer(parent, property);
    if (value === undefined) faults.add(path, 'is required');
    else {
      for (const [, message] of tellingOf(constraints)) faults.add(path, plain(message, property));
      addFaults(faults, children, path);
    }
  }
}

/** Rules on what a value is at all. */
const kinds = ['isArray', 'isObject', 'isString', 'isInt', 'isNumber', 'isBoolean'];

/** What is of the wrong kind breaks every further rule as well, of which there is nothing more to say. */
function tellingOf(constraints: Record<string, string>): [rule: string, message: string][] {
  const kind = kinds.find((rule) => rule in constraints);
  return kind ? [[kind, constraints[kind]]] : Object.entries(constraints);
}

const plain = (message: string, property: string): string =>
  message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
