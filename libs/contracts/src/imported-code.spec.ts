import { readImportedCode } from './imported-code';

describe('a code of a file', () => {
  it.each([
    ['Gift-0001', 'Gift-0001', 'GIFT0001'],
    [' 0012 ', '0012', '0012'],
    ["'0012", '0012', '0012'],
    ['="0012"', '0012', '0012'],
    ['\ufeffGIFT\u200b1', 'GIFT1', 'GIFT1'],
    ['Gift\u20110001', 'Gift-0001', 'GIFT0001'],
    ['Gift \u2013 0001', 'Gift - 0001', 'GIFT0001'],
    ['\uff27\uff29\uff26\uff34\uff11', 'GIFT1', 'GIFT1'],
    ['12E345', '12E345', '12E345'],
    ['1E5', '1E5', '1E5'],
  ])('%j is printed as %j and kept as %j', (text, printed, code) =>
    expect(readImportedCode(text)).toEqual({ printed, code }),
  );

  it.each([
    ['', 'is blank'],
    ['\u200b ', 'is blank'],
    ['1.23E+15', 'is a rounded number'],
    ['1,23E+15', 'is a rounded number'],
    ['1E+15', 'is a rounded number'],
    ['"1.23e+15"'.slice(1, -1), 'is a rounded number'],
    ["'1.23E+15", 'is a rounded number'],
    ['=cmd()', 'has characters that a code cannot have'],
    ['="=cmd()"', 'has characters that a code cannot have'],
    ['ключ', 'has characters that a code cannot have'],
    ['GIFT\u00009', 'has characters that a code cannot have'],
    ['\ud800', 'has characters that a code cannot have'],
    ['#REF!', 'has characters that a code cannot have'],
    [']e0123', 'has characters that a code cannot have'],
    ['G'.repeat(41), 'is longer than 40 characters'],
  ])('%j %s', (text, fault) =>
    expect(readImportedCode(text)).toEqual({ fault: expect.stringContaining(fault) }),
  );
});
