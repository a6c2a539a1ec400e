import { Injectable } from '@nestjs/common';
import { personIdentifiers } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { DataSource, type EntityManager } from 'typeorm';
import type { Person, PersonDataOwner } from '../people/person-data';
import { onceForGood } from '../times/period';

/** Runs of the account that are about them: by their contact, or because what started them names them. */
const runsOfPerson = `
  select id from run
  where account_id = $1
    and (happening ->> 'contactId' = any($2::text[])
         or exists (select from unnest($3::text[]) as name
                    where position(to_json(name)::text in concat_ws(' ', contact, happening, outputs)) > 0))
  order by id`;

/** Of a person: the runs that are about them. Erased, they end where they are and know them no more. */
@Injectable()
export class RunPersonData implements PersonDataOwner {
  constructor(private readonly dataSource: DataSource) {}

  async held(person: Person): Promise<Record<string, Record<string, unknown>[]>> {
    const { manager } = this.dataSource;
    const runs = (await manager.query(
      `select id, workflow_id as "workflowId", status, happening, contact, started_at as "startedAt",
              finished_at as "finishedAt"
       from run where id = any($1::text[]) order by id desc limit 10000`,
      [await idsOf(manager, person)],
    )) as Record<string, unknown>[];
    return { runs };
  }

  async erase(tx: Transaction, person: Person): Promise<void> {
    const ids = await idsOf(tx, person, 'for update');
    await tx.query(
      // The turn grows: anyone who is at one of its steps right now has been overtaken.
      `update run set status = case status when 'active' then 'stopped' else status end, turn = turn + 1,
                      start_key = 'erased ' || id, contact = null, context = null, outputs = '{}', step = null, error = null,
                      happening = jsonb_build_object('id', happening -> 'id', 'event', happening -> 'event', 'key', '',
                                                     'params', '{}'::jsonb, 'contactId', null, 'at', happening -> 'at'),
                      due_at = null, finished_at = coalesce(finished_at, now())
       where id = any($1::text[])`,
      [ids],
    );
    await tx.query(
      `update run_step set input = null, output = null, error = null where run_id = any($1::text[])`,
      [ids],
    );
    await tx.query(`delete from run_wait where run_id = any($1::text[])`, [ids]);
    await tx.query(
      `delete from run_key
       where workflow_id in (select id from workflow where account_id = $1) and start_key = any($2::text[])`,
      [person.accountId, personIdentifiers(person.ref).map((name) => `${onceForGood}${name}`)],
    );
    await tx.query(
      `delete from sighting where account_id = $1 and exists (
         select from unnest($2::text[]) as name
         where match_key = name or position(to_json(name)::text in happening::text) > 0)`,
      [person.accountId, personIdentifiers(person.ref)],
    );
  }
}

async function idsOf(manager: EntityManager, person: Person, lock = ''): Promise<string[]> {
  const rows = (await manager.query(`${runsOfPerson} ${lock}`, [
    person.accountId,
    person.contactIds,
    personIdentifiers(person.ref),
  ])) as { id: string }[];
  return rows.map(({ id }) => id);
}
