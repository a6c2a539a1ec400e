import type { TemplateEngine } from '@tearoff/contracts';
import { textOfHtml } from './html-to-text';
import { faultOf, render } from './render';

const data = {
  code: 'W7KQ',
  name: 'Ann & Bob',
  total: '19.5',
  empty: '',
  items: [
    { name: 'Tea', price: 4 },
    { name: 'Milk', price: 2 },
    { name: 'Rye', price: 3 },
  ],
  address: { city: 'York' },
};

function shown(engine: TemplateEngine, text: string, kind: 'body' | 'html' = 'body') {
  const texts = { subject: null, body: null, html: null, [kind]: text };
  const [result] = render({ engine, texts, items: [data], missing: true });
  if (!result.ok) throw new Error(result.reason);
  return result;
}
const velocity = (text: string): string => shown('velocity', text).text;

describe('a template in Velocity', () => {
  // prettier-ignore
  it.each([
    ["$!data.get('code')", 'W7KQ'],
    ['$code ${code}s $!{code} $data.code', 'W7KQ W7KQs W7KQ W7KQ'],
    ["$data.get('items').get(1).get('name') of $data.get('items').size()", 'Milk of 3'],
    ["[$!data.get('nothing').get('at').get('all')]", '[]'],
    ['[$nothing]', '[$nothing]'],
    ['#foreach($i in $items)$velocityCount:$i.name #end', '1:Tea 2:Milk 3:Rye '],
    ['#foreach($i in $items)#if($velocityCount gt 2)#break#end$i.name#if($foreach.hasNext),#end#end!', 'Tea,Milk,!'],
    ['#foreach($k in $address.entrySet())$k.key=$k.value#end', 'city=York'],
    ['#foreach($i in [1..3])$i#end#foreach($i in [3..1])$i#end', '123321'],
    ['#if($total ge 19 and $total lt 20)a#end#if(!$empty or $nothing)b#end#if(not $code)c#else d#end', 'ab d'],
    ["#if($code.equals('W7KQ'))1#end#if($code.equalsIgnoreCase('w7kq'))2#end#if($code.length() == 4)3#end", '123'],
    ["#if($code == 'x')1#elseif($total == 19.50)2#else 3#end", '2'],
    ['#set($a = 2)#set($b = "$a$name")$b #set($c = $a + 3 * 2)$c', '2Ann & Bob 8'],
    ['<!--#if($code)-->yes<!-- #else -->no<!--#end--> <!-- kept -->', 'yes <!-- kept -->'],
    ['a ## not this\nb #* nor\nthis *#c#[[ $code ]]#', 'a b c $code '],
    ['#if($code)\nline\n#end\nnext', 'line\nnext'],
    ['Only $5 & 100% #1 a#b \\ {x}', 'Only $5 & 100% #1 a#b \\ {x}'],
    ["$mathTool.add('1', 2, 3) $mathTool.sub(5, 7) $mathTool.mul($total, 2) $mathTool.div(1, 4)", '6 -2 39 0.25'],
    ["$!mathTool.div(1, 0)$!mathTool.add('x', 1)$!mathTool.add()", ''],
    ["$numberTool.integer($total) $numberTool.format('#,##0.00', 1234.5) $numberTool.format('0.0', '7')", '19 1,234.50 7.0'],
    ["$dateTool.addDays('2027-12-31', 1) $dateTool.addMonths('2027-01-31', 1) $dateTool.addYears('2028-02-29', 1)", '2028-01-01 2027-02-28 2029-02-28'],
    ["$dateTool.addHours('2027-01-01T23:30:00Z', 1) $dateTool.addMinutes('2027-01-01T23:30:00Z', 31)", '2027-01-02T00:30:00.000Z 2027-01-02T00:01:00.000Z'],
    ["$dateTool.formatDate('2027-01-31T23:30:00Z', 'dd.MM.yyyy HH:mm', 'Europe/Berlin') $dateTool.formatDate('dd MMMM', '2027-03-01')", '01.02.2027 00:30 01 March'],
    ["$dateTool.diff('2027-01-01', '2027-03-01') $dateTool.diff('2027-01-01T00:00:00Z', '2027-01-01T05:00:00Z', 'hours')", '59 5'],
    ["#if($dateTool.diff($dateTool.currentDate(), $dateTool.currentTimeStamp()) == 0)now#end", 'now'],
    ['$items.get(0)', '{name=Tea, price=4}'],
  ])('%s', (template, expected) => {
    expect(velocity(template)).toBe(expected);
  });

  // prettier-ignore
  it.each([
    ['a\n  #if($x', 'ends in the middle of a directive or reference (line 2, column 9)'],
    ['#if($x)\n#foreach($i in $y)\nx#end', '#if has no #end (line 1, column 1)'],
    ['x #end', '#end closes nothing (line 1, column 3)'],
    ['x\n#else y', '#else belongs to no #if (line 2, column 1)'],
    ['#if($x)a#else b#elseif($y)c#end', '#elseif follows an #else (line 1, column 16)'],
    ['#break', '#break is in no #foreach (line 1, column 1)'],
    ['#foreach($x of $y)a#end', 'unexpected "id" (line 1, column 12)'],
    ['\n\n #include("x")', '#include is not supported (line 3, column 2)'],
    ['#set($a.b = 1)', '#set of anything but a variable is not supported (line 1, column 1)'],
    ['#set($a = "#parse(1)")', '#parse is not supported (line 1, column 1)'],
    ['$foo(1)', 'a call of $foo is not supported (line 1, column 1)'],
  ])('that is wrong is told where: %s', (template, fault) => {
    expect(faultOf('velocity', template)).toBe(fault);
  });
});

