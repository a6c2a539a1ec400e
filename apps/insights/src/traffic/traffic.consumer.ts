import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { TrafficCounted, type TrafficItem } from '@tearoff/contracts';
import type { EventContext } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import { oneWriter } from '../rebuild/generations';
import { sourceKey } from '../sources/source-key';

/** A counter's totals only grow, so the highest of each is its last word, whenever it comes. */
@Controller()
export class TrafficConsumer {
  @EventPattern<string>(TrafficCounted.type)
  async onCounted(@Payload() items: TrafficItem[], @Ctx() { tx }: EventContext): Promise<void> {
    await oneWriter(tx);
    const rows = items.map((item) => ({ ...item, source: sourceKey(item.source) }));
    await prepared(tx, mergeStatement, [JSON.stringify(rows)]);
  }
}

const mergeStatement = {
  name: 'traffic-merge',
  text: `insert into traffic (account_id, campaign_id, source, quarter, counter, views, clicks, bot_views, bot_clicks)
    select "accountId", "campaignId", source, "intervalStart", counter, max(views), max(clicks), max("botViews"),
      max("botClicks")
    from json_to_recordset($1::json) as row ("accountId" text, "campaignId" text, source text, "intervalStart" timestamptz,
      counter text, views bigint, clicks bigint, "botViews" bigint, "botClicks" bigint)
    group by 1, 2, 3, 4, 5
    on conflict (account_id, campaign_id, source, quarter, counter) do update set
      views = greatest(traffic.views, excluded.views),
      clicks = greatest(traffic.clicks, excluded.clicks),
      bot_views = greatest(traffic.bot_views, excluded.bot_views),
      bot_clicks = greatest(traffic.bot_clicks, excluded.bot_clicks)`,
};
