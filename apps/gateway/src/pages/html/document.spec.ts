import { page } from './document';
import { html } from './html';

const policyWith = (...imageOrigins: string[]): string =>
  page({ lang: 'en', title: 'x', styles: [], body: html`x`, imageOrigins }).headers[
    'content-security-policy'
  ];

describe('the policy of a page', () => {
  it('lets pictures come from the origins that it is given', () => {
    expect(policyWith('https://cdn.example', 'http://localhost:3000', 'https://[2001:db8::1]')).toContain(
      "img-src 'self' https://cdn.example http://localhost:3000 https://[2001:db8::1];",
    );
    expect(policyWith('https:', 'data:')).toContain("img-src 'self' https: data:;");
  });

  it.each([
    '*',
    'https://*',
    'https://*.example',
    'https://a.example/path',
    'https://a;script-src',
    'https://a.example https://b.example',
    "'unsafe-inline'",
    'blob:',
    '',
  ])('is not widened by %j', (origin) => {
    expect(policyWith(origin)).toContain("img-src 'self';");
    expect(policyWith(origin)).toContain("default-src 'none';");
  });
});
