import { curl } from './curl';
import { Html, html } from './html';

describe('an HTML template', () => {
  it('escapes what is put into it, in text and in attributes', () => {
    const hostile = `<b a="x" b='y'>&amp;`;
    expect(html`<p title="${hostile}">${hostile}</p>`.text).toBe(
      '<p title="&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;">&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;</p>',
    );
  });

  it('takes HTML and lists of it as they are', () => {
    expect(html`${['a', '<'].map((text) => html`<i>${text}</i>`)}${new Html('<hr>')}`.text).toBe(
      '<i>a</i><i>&lt;</i><hr>',
    );
  });

  it('leaves out what is not there, but not zero', () => {
    expect(html`${null}${undefined}${false}${0}${''}`.text).toBe('0');
  });

  it('drops characters that HTML does not allow', () => {
    expect(html`${'a\u0000\u0007\u001b\tb\n'}`.text).toBe('a\tb\n');
  });

  it('keeps the lines of a value and not the indentation of the source', () => {
    const call = curl('https://a.example', { a: 1 });
    expect(html`<pre>${call}</pre>`.text).toContain('&quot; \\\n  -H &#39;content-type');
    expect(
      html`<ul>
        <li>${'a\n  b'}</li>
      </ul>`.text,
    ).toBe('<ul>\n<li>a\n  b</li>\n</ul>');
  });
});
