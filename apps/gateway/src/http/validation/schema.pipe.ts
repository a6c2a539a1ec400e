import type { PipeTransform } from '@nestjs/common';
import type { Static, TObject } from '@sinclair/typebox';
import { DomainError, faultsOf } from '@tearoff/contracts';

/** A JSON body held against a contract's schema, where that says all there is to say. Faults are 400. */
export class SchemaPipe<T extends TObject> implements PipeTransform<unknown, Static<T>> {
  constructor(private readonly schema: T) {}

  transform(body: unknown): Static<T> {
    const given = body === undefined ? {} : body;
    const errors = faultsOf(this.schema, given);
    if (errors) throw new DomainError('request.invalid', 'invalid', 'The body is not valid.', { errors });
    return given as Static<T>;
  }
}
