import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { GetWalletOptions } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { PUBLIC_URL } from '../pages.tokens';
import { WalletLinks, type WalletsOffered } from '../wallet-links';

const knownForMs = 60_000;
const awayForMs = 2_000;

/**
 * For the buttons on pages. Known beforehand, because no page waits for them: until loyalty has answered there are
 * none. Passes that a phone refuses are offered to no one but a developer on their own machine.
 */
@Injectable()
export class OfferedWallets extends WalletLinks implements OnApplicationBootstrap {
  private offered: WalletsOffered = { apple: false, google: false };
  private askAgainAt = 0;
  private readonly local: boolean;

  constructor(
    private readonly commands: CommandClient,
    @Inject(PUBLIC_URL) publicUrl: string,
  ) {
    super();
    this.local = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(publicUrl).hostname);
  }

  onApplicationBootstrap(): void {
    this.forCoupon();
  }

  forCard(): Promise<WalletsOffered> {
    return Promise.resolve(this.forCoupon());
  }

  forCoupon(): WalletsOffered {
    if (Date.now() >= this.askAgainAt) {
      this.askAgainAt = Date.now() + knownForMs;
      void this.ask().catch(() => (this.askAgainAt = Date.now() + awayForMs));
    }
    return this.offered;
  }

  private async ask(): Promise<void> {
    const { apple, google } = await this.commands.send(GetWalletOptions, {});
    this.offered = { apple: !apple.development || this.local, google };
  }
}
