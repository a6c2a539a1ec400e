import { dataBounds, faultsOf, IssueRequest, metadataBounds, type Bounds } from './index';
import { boundFault } from './bounds';

const bounds: Bounds = { depth: 3, members: 10, bytes: 100 };
const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });

describe('a free object', () => {
  it.each([
    ['as deep as it may be', nested(3), null],
    ['one level deeper', nested(4), { path: '/a/a/a', message: 'is nested more than 3 levels deep' }],
    [
      'with a list as the last level',
      { a: { 'b/c': [[]] } },
      { path: '/a/b~1c/0', message: 'is nested more than 3 levels deep' },
    ],
    ['with as many members as it may have', { a: [1, 2, 3], b: { c: [1, 2, 3, 4] } }, null],
    [
      'with one more',
      { a: [1, 2, 3], b: { c: [1, 2, 3, 4, 5] } },
      { path: '', message: 'must not have more than 10 members in all' },
    ],
    ['as large as it may be', { a: 'x'.repeat(92) }, null],
    [
      'a byte larger',
      { a: 'x'.repeat(93) },
      { path: '', message: 'must not be larger than 100 bytes as JSON' },
    ],
    [
      'whose bytes are more than its characters',
      { a: 'ü'.repeat(47) },
      { path: '', message: 'must not be larger than 100 bytes as JSON' },
    ],
    ['that is none', 'x', null],
  ])('%s', (_, value, fault) => expect(boundFault(bounds, value)).toEqual(fault));

  it('is not looked through to its end when it has too many members', () => {
    let looks = 0;
    const member = {
      get a() {
        return ++looks;
      },
    };
    expect(
      boundFault(
        bounds,
        Array.from({ length: 100_000 }, () => member),
      ),
    ).toMatchObject({ path: '' });
    expect(looks).toBeLessThan(20);
  });
});

describe('metadata of a coupon', () => {
  const told = (metadata: unknown) =>
    faultsOf(IssueRequest, { campaignId: 'c', recipient: { phone: '1' }, metadata });

  it('is refused by the path of its fault', () => {
    expect(told({ a: { b: [1, 'two', null] } })).toBeNull();
    expect(told(nested(metadataBounds.depth + 1))).toEqual([
      { path: '/metadata/a/a/a/a/a', message: 'is nested more than 5 levels deep' },
    ]);
    const many = { list: Array.from({ length: metadataBounds.members }, () => 1) };
    expect(told(many)).toEqual([
      { path: '/metadata', message: 'must not have more than 500 members in all' },
    ]);
    expect(told({ a: 'x'.repeat(metadataBounds.bytes) })).toEqual([
      { path: '/metadata', message: 'must not be larger than 16384 bytes as JSON' },
    ]);
  });

  it('leaves no fault behind for the next body', () => {
    told(nested(metadataBounds.depth + 1));
    expect(told(nested(metadataBounds.depth))).toBeNull();
  });
});

it('data for a message is bounded inside of it', () => {
  const message = { templateId: 't', data: nested(dataBounds.depth + 1) };
  const faults = faultsOf(IssueRequest, { campaignId: 'c', recipient: { phone: '1' }, message });
  expect(faults?.[0].path).toMatch(/^\/message\/data(\/a){10}$/);
});
