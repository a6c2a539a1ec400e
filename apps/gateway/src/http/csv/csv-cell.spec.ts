import { csvCell } from './csv-cell';

describe('a value as a CSV field', () => {
  it.each(['=1+1', '+1', '-1', '@sum', '\tx', '\uff1d1', '\uff0b1', '\uff0d1', '\uff20sum'])(
    'gets an apostrophe in front where a spreadsheet would run it: %j',
    (value) => expect(csvCell(value)).toBe(`'${value}`),
  );

  it.each([
    ['\r=1', '"\'\r=1"'],
    ['\n=1', '"\'\n=1"'],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
  ])('is quoted as well where it has to be: %j', (value, cell) => expect(csvCell(value)).toBe(cell));

  it.each([
    [null, ''],
    ['', ''],
    ['Ann - 1+1=2', 'Ann - 1+1=2'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
  ])('is the value itself otherwise: %j', (value, cell) => expect(csvCell(value)).toBe(cell));
});
