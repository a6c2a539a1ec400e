import { CouponRedeemed, newId, unavailable } from '@tearoff/contracts';
import type { OpenTransport } from '@tearoff/testing';
import { World } from './world';

/** Two instances with a campaign and a template to name, shared by the cases of a file. */
export class Scene {
  world: World;
  campaignId: string;
  templateId: string;

  async open(means: OpenTransport): Promise<void> {
    this.world = await World.start({ means, instances: 2 });
    this.campaignId = this.world.owners.campaign(this.world.accountId);
    this.templateId = this.world.owners.template(this.world.accountId);
  }

  /** Everyone there and in order again, by real clocks. */
  reset(): void {
    const { clock, owners } = this.world;
    clock.goOn();
    owners.before = () => undefined;
    owners.after = () => undefined;
    owners.refuseIssue.clear();
    owners.refuseSend.clear();
  }

  redeem(couponId: string): Promise<void> {
    return this.world.tell(CouponRedeemed, [
      {
        redemptionId: newId('redemption'),
        accountId: this.world.accountId,
        couponId,
        campaignId: this.campaignId,
        code: 'W7KQ',
        storeId: 'S1',
        terminalId: null,
        channel: 'store',
        transactionRef: null,
        discount: null,
        basket: null,
        redeemedAt: '2031-01-02T00:00:00.000Z',
      },
    ]);
  }

  /** Has the next message of that command fail, before it is done or after. */
  failOnce(when: 'before' | 'after', command: string): void {
    let failed = false;
    this.world.owners[when] = (name) => {
      if (name !== command || failed) return;
      failed = true;
      throw unavailable('service.deadline_exceeded', 'It did not answer in time.');
    };
  }
}
