import type { DomainError } from '@tearoff/contracts';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsObject, IsString } from 'class-validator';
import { growth, linear } from '../../../test/cost';
import { Nested, NestedList, Optional, OptionalOrNull } from './dto.decorators';
import { BodyPipe, QueryPipe } from './dto.pipe';

class ItemDto {
  @IsString() sku: string;
  @Optional() @IsInt() price?: number;
}

class ParentDto {
  @Optional() @Nested(() => ItemDto) inherited?: ItemDto;
}

class OrderDto extends ParentDto {
  @Optional() @IsString() name?: string;
  @Optional() @Nested(() => ItemDto) first?: ItemDto;
  @Optional() @NestedList(() => ItemDto, 3) items?: ItemDto[];
  @Optional() @IsObject() notes?: Record<string, unknown>;
  @Optional() @IsArray() @ArrayMaxSize(2) @IsString({ each: true }) tags?: string[];
  @OptionalOrNull() @Type(() => Number) @IsInt() seconds?: number | null;
}

const pipe = new BodyPipe(OrderDto);
const refusal = (body: unknown, by: { transform(body: unknown): Promise<unknown> } = pipe) =>
  by.transform(body).then(
    () => null,
    (error: DomainError) => error,
  );
const faults = async (body: unknown) =>
  ((await refusal(body))?.details?.errors ?? []).map(({ path, message }) => `${path} ${message}`);

const members = (count: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, index]));
const list = (count: number): object[] => Array.from({ length: count }, () => ({ x: 1 }));

describe('a body held against a DTO class', () => {
  it('comes out as it was', async () => {
    const body = {
      name: 'x',
      first: { sku: 'a' },
      inherited: { sku: 'b' },
      items: [{ sku: 'c', price: 1 }],
      notes: { a: { b: 1 } },
      tags: ['a', 'b'],
      seconds: '5',
    };
    const given = structuredClone(body);
    expect(await pipe.transform(given)).toBe(given);
    expect(given).toEqual(body);
  });

  it.each([
    ['an unknown member', { a: 1 }, ['/a is not a known field']],
    [
      'one beside a fault of another kind',
      { a: 1, name: 5 },
      ['/a is not a known field', '/name must be a string'],
    ],
    ['one in a nested object', { first: { sku: 'a', b: 1 } }, ['/first/b is not a known field']],
    [
      'one in an inherited nested object',
      { inherited: { sku: 'a', b: 1 } },
      ['/inherited/b is not a known field'],
    ],
    [
      'one in a list',
      { items: [{ sku: 'a' }, { sku: 'b', 'c/d': 1 }] },
      ['/items/1/c~1d is not a known field'],
    ],
    ['a member that is missing deep down', { items: [{}] }, ['/items/0/sku is required']],
    ['a list for an object', { first: [{ sku: 'a' }] }, ['/first must be an object']],
    ['an object for a list', { items: { sku: 'a' } }, ['/items must be an array']],
    [
      'a list for an object in a list',
      { items: [[{ sku: 'a' }]] },
      ['/items/0 each value in nested property items must be either object or array'],
    ],
    [
      'a list that is too long, whatever is in it',
      { items: list(4) },
      ['/items must contain no more than 3 elements'],
    ],
    ['a list of texts that is too long', { tags: [1, 2, 3] }, ['/tags must contain no more than 2 elements']],
    ['a text for an object', { first: 'a' }, ['/first must be an object']],
  ])('is refused for %s', async (_, body, expected) => {
    expect(await faults(body)).toEqual(expected);
  });

  it('is told the first twenty faults, and how many there are', async () => {
    const error = await refusal(members(30_000));
    expect(error?.details?.errors).toHaveLength(20);
    expect(error?.message).toBe(
      'The body is not valid. It has 30,000 faults, of which the first 20 are listed.',
    );
    const long = await refusal({ ['x'.repeat(100_000)]: 1 });
    expect(long?.details?.errors?.[0].path.length).toBeLessThan(600);
  });

  it('may have what the class does not name where that is let pass', async () => {
    const lenient = new BodyPipe(OrderDto, 'check', 'lenient');
    expect(await refusal({ other: 1, first: { sku: 'a', other: 1 } }, lenient)).toBeNull();
    expect((await refusal({ other: 1, name: 5 }, lenient))?.details?.errors).toHaveLength(1);
  });

  it.each<[string, (size: number) => unknown, 'strict' | 'lenient']>([
    ['unknown members', members, 'strict'],
    ['unknown members that are let pass', members, 'lenient'],
    ['unknown members of a nested object', (size) => ({ first: { sku: 'a', ...members(size) } }), 'strict'],
    ['unknown members of an object in a list', (size) => ({ items: [members(size)] }), 'strict'],
    ['members of a free object', (size) => ({ notes: members(size) }), 'strict'],
    ['objects in a list that may not be so long', (size) => ({ items: list(size) }), 'strict'],
    ['objects where one is wanted', (size) => ({ first: list(size) }), 'strict'],
  ])('costs in proportion to its size: %s', async (_, body, unknown) => {
    const by = new BodyPipe(OrderDto, 'check', unknown);
    const bodies = new Map([10_000, 40_000].map((size) => [size, body(size)]));
    expect(await growth(10_000, (size) => refusal(bodies.get(size), by))).toBeLessThan(linear);
  });
});

describe('a query held against a DTO class', () => {
  it('is read as its numbers say', async () => {
    expect(await new QueryPipe(OrderDto).transform({ seconds: '7', name: 'x' })).toMatchObject({
      seconds: 7,
      name: 'x',
    });
  });
});
