import { keywordOf } from './keyword';

describe('a keyword', () => {
  it.each([
    'STOP',
    'stop',
    ' Stop. ',
    'stop!!!',
    '"STOP"',
    'ｓｔｏｐ',
    'stopall',
    'Unsubscribe',
    'cancel',
    'end',
    'quit\r\n',
  ])('%j is a stop', (text) => expect(keywordOf(text)).toBe('stop'));

  it.each(['START', 'yes', 'Unstop.'])('%j is a start', (text) => expect(keywordOf(text)).toBe('start'));

  it.each(['HELP', 'info?'])('%j asks for help', (text) => expect(keywordOf(text)).toBe('help'));

  it.each([
    'please stop',
    "don't stop",
    'stop it',
    'nonstop',
    'STOP STOP',
    'yes please',
    '',
    '...',
    'ſtop it',
  ])('%j is none', (text) => expect(keywordOf(text)).toBeNull());
});
