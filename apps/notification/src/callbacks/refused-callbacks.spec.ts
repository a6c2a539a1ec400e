import { Logger } from '@nestjs/common';
import { RefusedCallbacks } from './refused-callbacks';

it('says of refused callbacks one line a minute, and how many there were', () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
  let now = 0;
  const refused = new RefusedCallbacks(() => now);
  for (let i = 0; i < 1_000; i++) refused.add('status', 'it is not signed');
  now = 60_000;
  refused.add('inbound', 'it is not signed');
  expect(warn.mock.calls.map(([line]) => line as string)).toEqual([
    'callback status was refused: it is not signed',
    'callback inbound was refused: it is not signed (999 more since the last line)',
  ]);
  warn.mockRestore();
});
