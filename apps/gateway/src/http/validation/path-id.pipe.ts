import type { PipeTransform } from '@nestjs/common';
import { idPattern, notFound, type IdKind } from '@tearoff/contracts';

/** An id in the path. What cannot be one is answered 404 without asking anyone. */
export class PathId implements PipeTransform<string, string> {
  private readonly pattern: RegExp;

  constructor(private readonly kind: IdKind) {
    this.pattern = new RegExp(idPattern(kind));
  }

  transform(value: string): string {
    if (this.pattern.test(value)) return value;
    const noun = this.kind.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
    throw notFound(`${noun}.not_found`, `There is no such ${noun.replace('_', ' ')}.`);
  }
}
