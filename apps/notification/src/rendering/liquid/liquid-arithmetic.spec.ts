import { renderLiquid } from './liquid-text';

describe('arithmetic in Liquid', () => {
  it.each([
    ['{{ 4.35 | times: 100 }}', '435'],
    ['{{ price | times: 100 }}', '435'],
    ['{{ 0.1 | plus: 0.2 }}', '0.3'],
    ['{{ 1 | minus: 0.9 }}', '0.1'],
    ['{{ 0.3 | modulo: 0.1 }}', '0'],
    ['{{ 7 | plus: 2 }}', '9'],
    ['{{ "x" | plus: 1 }}', '1'],
    ['{{ nothing | times: 2 }}', '0'],
    ['{{ 5 | modulo: 0 }}', 'NaN'],
  ])('%s is %s', (template, text) => expect(renderLiquid(template, { price: '4.35' })).toBe(text));
});
