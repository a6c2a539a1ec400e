import { ListCampaigns, type CampaignView, type MessageContext } from '@tearoff/contracts';
import type { CommandClient } from '@tearoff/messaging';

/** All campaigns of an account, newest first: the vendors' lists know no pages. */
export async function allCampaigns(
  commands: CommandClient,
  accountId: string,
  status: CampaignView['status'] | undefined,
  context: MessageContext,
): Promise<CampaignView[]> {
  const campaigns: CampaignView[] = [];
  for (let cursor: string | undefined; ;) {
    const request = { accountId, ...(status && { status }), limit: 500, ...(cursor && { cursor }) };
    const page = await commands.send(ListCampaigns, request, { context });
    campaigns.push(...page.data);
    if (page.nextCursor === null) return campaigns;
    cursor = page.nextCursor;
  }
}
