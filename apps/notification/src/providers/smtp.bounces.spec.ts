import { isBounce } from './smtp.bounces';

describe('a refused recipient', () => {
  it.each([
    [550, '550 5.1.1 <ann@shop.example>: Recipient address rejected'],
    [550, '550-5.1.1 The email account that you tried to reach does not exist.'],
    [556, '556 5.1.10 Null MX'],
    [550, '550 No such user here'],
    [550, '550 Mailbox not found'],
    [551, '551 User unknown'],
  ])('%i %j is no one', (code, response) => expect(isBounce(code, response)).toBe(true));

  it.each([
    [550, '550 5.7.1 Message rejected due to local policy'],
    [550, '550 5.7.1 no such user would write this'],
    [550, '550 Blocked, see https://spam.example'],
    [552, '552 5.2.2 Mailbox full'],
    [554, '554 5.7.26 Unauthenticated mail'],
    [553, '553 5.1.8 Sender address rejected: user unknown'],
    [554, '554 user unknown to spam filter'],
  ])('%i %j may be someone', (code, response) => expect(isBounce(code, response)).toBe(false));
});
