const quarter = `date_bin('15 minutes', at, 'epoch')`;

/** $1 items with what each adds. The inbox lets an event through once, so that adding up is safe. */
export const addStatement = {
  name: 'card-count-add',
  text: `insert into card_count (account_id, card_id, quarter, members_enrolled, points_awarded, points_spent,
      points_expired, rewards_issued)
    select "accountId", "cardId", ${quarter}, coalesce(sum("membersEnrolled"), 0), coalesce(sum("pointsAwarded"), 0),
      coalesce(sum("pointsSpent"), 0), coalesce(sum("pointsExpired"), 0), coalesce(sum("rewardsIssued"), 0)
    from json_to_recordset($1::json) as row ("accountId" text, "cardId" text, at timestamptz,
      "membersEnrolled" bigint, "pointsAwarded" bigint, "pointsSpent" bigint, "pointsExpired" bigint,
      "rewardsIssued" bigint)
    group by 1, 2, 3
    on conflict (account_id, card_id, quarter) do update set
      members_enrolled = card_count.members_enrolled + excluded.members_enrolled,
      points_awarded = card_count.points_awarded + excluded.points_awarded,
      points_spent = card_count.points_spent + excluded.points_spent,
      points_expired = card_count.points_expired + excluded.points_expired,
      rewards_issued = card_count.rewards_issued + excluded.rewards_issued`,
};

export const tierStatement = {
  name: 'tier-change-add',
  text: `insert into tier_change (account_id, card_id, quarter, member_id)
    select distinct "accountId", "cardId", ${quarter}, "memberId"
    from json_to_recordset($1::json) as row ("accountId" text, "cardId" text, at timestamptz, "memberId" text)
    on conflict do nothing`,
};

const counted = (table: string): string => `select *, (quarter at time zone $3)::date as day
  from ${table} where account_id = $1 and card_id = $2`;
const wanted = `where ($4::date is null or day >= $4::date) and ($5::date is null or day <= $5::date)`;
const first = `to_char(date_trunc($6, day::timestamp), 'YYYY-MM-DD') as day`;

/** $1 account, $2 card, $3 its zone, $4 first day or null, $5 last day or null, $6 interval. */
export const reportStatement = `
  with summed as (
    select ${first}, sum(members_enrolled) as enrolled, sum(points_awarded) as awarded, sum(points_spent) as spent,
      sum(points_expired) as expired, sum(rewards_issued) as rewards
    from (${counted('card_count')}) counts ${wanted} group by 1),
  changed as (
    select ${first}, count(distinct member_id) as members
    from (${counted('tier_change')}) changes ${wanted} group by 1)
  select day, coalesce(enrolled, 0)::float8 as "membersEnrolled", coalesce(awarded, 0)::float8 as "pointsAwarded",
    coalesce(spent, 0)::float8 as "pointsSpent", coalesce(expired, 0)::float8 as "pointsExpired",
    coalesce(rewards, 0)::float8 as "rewardsIssued", coalesce(members, 0)::float8 as "membersChangedTier"
  from summed full join changed using (day) order by day`;