describe.each<[TemplateEngine, string, string, string, string]>([
  ['velocity', '$name', '$htmlTool.raw($name)', '$barcode', '$!nothing.at $code'],
  ['liquid', '{{ name }}', '{{ name | raw }}', '{{ barcode }}', '{{ nothing.at }} {{ code }}'],
])('in %s', (engine, escaped, raw, barcode, missing) => {
  it('what is printed into HTML is escaped, unless it asks not to be', () => {
    expect(shown(engine, `<b title="${escaped}">`, 'html').html).toBe('<b title="Ann &amp; Bob">');
    expect(shown(engine, `<b>${raw}</b>`, 'html').html).toBe('<b>Ann & Bob</b>');
    expect(shown(engine, escaped).text).toBe('Ann & Bob');
  });

  it('a barcode is a picture in HTML, and the code in text', () => {
    expect(shown(engine, `<p>${barcode}</p>`, 'html')).toMatchObject({
      html: expect.stringMatching(/^<p><img src="cid:barcode@tearoff" [^>]*><\/p>$/),
      barcode: true,
    });
    expect(shown(engine, `[${barcode}]`)).toMatchObject({ text: '[W7KQ]', barcode: false });
    expect(shown(engine, escaped, 'html').barcode).toBe(false);
  });

  it('what the data lack is told', () => {
    expect(shown(engine, missing)).toMatchObject({ missing: ['nothing.at'], text: ' W7KQ' });
  });
});

it('the text of a mail that is HTML alone is what it says, with its links', () => {
  const html = `<head><style>p{}</style></head><body><!-- no --><h1>Hi &amp; hello</h1><p>a
    <b>b</b><br>c</p><ul><li>one</li><li>two</li></ul><a href="https://go.example/x?a=1&amp;b=2">Open</a> &#8364;5</body>`;
  expect(textOfHtml(html)).toBe(
    'Hi & hello\n\na b\nc\n\n- one\n- two\n\nOpen (https://go.example/x?a=1&b=2) €5',
  );
  expect(textOfHtml('a <b')).toBe('a');
});
