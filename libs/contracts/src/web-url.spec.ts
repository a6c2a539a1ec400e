import { parseWebUrl } from './index';

describe('an address of the web', () => {
  it.each([
    ['https://cdn.example/a.png', 'https://cdn.example'],
    ['HTTP://CDN.Example:8080/a b.png?c=*;d', 'http://cdn.example:8080'],
    ['https://bücher.example/a.png', 'https://xn--bcher-kva.example'],
    ['https://a_b.example./', 'https://a_b.example.'],
    ['http://localhost:3000/a.png', 'http://localhost:3000'],
    ['https://93.184.216.34/a.png', 'https://93.184.216.34'],
    ['https://[2001:db8::1]/a.png', 'https://[2001:db8::1]'],
  ])('%s is one', (text, origin) => expect(parseWebUrl(text)?.origin).toBe(origin));

  it.each([
    'https://*/a.png',
    'https://*.example/a.png',
    'https://a;script-src.example/a.png',
    'https://a,b.example/',
    "https://'self'/a.png",
    'https://exa\tmple.com/a.png',
    'https://example.com/a\n.png',
    ' https://example.com/a.png',
    'https://user@example.com/a.png',
    'https://-a.example/',
    `https://${'a'.repeat(64)}.example/`,
    'https:/example.com/a.png',
    'https:///a.png',
    'javascript:alert(1)',
    'data:image/png;base64,AAAA',
    '',
  ])('%j is none', (text) => expect(parseWebUrl(text)).toBeNull());
});
