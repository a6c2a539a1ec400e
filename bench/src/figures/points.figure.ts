import { newId } from '@tearoff/contracts';
import { openLoyaltyDatabase } from '../../../apps/loyalty/src/database';
import { createCard } from '../data/card';
import { enrolNewest, loadMembers } from '../data/members';
import { authHeaders } from '../deployment/api';
import type { Figure } from '../figure';
import { compare } from '../rounds';

/** More than either side can use up. */
const awardsPerSecond = 5_000;
const entriesPerSecond = 12_000;

/** Of all that an award is, the entry alone: no lock on a balance, no lot, no event. */
const entryStatement = {
  name: 'bare-entry',
  text: `insert into entry (card_id, member_id, seq, id, account_id, kind, amount, balance, reference, of_caller, by, at)
    values ($1, $2, 1, $3, $4, 'award', 5, 5, $5, true, 'bench', now()) returning true as entered`,
};

/** Points for members who have none yet, by phone number as a till knows them, over HTTP against one process. */
export const points: Figure = {
  name: 'points',
  needsBroker: false,
  async run(bench) {
    const { seconds, rounds, warmUp } = bench.options;
    const deployment = await bench.standalone();
    const { url } = await bench.database('limit');
    await (await openLoyaltyDatabase(url, 2)).destroy();
    const card = await createCard(bench, deployment);
    const count = Math.ceil((seconds * rounds + warmUp) * awardsPerSecond);
    const phones = await bench.onServer(async (client) => {
      await loadMembers(client, card.accountId, count);
      return enrolNewest(client, card.id, count);
    }, deployment.databaseUrl);

    const ours = (span: number) =>
      bench.hit(deployment, {
        port: deployment.port,
        connections: 64,
        seconds: span,
        path: '/v1/loyalty/points',
        headers: authHeaders,
        bodies: phones
          .splice(0, Math.floor(span * awardsPerSecond))
          .map((phone) =>
            JSON.stringify({ cardId: card.id, phone, amount: 5, reference: `till-3/${phone}` }),
          ),
        repeat: false,
        expected: 201,
      });
    const limit = (span: number) =>
      bench.loop(deployment, {
        url,
        service: 'loyalty',
        seconds: span,
        statement: entryStatement,
        values: Array.from({ length: Math.ceil(span * entriesPerSecond) }, () => {
          const memberId = newId('member');
          return [card.id, memberId, newId('entry'), card.accountId, `till-3/${memberId}`];
        }),
        succeeds: 'entered',
      });
    await limit(warmUp / 2);
    await ours(warmUp);
    const compared = await compare(bench, { limit, ours });
    return [
      {
        name: 'points awarded over HTTP, one process, 64 connections',
        limitIs: 'bare pg loop, insert of one ledger entry, 32 connections',
        reach: { atLeast: 0.3 },
        ...compared,
      },
    ];
  },
};
