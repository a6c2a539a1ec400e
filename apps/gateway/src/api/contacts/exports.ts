import { Injectable } from '@nestjs/common';
import {
  DomainError,
  ExportFromAutomation,
  ExportFromIssuance,
  ExportFromLoyalty,
  ExportFromNotification,
  personIdentifiers,
  type MessageContext,
  type PersonRef,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import { away, KnownNames } from './known-names';

type Held = Record<string, Record<string, unknown>[]>;

const sources = [ExportFromIssuance, ExportFromNotification, ExportFromAutomation, ExportFromLoyalty];

@Injectable()
export class Exports {
  constructor(
    private readonly dataSource: DataSource,
    private readonly commands: CommandClient,
    private readonly names: KnownNames,
  ) {}

  /** What every service holds of them, under each of their names. Fails with `service.unavailable`. */
  async of(
    accountId: string,
    person: PersonRef,
    context: MessageContext,
  ): Promise<{ person: PersonRef; held: Held }> {
    const persons = await this.names.of(accountId, person, context);
    const parts = await Promise.all([
      this.claims(accountId, persons.flatMap(personIdentifiers)),
      ...sources.flatMap((source) =>
        persons.map((each) =>
          this.commands
            .send(source, { accountId, person: each }, { context })
            .then(({ held }) => held)
            .catch((error: unknown) => nothingOr(away(source.service, error))),
        ),
      ),
    ]);
    return { person: Object.assign({}, ...persons.toReversed()) as PersonRef, held: together(parts) };
  }

  private async claims(accountId: string, names: string[]): Promise<Held> {
    const claims = await this.dataSource.query<Record<string, unknown>[]>(
      `select id, campaign_id as "campaignId", kind, channel, address, recipient, source, consent, status
       from claim where account_id = $1 and address = any($2::text[]) order by id desc`,
      [accountId, names],
    );
    return { claims };
  }
}

/** A service that does not know the question keeps nothing of anyone. */
function nothingOr(error: unknown): Held {
  if (error instanceof DomainError && error.code === 'command.unknown') return {};
  throw error;
}

/** Rows that several names lead to are told once. */
function together(parts: readonly Held[]): Held {
  const held: Record<string, Map<string, Record<string, unknown>>> = {};
  for (const part of parts)
    for (const [section, rows] of Object.entries(part)) {
      held[section] ??= new Map();
      for (const row of rows) held[section].set(JSON.stringify(row), row);
    }
  return Object.fromEntries(Object.entries(held).map(([section, rows]) => [section, [...rows.values()]]));
}
