import { Global, Module, type DynamicModule } from '@nestjs/common';
import { GameClaims } from '../game/game-claims';
import { GameController } from '../game/game.controller';
import { GameLinks } from '../game/game-links';
import { ClaimPageController } from '../claim/claim-page.controller';
import { COUPON_PAGE_SEEN, PUBLIC_URL } from '../pages.tokens';
import { SigningSecret } from '../../access/signing/signing-secret';
import { WidgetController } from '../widget/widget.controller';
import { Captcha } from './captcha';
import { ClaimBreaker } from './claim-breaker';
import { ClaimDesk } from './claim-desk';
import { ClaimForms } from './claim-form';
import { ClaimGateController } from './claim-gate.controller';
import { ClaimLimits } from './claim-limits';
import { ClaimOpens } from './claim-opens';
import { ClaimQueue } from './claim-queue';
import { ClaimRunner } from './claim-runner';
import { ClaimServing } from './claim-serving';
import { CLAIM_SETTINGS, type ClaimSettings } from './claim-settings';
import { ClaimsController } from './claims.controller';
import { ClaimsSweeper } from './claims.sweeper';
import { Passcodes } from './passcodes';
import { ProofOfWork } from './proof-of-work';

/** Coupons on demand: the API, the hosted page and the widget. */
@Global()
@Module({})
export class ClaimsModule {
  static register(options: { publicUrl: string; settings: ClaimSettings }): DynamicModule {
    return {
      module: ClaimsModule,
      controllers: [
        ClaimsController,
        ClaimGateController,
        ClaimPageController,
        GameController,
        WidgetController,
      ],
      providers: [
        { provide: PUBLIC_URL, useValue: options.publicUrl },
        { provide: CLAIM_SETTINGS, useValue: options.settings },
        { provide: COUPON_PAGE_SEEN, useExisting: ClaimOpens },
        Captcha,
        ClaimBreaker,
        ClaimDesk,
        ClaimForms,
        ClaimLimits,
        ClaimOpens,
        ClaimQueue,
        ClaimRunner,
        ClaimServing,
        ClaimsSweeper,
        GameClaims,
        GameLinks,
        Passcodes,
        ProofOfWork,
        SigningSecret,
      ],
      exports: [COUPON_PAGE_SEEN, GameLinks],
    };
  }
}
