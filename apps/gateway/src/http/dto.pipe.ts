import type { PipeTransform } from '@nestjs/common';
import { DomainError, type FieldError } from '@tearoff/contracts';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError, type ValidatorOptions } from 'class-validator';
import { isStorable, unstorableText } from './json-body';

const rules: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
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
      throw invalid([{ path: '', message: 'must be an object' }]);
    const isStrict = this.unknown === 'strict';
    const options = {
      ...rules,
      whitelist: isStrict,
      forbidNonWhitelisted: isStrict,
      skipMissingProperties: this.missing === 'skip',
    };
    const faults = faultsOf(await validate(plainToInstance(this.type, plain), options));
    if (faults.length > 0) throw invalid(faults);
    return plain as T;
  }
}

/** The query held against a DTO class; numbers are read as its `@Type(() => Number)` says. */
export class QueryPipe<T extends object> implements PipeTransform<unknown, Promise<T>> {
  constructor(private readonly type: new () => T) {}

  async transform(query: unknown): Promise<T> {
    const unstorable = Object.entries(query as object).filter((parameter) => !isStorable(parameter));
    if (unstorable.length > 0) {
      throw invalid(
        unstorable.map(([name]) => ({ path: pointer('', name), message: unstorableText })),
        wrongQuery,
      );
    }
    const instance = plainToInstance(this.type, { ...(query as object) });
    const faults = faultsOf(await validate(instance, rules));
    if (faults.length > 0) throw invalid(faults, wrongQuery);
    return { ...instance };
  }
}

const wrongQuery = 'The query is not valid.';

function invalid(errors: FieldError[], message = 'The body is not valid.'): DomainError {
  return new DomainError('request.invalid', 'invalid', message, { errors: errors.slice(0, 20) });
}

/** class-validator's tree as a flat list of JSON Pointers (RFC 6901). */
function faultsOf(errors: ValidationError[], parent = ''): FieldError[] {
  return errors.flatMap(({ property, value, constraints = {}, children = [] }) => {
    const path = pointer(parent, property);
    if (value === undefined) return [{ path, message: 'is required' }];
    const own = tellingOf(constraints).map(([rule, message]) => ({
      path,
      message: plain(rule, message, property),
    }));
    return [...own, ...faultsOf(children, path)];
  });
}

const pointer = (parent: string, name: string): string =>
  `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Rules on what a value is at all. */
const kinds = ['whitelistValidation', 'isArray', 'isObject', 'isString', 'isInt', 'isNumber', 'isBoolean'];

/** What is of the wrong kind breaks every further rule as well, of which there is nothing more to say. */
function tellingOf(constraints: Record<string, string>): [rule: string, message: string][] {
  const kind = kinds.find((rule) => rule in constraints);
  return kind ? [[kind, constraints[kind]]] : Object.entries(constraints);
}

function plain(rule: string, message: string, property: string): string {
  if (rule === 'whitelistValidation') return 'is not a known field';
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}
