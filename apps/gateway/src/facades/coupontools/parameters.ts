import type { Static } from '@sinclair/typebox';
import { DomainError, phoneOf, type Source } from '@tearoff/contracts';
import type { FastifyRequest } from 'fastify';
import { isStorable } from '@tearoff/service-kit';
import { withPlus } from '../../http/validation/plus';
import { sourceOfQuery } from '../../pages/tracking/source-of-query';
import {
  failure,
  invalidParameter,
  invalidPhone,
  missingParameter,
  unknownStatcode,
  type Fault,
} from './faults';

const dayPattern = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2}))?$/;

/** The parameters of one call, however they came. Reading gathers what is wrong; `check` tells all of it at once. */
export class Parameters {
  private readonly faults: Fault[] = [];

  private constructor(
    private readonly given: Readonly<Record<string, unknown>>,
    /** In a form, a plus that was not encoded arrives as a space. */
    private readonly plusIsSpace: boolean,
  ) {}

  static of({ method, body, query, headers }: FastifyRequest): Parameters {
    const isForm = /^application\/x-www-form-urlencoded/i.test(headers['content-type'] ?? '');
    if (method === 'GET') return new Parameters(query as Record<string, unknown>, true);
    if (typeof (body ?? {}) !== 'object' || Array.isArray(body))
      throw new DomainError('request.malformed', 'invalid', 'The body is not an object.');
    return new Parameters((body ?? {}) as Record<string, unknown>, isForm);
  }

  /** Throws everything that was found wrong so far. */
  check(): void {
    if (this.faults.length > 0) throw failure(...this.faults);
  }

  fault(fault: Fault): void {
    this.faults.push(fault);
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  /** A text of at most so many characters; undefined when left out or empty. */
  text(name: string, max = 200): string | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    if (typeof text === 'string' && text.length <= max && isStorable(text)) return text;
    this.fault(invalidParameter(name));
    return undefined;
  }

  required(name: string, max?: number): string {
    if (!this.has(name)) this.fault(missingParameter(name));
    return this.text(name, max) ?? '';
  }

  /** The id of a campaign, as far as its letters go. */
  campaign(): string {
    return this.id('campaign');
  }

  id(name: string): string {
    const id = this.required(name, 500).trim();
    if (id !== '' && !/^[\w-]+$/.test(id)) this.fault(invalidParameter(name));
    // Longer than any there is, and than a command may ask for.
    return id.slice(0, 48);
  }

  /**
   * In E.164, from any spelling; a number without its country is not guessed at. One that has the form alone, such as
   * the +123456789 of the vendor's documentation, is answered 301 by issuing, after what else is wrong with the call.
   */
  phone(): string {
    if (!this.has('phone')) this.fault(missingParameter('phone'));
    return this.optionalPhone() ?? '';
  }

  optionalPhone(): string | undefined {
    const text = this.text('phone', 50);
    if (text === undefined) return undefined;
    const spelling = this.plusIsSpace ? withPlus(text) : text;
    const phone = phoneOf(spelling);
    if (phone !== null) return phone;
    const bare = spelling.replace(/[\s().-]/g, '');
    if (/^\+[1-9]\d{4,14}$/.test(bare)) return bare;
    this.fault(invalidPhone);
    return undefined;
  }

  flag(name: string): boolean {
    const text = this.text(name)?.toLowerCase() ?? '0';
    if (!['0', '1', 'true', 'false', 'no', 'yes'].includes(text)) this.fault(invalidParameter(name));
    return ['1', 'true', 'yes'].includes(text);
  }

  number(name: string, unlessTold: number, [min, max]: readonly [number, number]): number {
    const text = this.text(name)?.trim() ?? String(unlessTold);
    const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (number >= min && number <= max) return number;
    this.fault(invalidParameter(name, `A number from ${min} to ${max} is needed.`));
    return unlessTold;
  }

  /** A whole number that is not 0, with or without its sign. */
  amount(name: string): number {
    const text = this.required(name).trim();
    const number = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : 0;
    if (number !== 0 && Math.abs(number) <= 1_000_000_000) return number;
    if (text !== '') this.fault(invalidParameter(name, 'A whole number other than 0 is needed.'));
    return 0;
  }

  /** `1990-05-04`. */
  day(name: string): string | undefined {
    return this.instant(name, 'start')?.toISOString().slice(0, 10);
  }

  oneOf<const T extends string>(name: string, values: readonly T[]): T | undefined {
    const text = this.text(name);
    const value = values.find((each) => each === text);
    if (text !== undefined && value === undefined)
      this.fault(invalidParameter(name, `One of ${values.join(', ')} is needed.`));
    return value;
  }

  /** An instant in UTC, `2027-05-04` or `2027-05-04 12:30:00`; a day alone is its first or its last moment. */
  instant(name: string, edge: 'start' | 'end'): Date | undefined {
    const text = this.text(name)?.trim();
    if (text === undefined) return undefined;
    const [, day, time = edge === 'start' ? '00:00:00' : '23:59:59.999'] = dayPattern.exec(text) ?? [];
    const instant = new Date(`${day}T${time}Z`);
    // 30 February would be read as a day in March.
    if (!Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day)) return instant;
    this.fault(invalidParameter(name, 'A date such as 2027-05-04 is needed.'));
    return undefined;
  }

  /** Where they came from: `utm_*`, or a statcode `medium:site:ad:location`. */
  source(): Static<typeof Source> | undefined {
    const statcode = this.text('statcode');
    if (statcode !== undefined && !/^[\w%. -]+(:[\w%. -]*){0,3}$/.test(statcode)) this.fault(unknownStatcode);
    const source = sourceOfQuery({ ...this.given, s: statcode });
    return Object.keys(source).length > 0 ? source : undefined;
  }

  private raw(name: string): unknown {
    const value = Object.hasOwn(this.given, name) ? this.given[name] : undefined;
    const empty = value === null || (typeof value === 'string' && value.trim() === '');
    return empty ? undefined : value;
  }
}
