import { tally } from './tally';

it('counts outcomes by their name, and refusals by their reason', () => {
  const outcomes = [
    { outcome: 'issued' },
    { outcome: 'refused', reason: 'campaign.exhausted' },
    { outcome: 'refused', reason: 'campaign.exhausted' },
  ];
  expect(tally(outcomes)).toEqual({ issued: 1, 'campaign.exhausted': 2 });
});
