import { readExpiry } from './code-expiry';

const zone = 'Europe/Berlin';
const endOf = (text: string, inZone = zone) => {
  const read = readExpiry(text, inZone);
  return 'fault' in read ? read.fault : (read.validTo?.toISOString() ?? null);
};

describe('the end of a code', () => {
  it.each([
    ['2027-04-30', '2027-04-30T21:59:59.999Z'],
    ['2027/04/30', '2027-04-30T21:59:59.999Z'],
    ['2027.4.30', '2027-04-30T21:59:59.999Z'],
    ['20270430', '2027-04-30T21:59:59.999Z'],
    ['30.04.2027', '2027-04-30T21:59:59.999Z'],
    ['3.4.2027', '2027-04-03T21:59:59.999Z'],
    ['30/04/2027', '2027-04-30T21:59:59.999Z'],
    ['04/30/2027', '2027-04-30T21:59:59.999Z'],
    ['04/04/2027', '2027-04-04T21:59:59.999Z'],
    ['30 Apr 2027', '2027-04-30T21:59:59.999Z'],
    ['Apr 30, 2027', '2027-04-30T21:59:59.999Z'],
    ['April 3rd, 2027', '2027-04-03T21:59:59.999Z'],
    ['30-Apr-2027', '2027-04-30T21:59:59.999Z'],
    // The night in which summer time begins.
    ['2027-03-28', '2027-03-28T21:59:59.999Z'],
    ['2027-04-30 12:00', '2027-04-30T10:00:00.000Z'],
    ['2027-04-30 23:59:59 UTC', '2027-04-30T23:59:59.000Z'],
    ['2027-04-30T23:59:59.000Z', '2027-04-30T23:59:59.000Z'],
    ['2027-04-30 23:59:59 +0500', '2027-04-30T18:59:59.000Z'],
    ['2027-04-30T23:59:59-08:00', '2027-05-01T07:59:59.000Z'],
    ['30.04.2027 18:30', '2027-04-30T16:30:00.000Z'],
    ['4/30/2027 6:30 PM', '2027-04-30T16:30:00.000Z'],
    ["'2027-04-30", '2027-04-30T21:59:59.999Z'],
    ['', null],
    ['  ', null],
    ['never', null],
    ['-', null],
    ['N/A', null],
  ])('%j is %j', (text, end) => expect(endOf(text)).toBe(end));

  it("is that of the day in the campaign's zone", () => {
    expect(endOf('2027-04-30', 'America/Los_Angeles')).toBe('2027-05-01T06:59:59.999Z');
    expect(endOf('2027-04-30', 'Pacific/Auckland')).toBe('2027-04-30T11:59:59.999Z');
  });

  it.each([
    ['03/04/2027', /two dates/],
    ['3-4-2027', /two dates/],
    ['03/04/27', /two digits/],
    ['30.04.27', /two digits/],
    ['46142', /spreadsheet counts days/],
    ['2027-02-30', /no day/],
    ['31/02/2027', /no day/],
    ['13/13/2027', /no day/],
    ['30 Foo 2027', /no day/],
    ['2027-04-30 25:00', /no time/],
    ['2027-04-30 13:00 pm', /no time/],
    ['soon', /cannot be read/],
    ['30 days', /cannot be read/],
    ['1830000000', /cannot be read/],
  ])('%j is refused', (text, why) => expect(endOf(text)).toMatch(why));
});
