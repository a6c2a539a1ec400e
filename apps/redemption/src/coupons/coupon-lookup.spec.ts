import { Logger } from '@nestjs/common';
import type { CommandClient } from '@tearoff/messaging';
import { QueryFailedError, type DataSource } from 'typeorm';
import type { CampaignsProjection } from '../campaigns/campaigns.projection';
import { CouponLookup } from './coupon-lookup';
import type { CouponsProjection } from './coupons.projection';

describe('a code that could not be looked up', () => {
  afterEach(() => jest.restoreAllMocks());

  const lookup = () =>
    new CouponLookup(
      {} as DataSource,
      {} as CommandClient,
      {} as CampaignsProjection,
      {} as CouponsProjection,
    );

  it('is logged with the code and the message of the error, without the statement and its parameters', () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    const failure = Object.assign(new Error('relation "coupon" does not exist'), { code: '42P01' });
    lookup().errorOf(new QueryFailedError('select secret', ['SUMMER2X'], failure));
    expect(logged.mock.calls).toEqual([
      ['a code could not be looked up: 42P01 relation "coupon" does not exist'],
    ]);
  });
});
