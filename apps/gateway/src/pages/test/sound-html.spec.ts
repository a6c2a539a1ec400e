import { emptyPartsOf } from './sound-html';

describe('a page is found to have empty parts', () => {
  it.each([
    '<time datetime="2027-01-01T00:00:00Z"> </time>',
    '<time datetime="">today</time>',
    '<dd></dd>',
    '<a href="">again</a>',
    '<a class="x" href="/x">\n</a>',
    '<img src="/a.png" alt="">',
    '<img src="/a.png" width="1">',
    '<meta name="description" content="" />',
    '<h1 dir="auto"></h1>',
    '<p>until Invalid Date</p>',
  ])('%s', (html) => expect(emptyPartsOf(`<main>${html}</main>`)).toHaveLength(1));

  it.each([
    '<time datetime="2027-01-01T00:00:00Z">today</time>',
    '<p id="said" role="status"></p>',
    '<input type="hidden" name="proof" value="" />',
    '<option value="">Choose</option>',
    '<img src="/a.png" alt="Two coffees">',
    '<script>const a = \'<a href=""></a>\';</script>',
    '<iframe srcdoc="&lt;img alt=&quot;&quot;&gt;"></iframe>',
  ])('but not in %s', (html) => expect(emptyPartsOf(html)).toEqual([]));
});
