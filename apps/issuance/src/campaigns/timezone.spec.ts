import { canonicalTimezone } from './timezone';

describe('a time zone', () => {
  it.each([
    'Europe/Kyiv',
    'Europe/Kiev',
    'Asia/Kolkata',
    'Asia/Ho_Chi_Minh',
    'Africa/Dar_es_Salaam',
    'America/Port-au-Prince',
    'America/Argentina/Buenos_Aires',
    'Antarctica/McMurdo',
    'Australia/NSW',
    'Etc/GMT+5',
    'US/Eastern',
    'EST5EDT',
    'NZ-CHAT',
    'UTC',
  ])('is spelled %s in whatever case it is written', (name) => {
    expect([name, name.toLowerCase(), name.toUpperCase()].map(canonicalTimezone)).toEqual([name, name, name]);
  });

  it('that no one knows stays as it is written', () => {
    expect(canonicalTimezone('mars/olympus')).toBe('mars/olympus');
  });
});
