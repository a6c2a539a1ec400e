import { render } from '../render';

const data = {
  yes: true,
  no: false,
  q: 'b',
  list: ['a', 'b', 'c'],
  map: { b: 'b', 'b-c': 'B' },
  texts: ['b'],
};

function html(template: string): string {
  const texts = { subject: null, body: null, html: template };
  const [result] = render({ engine: 'velocity', texts, items: [data] });
  if (!result.ok) throw new Error(result.reason);
  return result.html!;
}

const references = [
  '$q',
  '${q}',
  '$!q',
  '$!{q}',
  '$map.b',
  '${map.b}',
  "$map.get('b')",
  "$!map.get('b')",
  '$texts[0]',
  '$!texts[0]',
  '$list.get(1)',
  '$q.trim()',
  '$q.toLowerCase().trim()',
  '$texts.get(0).trim()',
  'b',
  '<i>$q</i>',
];

describe.each(references)('directives in HTML comments right behind %s', (reference) => {
  const value = reference.startsWith('<i>') ? '<i>b</i>' : 'b';

  // prettier-ignore
  it.each([
    ['#if', `<p>R<!--#if($yes)-->R<!--#end-->R</p>`, '<p>VVV</p>'],
    ['#if that does not hold', `<p>R<!--#if($no)-->R<!--#end-->R</p>`, '<p>VV</p>'],
    ['#else', `<p>R<!--#if($no)-->x R<!--#else-->y R<!--#end--></p>`, '<p>Vy V</p>'],
    ['#elseif', `<p>R<!--#if($no)-->x R<!--#elseif($yes)-->R<!--#else-->R<!--#end-->R</p>`, '<p>VVV</p>'],
    ['#foreach', `<p>R<!--#foreach($each in $list)-->R<!--#end-->R</p>`, '<p>VVVVV</p>'],
    ['#break', `<p><!--#foreach($each in $list)-->R<!--#break-->x<!--#end-->R</p>`, '<p>VV</p>'],
    ['#set', `<p>R<!--#set($z = 1)-->R<!--#set($z = 2)--></p>`, '<p>VV</p>'],
    ['a comment', `<p>R<!--#* not this *#-->R</p>`, '<p>VV</p>'],
    ['blanks within', `<p>R<!--   #if($no) -->R<!--            #end -->R</p>`, '<p>VV</p>'],
    ['line breaks within', `<p>R<!--\n#if($no)\n-->R<!--\n\t#end\n-->R</p>`, '<p>VV</p>'],
    ['blocks in blocks', `<p><!--#if($yes)--><!--#foreach($each in $list)-->R<!--#if($yes)-->R<!--#end--><!--#end--><!--#end-->R</p>`, '<p>VVVVVVV</p>'],
  ])('leave nothing of the letter within a comment: %s', (_what, template, expected) => {
    expect(html(template.replaceAll('R', reference))).toBe(expected.replaceAll('V', value));
  });

  it('leave other comments alone', () => {
    expect(html(`${reference}<!-- kept --><!--[if mso]>${reference}<![endif]-->`)).toBe(
      `${value}<!-- kept --><!--[if mso]>${value}<![endif]-->`,
    );
  });
});

it('the vendor’s own form prints every item', () => {
  expect(html('<p><!--#foreach($q in $list)-->$q<!--#end--></p>')).toBe('<p>abc</p>');
});

it('a hyphen ends a reference, as in Velocity 2, so a comment can end there too', () => {
  expect(html('<!--$q-->$q-$q- $map.b- $!q--<p>$q</p>')).toBe('<!--b-->b-b- b- b--<p>b</p>');
  expect(html('$map.b-c')).toBe('B');
});
