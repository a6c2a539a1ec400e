import { ClaimCounterEntity } from './claim-counter.entity';
import { ClaimGateEntity } from './claim-gate.entity';
import { ClaimMessageEntity } from './claim-message.entity';
import { ClaimEntity } from './claim.entity';
import { PasscodeEntity } from './passcode.entity';
import { SigningSecretEntity } from '../../access/signing/signing-secret.entity';
import { SpentProofEntity } from './spent-proof.entity';

/** The tables of this folder. */
export const claimEntities = [
  ClaimEntity,
  ClaimMessageEntity,
  ClaimGateEntity,
  ClaimCounterEntity,
  PasscodeEntity,
  SpentProofEntity,
  SigningSecretEntity,
];
