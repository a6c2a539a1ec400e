import { foldedEmail } from './email';
import { identify } from './identity';

describe('an e-mail address', () => {
  it('folds as the campaign says', () => {
    expect(foldedEmail('a.nn+x@example.com', {})).toBe('a.nn+x@example.com');
    expect(foldedEmail('a.nn+x@example.com', { ignorePlus: true })).toBe('a.nn@example.com');
    expect(foldedEmail('a.nn+x@example.com', { ignorePlus: true, ignoreDots: true })).toBe('ann@example.com');
    expect(foldedEmail('+x@example.com', { ignorePlus: true })).toBe('+x@example.com');
  });
});

describe('a person', () => {
  it('has one key for each of their names, and keeps what else was said of them', () => {
    const identity = identify(
      {
        phone: '07911 123456',
        country: 'GB',
        email: 'Ann+x@Example.com',
        externalId: ' 7 ',
        firstName: 'Ann',
      },
      { ignorePlus: true },
    );
    expect(identity).toEqual({
      keys: ['e:ann@example.com', 'p:+447911123456', 'x:7'],
      recipient: {
        phone: '+447911123456',
        email: 'ann+x@example.com',
        externalId: '7',
        firstName: 'Ann',
        country: 'GB',
      },
    });
  });
});
