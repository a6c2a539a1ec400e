import { Raw, type EntityManager } from 'typeorm';
import { CouponEntity } from './coupon.entity';

/**
 * Coupons of an account. Looked up one by one in the index, whatever the planner knows: of a table that has grown
 * since its last `analyze` it reads the whole account otherwise, and 400 of 60,000 coupons take a second, under
 * the campaign's lock.
 */
export function couponsById(
  manager: EntityManager,
  accountId: string,
  ids: Iterable<string>,
): Promise<CouponEntity[]> {
  return manager.findBy(CouponEntity, { accountId, id: inIndex(ids) });
}

export const inIndex = (ids: Iterable<string>) =>
  Raw((column) => `${column} in (select unnest(:ids::text[]))`, { ids: [...new Set(ids)] });
