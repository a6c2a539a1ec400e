import type { TemplateEngine } from '@tearoff/contracts';
import { render } from './render';

function printed(engine: TemplateEngine, body: string, zone?: string, data = {}): string {
  const [result] = render({ engine, texts: { subject: null, body, html: null }, items: [data], zone });
  return result.ok ? result.text : `refused: ${result.reason}`;
}

const velocity = (date: string, zone?: string) =>
  printed('velocity', "$dateTool.formatDate($d, 'dd.MM.yyyy HH:mm Z')", zone, { d: date });
const liquid = (date: string, zone?: string) =>
  printed('liquid', '{{ d | date: "%d.%m.%Y %H:%M %z" }}', zone, { d: date });
const withoutOffset = (text: string): string => text.replace(/ [+-][\d:]+$/, '');

describe('both engines show a date by the same clock', () => {
  // prettier-ignore
  it.each([
    ['2027-03-28T00:30:00+02:00', undefined, '28.03.2027 00:30'],
    ['2027-03-28T00:30:00+02:00', 'Europe/Berlin', '27.03.2027 23:30'],
    ['2027-03-28T00:30:00+02:00', 'Europe/Kyiv', '28.03.2027 00:30'],
    ['2027-03-28T00:30:00+02:00', 'America/New_York', '27.03.2027 18:30'],
    ['2027-03-27T22:30:00Z', undefined, '27.03.2027 22:30'],
    ['2027-03-27T22:30:00.000Z', 'Europe/Kyiv', '28.03.2027 00:30'],
    // On both sides of the hour that is left out.
    ['2027-03-28T00:59:00Z', 'Europe/Berlin', '28.03.2027 01:59'],
    ['2027-03-28T01:00:00Z', 'Europe/Berlin', '28.03.2027 03:00'],
    // What names no zone is not moved.
    ['2027-03-28', undefined, '28.03.2027 00:00'],
    ['2027-03-28', 'Pacific/Honolulu', '28.03.2027 00:00'],
    ['2027-03-28', 'Pacific/Auckland', '28.03.2027 00:00'],
    ['2027-03-28 10:30:00', 'Europe/Berlin', '28.03.2027 10:30'],
    ['2027-03-28T10:30', undefined, '28.03.2027 10:30'],
    ['2027-03-28 10:30:00 +0200', undefined, '28.03.2027 10:30'],
    ['2027/03/28', undefined, '28.03.2027 00:00'],
    ['28.03.2027', 'Europe/Berlin', '28.03.2027 00:00'],
    ['28/03/2027 10:30', undefined, '28.03.2027 10:30'],
    ['3.4.2027', undefined, '03.04.2027 00:00'],
    ['March 28, 2027', 'Asia/Tokyo', '28.03.2027 00:00'],
    ['28 March 2027', 'Asia/Tokyo', '28.03.2027 00:00'],
    ['Mar 28, 2027 10:30 pm', undefined, '28.03.2027 22:30'],
    ['Sun, 28 Mar 2027 00:30:00 +0200', undefined, '28.03.2027 00:30'],
    ['Sun, 28 Mar 2027 00:30:00 +0200', 'UTC', '27.03.2027 22:30'],
  ])('%s in %s', (date, zone, expected) => {
    expect([velocity(date, zone), liquid(date, zone)].map(withoutOffset)).toEqual([expected, expected]);
  });

  it('with the offset of that day', () => {
    expect(liquid('2027-06-01T00:00:00Z', 'Europe/Berlin')).toBe('01.06.2027 02:00 +0200');
    expect(liquid('2027-12-01T00:00:00Z', 'Europe/Berlin')).toBe('01.12.2027 01:00 +0100');
  });

  it.each(['soon', 'Room 12', '12', 'tomorrow 5', '03/14/2027', '2027-02-30', '2027-13-01', '', '1 January'])(
    'and what is no date is none to either: %j',
    (text) => {
      const number = /^\d+$/.test(text);
      expect(velocity(text)).toContain('$dateTool.formatDate');
      expect(liquid(text)).toBe(number ? '01.01.1970 00:00 +0000' : text);
    },
  );

  it('and count days in that zone', () => {
    const days = (zone: string) =>
      printed('velocity', "$dateTool.diff('2027-03-27T23:30:00Z', '2027-03-28T22:30:00Z')", zone);
    // 23 hours: the day on which the clocks go forward.
    expect([days('UTC'), days('Europe/Berlin')]).toEqual(['0', '1']);
  });

  it('and know what day it is there', () => {
    const at = (zone: string) => [
      printed('velocity', "$dateTool.currentDate('yyyy-MM-dd HH')", zone),
      printed('liquid', '{{ "now" | date: "%Y-%m-%d %H" }}', zone),
    ];
    const [before, tokyo, after] = [new Date(), at('Asia/Tokyo'), new Date()];
    const hours = [before, after].map((now) => new Date(now.getTime() + 9 * 3_600_000).toISOString());
    for (const each of tokyo)
      expect(hours.map((hour) => hour.slice(0, 13).replace('T', ' '))).toContain(each);
  });
});

describe('the dates of Liquid', () => {
  it.each([
    ['{{ 1806192000 | date: "%Y-%m-%d" }}', '2027-03-28'],
    ['{{ "1806192000" | date: "%Y-%m-%d" }}', '2027-03-28'],
    ['{{ 1806192000000 | date: "%Y-%m-%d" }}', '2027-03-28'],
    ['{{ "2027-03-28T00:30:00+02:00" | date: "%H:%M", "America/New_York" }}', '18:30'],
    ['{{ "2027-03-28T00:30:00+02:00" | date: "%H:%M", -60 }}', '23:30'],
    ['{{ "2027-03-28T00:30:00+02:00" | date: "%s %A %-d %B %b" }}', '1806186600 Sunday 28 March Mar'],
    ['{{ "2027-03-28T00:30:00+02:00" | date_to_xmlschema }}', '2027-03-28T00:30:00+02:00'],
    ['{{ "2027-03-28T00:30:00+02:00" | date_to_rfc822 }}', 'Sun, 28 Mar 2027 00:30:00 +0200'],
    ['{{ "2027-03-28T00:30:00+02:00" | date_to_string }}', '28 Mar 2027'],
    ['{{ "2027-03-28T00:30:00+02:00" | date_to_long_string: "ordinal" }}', '28th March 2027'],
    ['[{{ nothing | date: "%d" }}]', '[]'],
  ])('%s', (template, expected) => expect(printed('liquid', template)).toBe(expected));

  it('give a template no way to another zone’s name or to what carries it', () => {
    expect(printed('liquid', '{{ zone }}{{ Symbol }}', 'Europe/Berlin')).toBe('');
  });
});
