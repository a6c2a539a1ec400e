import type { EntityManager } from 'typeorm';

/** Ends a workflow's runs under way where they are. */
export async function cancelRuns(tx: EntityManager, workflowId: string, now: Date): Promise<void> {
  // The turn grows: anyone who is at one of their steps right now has been overtaken.
  await tx.query(
    `with under_way as materialized (
       select id from run where workflow_id = $1 and status = 'active' order by id for update),
     ended as (
       update run set status = 'cancelled', turn = turn + 1, due_at = null, finished_at = $2
       from under_way where run.id = under_way.id)
     delete from run_wait using under_way where run_wait.run_id = under_way.id`,
    [workflowId, now],
  );
}
