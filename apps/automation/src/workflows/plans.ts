import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource, type EntityManager } from 'typeorm';
import type { Plan } from '../runs/walk';
import { flowOf, type Definition } from './definition';

interface Version {
  workflowId: string;
  version: number;
}
const keyOf = ({ workflowId, version }: Version): string => `${workflowId} ${version}`;

/** Versions of workflows, which never change once they are saved. */
@Injectable()
export class Plans {
  private readonly known = new LRUCache<string, Plan>({ max: 2_000 });

  constructor(private readonly dataSource: DataSource) {}

  /** `on`: the caller's transaction where there is one: who holds a connection must not wait for another. */
  async of(
    versions: readonly Version[],
    on: Pick<EntityManager, 'query'> = this.dataSource.manager,
  ): Promise<(version: Version) => Plan> {
    const plans = new Map<string, Plan>();
    const missing = new Map<string, Version>();
    for (const version of versions) {
      const plan = this.known.get(keyOf(version));
      if (plan) plans.set(keyOf(version), plan);
      else missing.set(keyOf(version), version);
    }
    if (missing.size > 0) {
      const rows = (await on.query(
        `select workflow_id as "workflowId", version, definition from workflow_version
         where (workflow_id, version) in (select * from unnest($1::text[], $2::int[]))`,
        [
          [...missing.values()].map(({ workflowId }) => workflowId),
          [...missing.values()].map(({ version }) => version),
        ],
      )) as (Version & { definition: Definition })[];
      for (const row of rows) {
        const plan = { definition: row.definition, flow: flowOf(row.definition) };
        plans.set(keyOf(row), plan);
        this.known.set(keyOf(row), plan);
      }
    }
    return (version) => plans.get(keyOf(version))!;
  }
}
