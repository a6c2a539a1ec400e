import { CampaignProjection } from './campaigns/campaign.entity';
import { ConsentEntity } from './consents/consent.entity';
import { DeliveryEntity, MessageEntity } from './deliveries/delivery.entity';
import { InboundMessageEntity } from './keywords/inbound-message.entity';
import { MessageKeyEntity } from './messages/message-key.entity';
import { PaceEntity } from './pacing/pace.entity';
import { SandboxMessageEntity } from './sandbox/sandbox-message.entity';
import { SuppressionEntity } from './suppressions/suppression.entity';
import { TemplateEntity } from './templates/template.entity';
import { UnsubscribeKeyEntity } from './unsubscribe/unsubscribe-key.entity';

export const entities = [
  CampaignProjection,
  ConsentEntity,
  DeliveryEntity,
  InboundMessageEntity,
  MessageEntity,
  MessageKeyEntity,
  PaceEntity,
  SandboxMessageEntity,
  SuppressionEntity,
  TemplateEntity,
  UnsubscribeKeyEntity,
];
