import { systemEvents } from '@tearoff/contracts';
import { Webhook } from 'standardwebhooks';
import { retryAfterMs } from '@tearoff/service-kit';
import { checkPatterns, tells } from './event-patterns';
import { scheduleOf, threeDays, waitAfter } from './retry-schedule';
import { newSecret, signedHeaders } from './signature';

it('signs as the standard says', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const at = new Date(1_614_265_330_000);
  const headers = signedHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', '{"test": 2432232314}', [secret], at);
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

it('signs by several secrets at once, each of them enough', () => {
  const secrets = [newSecret(), newSecret()];
  const headers = signedHeaders('wha_1', '{"a":"é"}', secrets);
  for (const secret of secrets) expect(new Webhook(secret).verify('{"a":"é"}', headers)).toEqual({ a: 'é' });
  expect(() => new Webhook(newSecret()).verify('{"a":"é"}', headers)).toThrow();
  expect(() => new Webhook(secrets[0]).verify('{"a": "é"}', headers)).toThrow();
});

it('makes secrets of 32 random bytes', () => {
  expect(newSecret()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(newSecret()).not.toBe(newSecret());
});

it.each([
  ['*', 'order placed', true],
  ['*', 'coupon.redeemed', true],
  ['coupon.*', 'coupon.redeemed', true],
  ['coupon.*', 'coupons', false],
  ['coupon.*', 'coupon', false],
  ['coupon.redeemed', 'coupon.redeemed', true],
  ['coupon.redeemed', 'coupon.redemption_reversed', false],
  ['shop.*', 'shop.order', true],
  ['sho*', 'shop.order', false],
])('%s: %s is told: %s', (pattern, event, told) => expect(tells([pattern], event)).toBe(told));

it('takes the names of the system, of custom types and beginnings of both', () => {
  checkPatterns([...systemEvents, 'coupon.*', 'order placed', 'shop.*', '*']);
});

it.each(['coupon.redeemd', 'coupon.red.*', 'points.'])(
  'refuses %s, which nothing will ever be called',
  (name) => {
    expect(() => checkPatterns(['*', name])).toThrow(
      expect.objectContaining({
        code: 'webhook.unknown_event',
        details: { errors: [expect.objectContaining({ path: '/events/1' })] },
      }),
    );
  },
);

it('tries for about three days, never two at the same distance, and then no more', () => {
  const schedule = scheduleOf(threeDays);
  const waits = schedule.map((_, index) => waitAfter(schedule, index + 1, 0, 0.5)!);
  const days = waits.reduce((sum, wait) => sum + wait, 0) / 86_400_000;
  expect(days).toBeGreaterThan(2.8);
  expect(days).toBeLessThan(3.1);
  expect(waits[0]).toBe(5_000);
  expect([waitAfter(schedule, 1, 0, 0), waitAfter(schedule, 1, 0, 1)]).toEqual([4_000, 6_000]);
  expect(waitAfter(schedule, schedule.length + 1)).toBeNull();
});

it('waits as long as it was asked to, never less than planned and never longer than the longest wait', () => {
  const schedule = scheduleOf('5 60 10');
  const waits = (asked: number) => [0, 1].map((random) => waitAfter(schedule, 1, asked, random));
  expect(waits(3_000)).toEqual([4_000, 6_000]);
  expect(waits(30_000)).toEqual([30_000, 36_000]);
  expect(waits(3_600_000)).toEqual([60_000, 72_000]);
  expect(waitAfter(schedule, 4, 30_000)).toBeNull();
});

it.each([
  ['120', 120_000],
  ['0', 0],
  ['Wed, 04 May 2026 10:00:30 GMT', 30_000],
  ['Monday, 04-May-26 10:00:30 GMT', 30_000],
  ['Mon, 04 May 2026 09:00:00 GMT', 0],
  ['9'.repeat(400), Infinity],
  ['-5', 0],
  ['1.5', 0],
  ['2026-05-04T10:00:30Z', 0],
  ['soon GMT', 0],
  [undefined, 0],
])('Retry-After: %s is %d ms', (header, ms) => {
  expect(retryAfterMs(header, new Date('2026-05-04T10:00:00Z'))).toBe(ms);
});
