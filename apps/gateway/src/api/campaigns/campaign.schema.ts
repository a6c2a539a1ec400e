import { Type } from '@sinclair/typebox';
import { CampaignInput, CampaignView, RedemptionRules } from '@tearoff/contracts';
import { strict } from '../../http/validation/hot-route';
import { mergePatchOf, withoutAccount } from '../../http/openapi/shapes';

const Weekday = Type.Union([
  Type.Integer({ minimum: 1, maximum: 7 }),
  Type.String({ examples: ['mon', 'sunday'] }),
]);
const campaignBody = strict(
  Type.Object({
    ...CampaignInput.properties,
    redemption: Type.Optional(
      Type.Object({
        ...RedemptionRules.properties,
        weekdays: Type.Optional(Type.Array(Weekday, { maxItems: 7 })),
      }),
    ),
  }),
);

/** The shapes of campaigns, by their names in the OpenAPI document. */
export const campaignSchemas = {
  CampaignInput: campaignBody,
  CampaignPatch: mergePatchOf(Type.Partial(campaignBody)),
  Campaign: withoutAccount(CampaignView),
};
