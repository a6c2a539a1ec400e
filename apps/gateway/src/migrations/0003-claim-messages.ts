import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Passcodes and links to games are counted beside coupons: each of them is a message that a stranger made us send. */
export class ClaimMessages1760000000003 implements MigrationInterface {
  name = 'ClaimMessages1760000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table claimed_coupon rename to claim_message`);
    await runner.query(`alter table claim_message rename column coupon_id to id`);
    await runner.query(`alter index claimed_coupon_pkey rename to claim_message_pkey`);
    await runner.query(`alter index claimed_coupon_served rename to claim_message_served`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter index claim_message_served rename to claimed_coupon_served`);
    await runner.query(`alter index claim_message_pkey rename to claimed_coupon_pkey`);
    await runner.query(`alter table claim_message rename column id to coupon_id`);
    await runner.query(`alter table claim_message rename to claimed_coupon`);
  }
}
