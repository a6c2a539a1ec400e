import { looksLikeAPerson } from './visitors';

const phone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';

it.each([
  [true, 'GET', { 'user-agent': phone }],
  [true, 'GET', { 'user-agent': 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile' }],
  [false, 'HEAD', { 'user-agent': phone }],
  [false, 'GET', {}],
  [false, 'GET', { 'user-agent': phone, 'sec-purpose': 'prefetch;prerender' }],
  [false, 'GET', { 'user-agent': phone, purpose: 'prefetch' }],
  [false, 'GET', { 'user-agent': phone, 'x-purpose': 'preview' }],
  [false, 'GET', { 'user-agent': 'WhatsApp/2.24.1 A' }],
  [
    false,
    'GET',
    { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' },
  ],
  [false, 'GET', { 'user-agent': 'facebookexternalhit/1.1' }],
  [false, 'GET', { 'user-agent': 'curl/8.5.0' }],
  [false, 'GET', { 'user-agent': `${phone} SkypeUriPreview Preview/0.5` }],
])('person: %s for %s %j', (person, method, headers) =>
  expect(looksLikeAPerson({ method, headers })).toBe(person),
);
