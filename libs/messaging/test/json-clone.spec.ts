import { jsonClone } from '../src/in-process/json-clone';

describe('a JSON clone', () => {
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

  it('equals the value after a round trip through JSON text', () => {
    expect(jsonClone(given)).toStrictEqual(JSON.parse(JSON.stringify(given)));
    expect(Object.keys(jsonClone(given))).toEqual(Object.keys(JSON.parse(JSON.stringify(given)) as object));
  });

  it('shares no objects with its original', () => {
    const original = { list: [{ a: 1 }], inner: { b: 2 } };
    const copy = jsonClone(original);
    copy.list[0].a = 7;
    copy.inner.b = 7;
    expect(original).toEqual({ list: [{ a: 1 }], inner: { b: 2 } });
  });

  it('keeps a member named __proto__ a member', () => {
    const hostile = JSON.parse('{"a":{"__proto__":{"admin":true}}}') as { a: { admin?: boolean } };
    const copy = jsonClone(hostile);
    expect(copy.a.admin).toBeUndefined();
    expect(JSON.stringify(copy)).toBe(JSON.stringify(hostile));
  });

  it('refuses what JSON cannot represent', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(() => jsonClone({ big: 1n })).toThrow(TypeError);
    expect(() => jsonClone(circle)).toThrow(RangeError);
  });
});
