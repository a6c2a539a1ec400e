import { TestClock } from './test-clock';

it('stands where a test has set it, and goes on by the real one', () => {
  const clock = new TestClock();
  clock.is('2031-05-04T10:00:00.000Z');
  expect(clock.now()).toEqual(new Date('2031-05-04T10:00:00.000Z'));
  clock.goOn();
  expect(clock.now().getTime()).toBeLessThanOrEqual(Date.now());
});
