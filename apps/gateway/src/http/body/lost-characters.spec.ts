import { damageIn, readTwice } from './lost-characters';

describe('a text that was damaged on its way', () => {
  it.each([
    ['JÃ¶rg', 'Jörg'],
    ['ZoÃ«', 'Zoë'],
    ['Ã–zil', 'Özil'],
    ['Oâ€™Brien', 'O’Brien'],
    ['Åukasz', null],
    ['JOÃO', null],
    ['Ärzte', null],
    ['Ann', null],
    ['太郎', null],
    ['Â£', '£'],
  ])('%s was UTF-8 that was read twice: %s', (text, meant) => {
    expect(readTwice(text)).toBe(meant);
  });

  it('is found wherever it stands', () => {
    expect(damageIn({ firstName: 'Ann', metadata: { city: 'K\ufffdln' } })).toMatchObject({
      path: 'metadata.city',
    });
    expect(damageIn({ metadata: { deep: [{ 'Stra\ufffde': 1 }] } })).toMatchObject({
      path: 'metadata.deep.0.Stra\ufffde',
    });
    expect(damageIn({ firstName: 'J\u0094rg' })).toMatchObject({ path: 'firstName' });
    expect(damageIn({ firstName: 'Jörg', phone: 7, metadata: null })).toBeNull();
  });
});
