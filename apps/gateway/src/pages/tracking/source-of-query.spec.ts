import { sourceOfQuery, sourceParameter } from './source-of-query';

describe('the source of a link', () => {
  it.each([
    [{}, {}],
    [{ s: 'tv' }, { medium: 'tv' }],
    [
      { s: 'print:metro:spring:gate 4' },
      { medium: 'print', site: 'metro', ad: 'spring', location: 'gate 4' },
    ],
    [{ s: '::spring' }, { ad: 'spring' }],
    [{ s: 'a%3Ab:c' }, { medium: 'a:b', site: 'c' }],
    [{ s: '100%:c' }, { medium: '100%', site: 'c' }],
    [{ s: 'a:b:c:d:e:f' }, { medium: 'a', site: 'b', ad: 'c', location: 'd' }],
    [
      { utm_source: 'news', utm_medium: 'email', utm_term: 'x' },
      { medium: 'email', site: 'news', term: 'x' },
    ],
    [
      { s: 'tv:one', site: 'two', utm_source: 'three' },
      { medium: 'tv', site: 'two' },
    ],
    [{ s: ['tv', 'radio'], ad: {} }, { medium: 'tv' }],
    [{ s: ' \0:ok' }, { site: 'ok' }],
    [{ s: `${'x'.repeat(5_000)}:y` }, { medium: 'x'.repeat(100), site: 'y' }],
  ])('%j is %j', (query, source) => expect(sourceOfQuery(query)).toEqual(source));

  it('survives being put into a link again', () => {
    const source = { medium: 'a:b', site: '100%', location: 'é;=' };
    expect(sourceOfQuery({ s: sourceParameter(source) })).toEqual(source);
    expect(sourceParameter({})).toBeNull();
  });
});
