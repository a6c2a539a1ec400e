import { CampaignProjection } from './campaigns/campaign.entity';
import { DeliveryEntity, MessageEntity } from './deliveries/delivery.entity';
import { PaceEntity } from './pacing/pace.entity';
import { SandboxMessageEntity } from './sandbox/sandbox-message.entity';
import { SuppressionEntity } from './suppressions/suppression.entity';

export const entities = [
  CampaignProjection,
  DeliveryEntity,
  MessageEntity,
  PaceEntity,
  SandboxMessageEntity,
  SuppressionEntity,
];
