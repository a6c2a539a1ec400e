import type { PipeTransform } from '@nestjs/common';
import { notFound } from '@tearoff/contracts';

/** The number on a card, in the path; spaces and hyphens, as people and printers group it, do no harm. */
export class NumberPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    const number = value.replace(/[\s-]/g, '');
    if (/^\d{1,100}$/.test(number)) return number;
    throw notFound('enrolment.not_found', 'No card has this number.');
  }
}
