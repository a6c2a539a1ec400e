import { mayWriteFrom } from './may-write';
import { quietUntil } from './quiet-hours';
import { zoneOfPhone } from '@tearoff/service-kit';

const night = { from: '21:00', to: '08:00' };
const end = (hours: { from: string; to: string }, zone: string, at: string) =>
  quietUntil(hours, zone, new Date(at))?.toISOString() ?? null;

describe('quiet hours', () => {
  it.each([
    ['before they begin', '2031-06-10T18:59:59Z', null],
    ['from their first moment', '2031-06-10T19:00:00Z', '2031-06-11T06:00:00.000Z'],
    ['past midnight', '2031-06-11T02:30:00Z', '2031-06-11T06:00:00.000Z'],
    ['until just before their end', '2031-06-11T05:59:59Z', '2031-06-11T06:00:00.000Z'],
    ['at their end, which is exclusive', '2031-06-11T06:00:00Z', null],
  ])('span midnight: %s', (_when, at, expected) => {
    expect(end(night, 'Europe/Berlin', at)).toBe(expected);
  });

  it('may lie within one day', () => {
    const noon = { from: '12:00', to: '14:30' };
    expect(end(noon, 'Asia/Kolkata', '2031-06-10T06:29:00Z')).toBeNull();
    expect(end(noon, 'Asia/Kolkata', '2031-06-10T06:30:00Z')).toBe('2031-06-10T09:00:00.000Z');
    expect(end(noon, 'Asia/Kolkata', '2031-06-10T09:00:00Z')).toBeNull();
  });

  it('are an hour shorter or longer in the nights in which the clocks change', () => {
    // 2031-03-30 and 2031-10-26 in Berlin.
    expect(end(night, 'Europe/Berlin', '2031-03-29T20:00:00Z')).toBe('2031-03-30T06:00:00.000Z');
    expect(end(night, 'Europe/Berlin', '2031-10-25T19:00:00Z')).toBe('2031-10-26T07:00:00.000Z');
  });

  it('never end within themselves, whatever the clocks do', () => {
    const nights = [
      { from: '22:00', to: '02:30' },
      { from: '01:00', to: '02:30' },
      { from: '02:15', to: '02:45' },
      { from: '22:00', to: '00:00' },
    ];
    // Berlin at 2 and 3 o'clock, Santiago and Beirut at midnight, Lord Howe by half an hour.
    const zones = ['Europe/Berlin', 'America/Santiago', 'Asia/Beirut', 'Australia/Lord_Howe'];
    for (const day of ['2031-03-29', '2031-04-05', '2031-09-06', '2031-10-04', '2031-10-25'])
      for (const zone of zones)
        for (const hours of nights)
          for (let minutes = 0; minutes < 2_880; minutes += 30) {
            const at = new Date(Date.parse(`${day}T00:00:00Z`) + minutes * 60_000);
            const until = quietUntil(hours, zone, at);
            if (!until) continue;
            expect(until.getTime()).toBeGreaterThan(at.getTime());
            expect(until.getTime() - at.getTime()).toBeLessThanOrEqual(12 * 3_600_000);
            expect([zone, hours, at, quietUntil(hours, zone, until)]).toEqual([zone, hours, at, null]);
          }
  });
});

describe('the time zone of a phone number', () => {
  const winter = new Date('2031-01-15T12:00:00Z');

  it.each([
    ['+447400123456', 'Europe/London'],
    ['+4915112345678', 'Europe/Berlin'],
    ['+919876543210', 'Asia/Calcutta'],
  ])('%s has the one of its country', (phone, zone) => {
    expect(zoneOfPhone(phone, winter)).toBe(zone);
  });

  it.each([
    ['+12025550123', 'the USA'],
    ['+61412345678', 'Australia'],
    ['+34612345678', 'Spain with the Canaries'],
    ['+80012345678', 'no country'],
  ])('%s of %s has none', (phone) => {
    expect(zoneOfPhone(phone, winter)).toBeNull();
  });
});

describe('when a list may write to someone', () => {
  // 06:30 in London, 07:30 in Berlin, 12:00 in Calcutta.
  const at = new Date('2031-01-15T06:30:00Z');
  const addressee = { timezone: 'Europe/Berlin', quietHours: { from: '21:00', to: '07:00' } };

  it('is by their own time where their number tells it, else by the campaign’s', () => {
    const from = (channel: 'sms' | 'email', address: string) =>
      mayWriteFrom({ ...addressee, channel, address }, at)?.toISOString() ?? null;
    expect(from('sms', '+447911123456')).toBe('2031-01-15T07:00:00.000Z');
    expect(from('sms', '+919876543210')).toBeNull();
    expect(from('sms', '+12025550123')).toBeNull();
    expect(from('email', 'ann@shop.example')).toBeNull();
  });

  it('is at once where the campaign has no quiet hours', () => {
    expect(
      mayWriteFrom({ ...addressee, quietHours: null, channel: 'sms', address: '+447911123456' }, at),
    ).toBeNull();
  });
});
