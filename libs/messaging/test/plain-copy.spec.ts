import { plainCopy } from '../src/in-process/plain-copy';

describe('a plain copy', () => {
  const given = {
    text: 'naïve \u2028',
    numbers: [0, -1.5, 1e21, Number.NaN, Number.POSITIVE_INFINITY],
    truths: [true, false, null],
    nested: { deeper: [{ deepest: {} }, []] },
    absent: undefined,
    holes: [undefined, () => 1, Symbol('s')],
    method: () => 1,
    at: new Date('2026-01-02T03:04:05.678Z'),
    invalidDate: new Date(Number.NaN),
    says: { toJSON: () => ({ itself: true, not: undefined }) },
    instance: new (class {
      own = 'kept';
      missing = undefined;
      get inherited() {
        return 'dropped';
      }
    })(),
    map: new Map([['a', 1]]),
    bare: Object.assign(Object.create(null) as object, { member: 1 }),
    bytes: Buffer.from('ab'),
  };

  it('is what a journey as JSON text would have made of it', () => {
    expect(plainCopy(given)).toStrictEqual(JSON.parse(JSON.stringify(given)));
    expect(Object.keys(plainCopy(given))).toEqual(Object.keys(JSON.parse(JSON.stringify(given)) as object));
  });

  it('shares nothing with what it was made of', () => {
    const original = { list: [{ a: 1 }], inner: { b: 2 } };
    const copy = plainCopy(original);
    copy.list[0].a = 7;
    copy.inner.b = 7;
    expect(original).toEqual({ list: [{ a: 1 }], inner: { b: 2 } });
  });

  it('keeps a member named __proto__ a member', () => {
    const hostile = JSON.parse('{"a":{"__proto__":{"admin":true}}}') as { a: { admin?: boolean } };
    const copy = plainCopy(hostile);
    expect(copy.a.admin).toBeUndefined();
    expect(JSON.stringify(copy)).toBe(JSON.stringify(hostile));
  });

  it('refuses what JSON cannot say', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(() => plainCopy({ big: 1n })).toThrow(TypeError);
    expect(() => plainCopy(circle)).toThrow(RangeError);
  });
});
