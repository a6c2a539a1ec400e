/** Which wallets something can be added to. */
export interface WalletsOffered {
  apple: boolean;
  google: boolean;
}

/** Asked by the pages for the buttons that they show. */
export abstract class WalletLinks {
  /** By the token of a card's page; rejects while no one can be asked. */
  abstract forCard(token: string): Promise<WalletsOffered>;
  /** Known already: a coupon's page waits for no one's wallet. */
  abstract forCoupon(): WalletsOffered;
}

/** Where no wallet is set up. */
export class NoWallets extends WalletLinks {
  forCard(): Promise<WalletsOffered> {
    return Promise.resolve(this.forCoupon());
  }

  forCoupon(): WalletsOffered {
    return { apple: false, google: false };
  }
}
