import { renderLiquid } from './liquid-text';

const data = {
  n: 7,
  price: 19.9,
  text: '7',
  decimal: '7.0',
  none: null,
  items: [{ p: 0.1 }, { p: '0.2' }, { p: 'x' }],
};
const printed = (template: string): string => renderLiquid(template, data);

describe('arithmetic in Liquid', () => {
  // The values that Shopify's Liquid gives, but for "7.0", which is printed as 7.
  // prettier-ignore
  it.each([
    ['{{ 7 | divided_by: 2 }}', '3'],
    ['{{ 7 | divided_by: 2.0 }}', '3.5'],
    ['{{ -7 | divided_by: 2 }}', '-4'],
    ['{{ n | divided_by: 2 }} {{ text | divided_by: 2 }} {{ n | divided_by: "2" }}', '3 3 3'],
    ['{{ decimal | divided_by: 2 }} {{ n | divided_by: "2.0" }}', '3.5 3.5'],
    ['{{ 7.0 | divided_by: 2 }}{% assign half = 7.0 | divided_by: 2 %} {{ half }} {{7.0|divided_by:2}}', '3.5 3.5 3.5'],
    ['{{ 7.5 | divided_by: 2 }} {{ 20 | divided_by: 7.0 }}', '3.75 2.857142857142857'],
    ['{{ 20 | divided_by: 5 }} {{ 5 | divided_by: 3 }}', '4 1'],
    ['{{ n | times: 1.0 | divided_by: 2 }}', '3.5'],
    ['{% assign whole = n | times: 1.0 %}{{ 20 | divided_by: whole }} {{ whole }} {% if whole == 7 and whole > 6 %}yes{% endif %}', '2.857142857142857 7 yes'],
    ['{{ n | times: 1.0 | floor | divided_by: 2 }} {{ n | plus: 0.0 | round | divided_by: 2 }}', '3 3'],
    ['{{ n | times: 1.0 | append: "!" }}{{ n | times: 1.0 | json }}', '7!7'],
    ['{{ 0.1 | plus: 0.2 }} {{ 1.1 | times: 3 }} {{ 0.3 | minus: 0.1 }}', '0.3 3.3 0.2'],
    ['{{ price | times: 3 }} {{ 4.35 | times: 100 }}', '59.7 435'],
    ['{{ 24 | modulo: 7 }} {{ -7 | modulo: 3 }} {{ 7.5 | modulo: 2 }}', '3 2 1.5'],
    ['{{ 1.005 | round: 2 }} {{ -1.5 | round }} {{ 2.5 | round }} {{ 12.3456 | round: 1 }}', '1.01 -2 3 12.3'],
    ['{{ 1.2 | ceil }} {{ -1.2 | floor }} {{ -7 | abs }} {{ "3.5" | ceil }}', '2 -2 7 4'],
    ['{{ 4 | at_least: 5 }} {{ 4 | at_most: 3.5 }} {{ "4" | at_least: "10" }}', '5 3.5 10'],
    ['{{ items | sum: "p" }} {{ items | map: "p" | sum }}', '0.3 0.3'],
    ['{{ "10 EUR" | plus: 1 }} {{ "abc" | plus: 1 }} {{ "0x10" | plus: 1 }} {{ "1e3" | plus: 1 }}', '11 1 1 2'],
    ['{{ "Infinity" | plus: 1 }} {{ nothing | plus: 1 }} {{ none | times: 2 }} {{ true | plus: 1 }}', '1 1 0 1'],
  ])('%s', (template, expected) => expect(printed(template)).toBe(expected));

  it.each([
    '{{ 7 | divided_by: 0 }}',
    '{{ 7 | divided_by: 0.0 }}',
    '{{ 7 | divided_by: nothing }}',
    '{{ 7 | divided_by: "abc" }}',
    '{{ 7 | modulo: 0 }}',
    '{{ 0 | divided_by: 0 }}',
  ])('a division by nought is an error, with its place: %s', (template) => {
    expect(() => printed(`Hello\n${template}`)).toThrow(/^divided by 0, line:2, col:/);
  });

  it('a number that is none any more is an error', () => {
    const huge = `"${'9'.repeat(200)}"`;
    expect(() => printed(`{{ ${huge} | times: ${huge} }}`)).toThrow('the number is too large');
  });

  it.each([
    'constructor',
    'value',
    'valueOf',
    'toJSON',
    '__proto__',
    'size',
    'first',
    'prototype',
    'liquidMethodMissing',
  ])('a number has nothing that a template could reach: %s', (name) => {
    const text = printed(`{% assign x = n | times: 1.0 %}[{{ x.${name} }}{{ x["${name}"].constructor }}]`);
    expect(text).toMatch(/^\[7?\]$/);
  });
});
