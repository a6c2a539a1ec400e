import { Injectable } from '@nestjs/common';
import type { Trigger } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { LRUCache } from 'lru-cache';
import { flowOf, type Definition, type Flow } from './definition';

export interface ActiveWorkflow {
  workflowId: string;
  version: number;
  trigger: Trigger;
  timezone: string;
  flow: Flow;
}

/** What an account's workflows listen to, by event. */
export interface WorkflowSubscriptions {
  starts: ReadonlyMap<string, readonly ActiveWorkflow[]>;
  /** Names by which some version waits for it. */
  waits: ReadonlyMap<string, readonly string[][]>;
}

interface Known extends WorkflowSubscriptions {
  version: string;
}

/**
 * Who listens, as each account last saved it. One indexed look a group of events says whether what is known here is
 * still so, whichever instance saved; of accounts without workflows that look is all there is.
 */
@Injectable()
export class SubscriptionCache {
  private readonly known = new LRUCache<string, Known>({ max: 5_000 });

  /** Of those accounts that have workflows. */
  async of(tx: Transaction, accounts: readonly string[]): Promise<Map<string, WorkflowSubscriptions>> {
    const rows = (await tx.query(
      `select account_id as account, version from listening where account_id = any($1)`,
      [accounts],
    )) as { account: string; version: string }[];
    const subscriptions = new Map<string, WorkflowSubscriptions>();
    for (const { account, version } of rows) {
      let known = this.known.get(account);
      if (known?.version !== version) {
        known = { version, ...(await this.load(tx, account)) };
        this.known.set(account, known);
      }
      subscriptions.set(account, known);
    }
    return subscriptions;
  }

  private async load(tx: Transaction, account: string): Promise<WorkflowSubscriptions> {
    const active = (await tx.query(
      `select w.id as "workflowId", w.version, v.definition
       from workflow w join workflow_version v on v.workflow_id = w.id and v.version = w.version
       where w.account_id = $1 and w.status = 'active' order by w.id`,
      [account],
    )) as { workflowId: string; version: number; definition: Definition }[];
    const waits = (await tx.query(
      `select distinct unnest(v.waits) as wait
       from workflow w join workflow_version v on v.workflow_id = w.id where w.account_id = $1`,
      [account],
    )) as { wait: string }[];
    return {
      starts: groupedBy(
        active.map(({ definition, ...row }) => {
          const { trigger, timezone } = definition;
          return [trigger.event, { ...row, trigger, timezone, flow: flowOf(definition) }] as const;
        }),
      ),
      waits: groupedBy(
        waits.map(({ wait }) => {
          const [event, ...names] = JSON.parse(wait) as string[];
          return [event, names] as const;
        }),
      ),
    };
  }
}

function groupedBy<T>(pairs: readonly (readonly [string, T])[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const [name, value] of pairs) groups.set(name, [...(groups.get(name) ?? []), value]);
  return groups;
}
