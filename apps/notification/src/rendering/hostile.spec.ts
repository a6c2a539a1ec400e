import type { TemplateEngine } from '@tearoff/contracts';
import { Renderer } from './renderer';

const secret = 'a-secret-of-the-process';

let renderer: Renderer;
beforeAll(() => {
  process.env.HOSTILE_SECRET = secret;
  // Less patient than the service, which proves the same: what is stopped here never ends.
  renderer = new Renderer({ check: 500, set: 1_000, single: 300 });
});
afterAll(async () => {
  delete process.env.HOSTILE_SECRET;
  await renderer.close();
});

const data = () => JSON.parse('{"name":"Ann","list":[1,2,3],"map":{"a":1},"__proto__":{"polluted":true}}');

async function rendered(engine: TemplateEngine, text: string): Promise<string> {
  const texts = { subject: null, body: text, html: null };
  const [result] = await renderer.render({ engine, texts, items: [data()] });
  return result.ok ? result.text : `refused: ${result.reason}`;
}

/** What each would print if it had got hold of anything: host objects, functions, the process, other files. */
const reached =
  /\[object|function|native code|=>|class |a-secret-of|process|Object\b|uncaught|node_modules|root:|49|polluted=|at .*\.js/;
/** Templates of their own source print themselves where they find nothing (Velocity's `$x`): that is no find. */
const withoutItself = (text: string, template: string): string => {
  const names = template.split(/[\s]+/).filter((part) => part.includes('$'));
  return names.reduce((rest, name) => rest.replaceAll(name, ''), text);
};

describe.each<[TemplateEngine, string[]]>([
  [
    'velocity',
    [
      '$!name.getClass()',
      '$!name.class',
      '$!name.class.forName("java.lang.Runtime").getRuntime().exec("id")',
      '#set($e="e")$!e.getClass().forName("java.lang.Runtime")',
      '$!name.constructor',
      '$!name.constructor.constructor("return process")()',
      '$!name["constructor"]',
      '$!name["constructor"]["constructor"]',
      '$!data.constructor',
      '$!data.get("constructor")',
      '$!data.get("constructor").get("constructor")',
      '$!data.getConstructor()',
      '$!data.__proto__.constructor',
      '$!data["__proto__"]["constructor"]',
      '$!data.map.__proto__',
      '$!data.map.get("__proto__")',
      '$!data.get("map").get("toString")',
      '$!data.map.hasOwnProperty("a").constructor',
      '$!data.list.constructor',
      '$!data.list.push(49)',
      '$!data.list.map("x")',
      '$!data.list.get("constructor")',
      '$!data.list["constructor"]',
      '$!data.list.get("length").constructor',
      '$!data.prototype',
      '$!name.toString.call("x")',
      '$!name.toString().constructor',
      '$!name.replace("A", "b").constructor("x")',
      '$!name.matchAll("(a+)+$")',
      '$!mathTool',
      '$!mathTool.constructor("return process")',
      '$!mathTool.get("add")',
      '$!mathTool["add"]',
      '$!mathTool.add.constructor',
      '$!dateTool.currentDate().constructor',
      '$!dateTool.__proto__',
      '$!htmlTool.raw($data).constructor',
      '$!htmlTool.raw("x").html',
      '$!numberTool.format("constructor", 49)',
      '$!numberTool.format("__proto__", 7)',
      '$!foreach.constructor',
      '#foreach($k in $data.map.keySet())$!k.constructor#end',
      '#foreach($f in $mathTool)$!f#end',
      '#set($m = {"a": 1, "__proto__": {"b": 49}})$!m.b $!m.constructor',
      '#set($x = "constructor")$!data.get($x) $!data[$x]',
      '#set($data.name = "x")',
      '#set($name.constructor = "x")',
      '#include("/etc/passwd")',
      '#parse("/etc/passwd")',
      '#evaluate("$name.constructor")',
      '#set($t = "#evaluate(1)")$!t',
      '#macro(r)#r()#end#r()',
      '#define($d)$d#end$d',
      '#@x()$bodyContent#end',
      '#noescape()$name#end',
      '#eval("process")',
      '#stop()',
      '$!process',
      '$!global',
      '$!globalThis.process.env',
      '$!require("fs")',
      '$!module',
      '$!this',
      '$!context',
      '$!eval("7*7")',
      '#{set}($x=1)',
      '#if($name.constructor)polluted=#end',
      '#if($data.__proto__.polluted == $data.nothing)no#end',
    ],
  ],
  [
    'liquid',
    [
      '{{ name.constructor }}',
      '{{ name.constructor.constructor }}',
      '{{ name["constructor"] }}',
      '{{ data.constructor }}',
      '{{ data.map.__proto__.constructor }}',
      '{{ data.list.push }}',
      '{{ list | map: "constructor" }}',
      '{{ list | where: "constructor" }}',
      '{% for k in data.map %}{{ k.constructor }}{% endfor %}',
      '{{ "x" | constructor }}',
      '{{ "x" | __proto__ }}',
      '{{ data.toString }}',
      '{{ process }}{{ global }}{{ globalThis }}{{ this }}',
      '{% include "/etc/passwd" %}',
      '{% render "/etc/passwd" %}',
      '{% layout "/etc/passwd" %}',
      '{% assign x = data.__proto__ %}{{ x.constructor }}',
      '{% assign __proto__ = 49 %}{{ data.x }}',
      '{% capture constructor %}7{% endcapture %}{{ data.constructor }}',
      '{{ name | inspect: "constructor" }}{{ data.hasOwnProperty }}',
    ],
  ],
])('a hostile template of %s', (engine, templates) => {
  it.each(templates)('reaches nothing: %s', async (template) => {
    const text = await rendered(engine, template);
    if (text.startsWith('refused: ')) return expect(text).not.toMatch(/a-secret-of|root:/);
    expect(withoutItself(text, template)).not.toMatch(reached);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('a template that never ends', () => {
  const nested = (level: number): string =>
    level === 0 ? 'x' : `#foreach($i in [1..9000])${nested(level - 1)}#end`;

  it.each<[TemplateEngine, string, string]>([
    ['velocity', 'loops in loops', nested(4)],
    ['velocity', 'a range without an end', '#foreach($i in [1..999999999])x#end'],
    ['velocity', 'a range backwards', '#foreach($i in [999999999..-999999999])x#end'],
    ['velocity', 'a text that doubles', `#set($a="xxxxxxxx")${'#set($a="$a$a")'.repeat(60)}$a`],
    [
      'velocity',
      'a text that is replaced',
      `#set($a="aaaaaaaa")${'#set($a=$a.replace("a","aaaaaaaa"))'.repeat(40)}$a`,
    ],
    ['velocity', 'a sum of texts', `#set($a="aaaaaaaa")${'#set($a=$a+$a)'.repeat(60)}$a`],
    ['velocity', 'a list of lists', `#set($a=[1])${'#set($a=[$a,$a,$a])'.repeat(60)}$a`],
    ['velocity', 'a list that is searched', `#set($a=[1..9000])#foreach($i in $a)$a.contains("x")#end`],
    ['velocity', 'blocks without an end', '#if($name)'.repeat(20_000)],
    ['velocity', 'blocks in blocks', `${'#if($name)'.repeat(5_000)}x${'#end'.repeat(5_000)}`],
    ['velocity', 'brackets in brackets', `#if(${'('.repeat(20_000)}1${')'.repeat(20_000)})x#end`],
    ['velocity', 'not not', `#if(${'!'.repeat(20_000)}$name)x#end`],
    ['velocity', 'lists in lists', `#set($a=${'['.repeat(5_000)}${']'.repeat(5_000)})`],
    ['velocity', 'a long path', `$name${'.a'.repeat(300_000)}$name${nested(3)}`],
    ['velocity', 'arguments in arguments', `${'$name.equals('.repeat(3_000)}1${')'.repeat(3_000)}`],
    [
      'liquid',
      'loops in loops',
      '{% for i in (1..9999) %}{% for j in (1..9999) %}{% for k in (1..9999) %}x{% endfor %}{% endfor %}{% endfor %}',
    ],
    ['liquid', 'a range without an end', '{% for i in (1..99999999999) %}x{% endfor %}'],
    [
      'liquid',
      'a text that doubles',
      `{% assign a = "xxxxxxxx" %}${'{% assign a = a | append: a %}'.repeat(60)}{{ a }}`,
    ],
    [
      'liquid',
      'a text that is replaced',
      `{% assign a = "aaaaaaaa" %}${'{% assign a = a | replace: "a", "aaaaaaaa" %}'.repeat(40)}{{ a }}`,
    ],
    ['liquid', 'blocks in blocks', `${'{% if name %}'.repeat(20_000)}x${'{% endif %}'.repeat(20_000)}`],
    [
      'liquid',
      'a text that is split',
      `{% assign a = "${'a'.repeat(50_000)}" | split: "" %}{% for x in a %}{% for y in a %}{{ a | join: a }}{% endfor %}{% endfor %}`,
    ],
  ])('of %s is stopped: %s', async (engine, _what, template) => {
    expect((await rendered(engine, template)).slice(0, 200)).toMatch(/^refused: /);
    expect(await rendered(engine, 'still here')).toBe('still here');
  });
});

it('one whose data keep the thread busy is stopped, and harms neither the others nor the service', async () => {
  const hog = '{% assign all = big | split: "" %}{{ all | group_by: "x" | size }}{{ all | uniq | size }}';
  const texts = { subject: null, body: `{% if big %}${hog.repeat(20)}{% endif %}{{ name }}`, html: null };
  const items = Array.from({ length: 70 }, (_, index) => ({
    name: `n${index}`,
    ...(index === 60 && { big: 'ab'.repeat(100_000) }),
  }));
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 10);
  const results = await renderer.render({ engine: 'liquid', texts, items });
  clearInterval(ticking);
  expect(results.map((result) => (result.ok ? result.text : 'refused'))).toEqual(
    items.map(({ name }, index) => (index === 60 ? 'refused' : name)),
  );
  expect(turns).toBeGreaterThan(10);
});

it('what is looked for would be seen', () => {
  const finds = [
    '[object Object]',
    '() => 1',
    String(RegExp),
    process.env.HOSTILE_SECRET,
    String(setTimeout),
  ];
  for (const find of finds) expect(withoutItself(find!, '$!x')).toMatch(reached);
});
