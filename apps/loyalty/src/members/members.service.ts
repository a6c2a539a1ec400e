import { Injectable } from '@nestjs/common';
import {
  newId,
  type DomainError,
  type GetMember,
  type Member,
  type MemberInput,
  type MemberPatch,
  type RequestOf,
} from '@tearoff/contracts';
import { Clock, isUniqueViolation } from '@tearoff/service-kit';
import { DataSource, In, type EntityManager } from 'typeorm';
import { MemberEntity, memberOf } from './member.entity';
import { isNamed, memberPhoneKey, namesOf, phoneKey } from './member-names';
import { memberExists, memberInvalid, memberNotFound, nameMissing } from './members.errors';
import { hashPassword } from './password';
import { searchText } from './search-text';

const attempts = 3;

@Injectable()
export class MembersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  async create(accountId: string, input: MemberInput): Promise<Member> {
    const now = this.clock.now();
    const names = namesOf(input, input.country);
    if (!isNamed(names)) throw nameMissing();
    validateBirthday(input.birthday, now);
    const row: MemberEntity = {
      accountId,
      id: newId('member'),
      ...names,
      firstName: textOf(input.firstName),
      lastName: textOf(input.lastName),
      birthday: input.birthday ?? null,
      gender: input.gender ?? 'unknown',
      city: textOf(input.city),
      languageCode: languageTag(input.languageCode),
      passwordHash: null,
      search: '',
      createdAt: now,
      updatedAt: now,
    };
    row.search = searchText(row);
    // Asked before the costly part, which a name that is taken is not worth.
    await this.refuseTaken(row);
    if (input.password !== undefined) row.passwordHash = await hashPassword(input.password);
    await this.withTheNames(row, async () => void (await this.dataSource.manager.insert(MemberEntity, row)));
    return memberOf(row);
  }

  async update(accountId: string, memberId: string, patch: MemberPatch): Promise<Member> {
    const { password, country, phone, email, externalId, ...rest } = patch;
    const told = { phone, email, externalId };
    const names = namesOf(told, country);
    validateBirthday(rest.birthday ?? undefined, this.clock.now());
    const language = rest.languageCode === undefined ? undefined : languageTag(rest.languageCode);
    const passwordHash = password === undefined ? undefined : await hashPassword(password);
    const change = (row: MemberEntity): MemberEntity => {
      const next = { ...row, updatedAt: this.clock.now(), ...(passwordHash && { passwordHash }) };
      for (const name of ['phone', 'email', 'externalId'] as const)
        if (told[name] !== undefined) next[name] = names[name];
      for (const name of ['firstName', 'lastName', 'city'] as const)
        if (rest[name] !== undefined) next[name] = textOf(rest[name]);
      if (language !== undefined) next.languageCode = language;
      if (rest.birthday !== undefined) next.birthday = rest.birthday;
      if (rest.gender !== undefined) next.gender = rest.gender;
      if (!isNamed(next)) throw nameMissing();
      return { ...next, search: searchText(next) };
    };
    let next: MemberEntity | undefined;
    await this.withTheNames({ accountId, id: memberId, ...names }, () =>
      this.dataSource.transaction(async (tx) => {
        const row = await tx.findOne(MemberEntity, {
          where: { accountId, id: memberId },
          lock: { mode: 'pessimistic_write' },
        });
        if (!row) throw memberNotFound();
        next = change(row);
        await tx.update(MemberEntity, { accountId, id: memberId }, next);
      }),
    );
    return memberOf(next!);
  }

  async get(requests: readonly RequestOf<typeof GetMember>[]): Promise<(Member | DomainError)[]> {
    const members = await this.byId(this.dataSource.manager, requests);
    return requests.map(({ accountId, memberId }) => {
      const member = members.get(memberId);
      return member?.accountId === accountId ? member : memberNotFound();
    });
  }

  /** Whatever of these exist. */
  async byId(
    manager: EntityManager,
    keys: readonly { accountId: string; memberId: string }[],
  ): Promise<Map<string, Member>> {
    const rows = await manager.findBy(MemberEntity, {
      accountId: In([...new Set(keys.map(({ accountId }) => accountId))]),
      id: In([...new Set(keys.map(({ memberId }) => memberId))]),
    });
    return new Map(rows.map((row) => [row.id, memberOf(row)]));
  }

  /** The unique indexes have the last word on who has a name; who it is can be gone again when asked. */
  private async withTheNames(
    row: Pick<MemberEntity, NameColumn | 'accountId' | 'id'>,
    work: () => Promise<void>,
  ): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        await this.refuseTaken(row);
        if (attempt === attempts) throw error;
      }
    }
  }

  private async refuseTaken(row: Pick<MemberEntity, NameColumn | 'accountId' | 'id'>): Promise<void> {
    const { accountId } = row;
    for (const name of ['phone', 'email', 'externalId'] as const) {
      const value = row[name];
      if (value === null) continue;
      const owner = await this.dataSource.manager
        .createQueryBuilder(MemberEntity, 'm')
        .where('m.accountId = :accountId', { accountId })
        .andWhere(name === 'phone' ? `${memberPhoneKey} = :value` : `m.${name} = :value`, {
          value: name === 'phone' ? phoneKey(value) : value,
        })
        .getOne();
      if (owner && owner.id !== row.id) throw memberExists(owner.id, `/${name}`);
    }
  }
}

type NameColumn = 'phone' | 'email' | 'externalId';

const textOf = (text: string | null | undefined): string | null => text?.trim() || null;

/** A BCP 47 tag in its canonical form: `en-gb` is `en-GB`. */
function languageTag(text: string | null | undefined): string | null {
  const tag = textOf(text);
  if (tag === null) return null;
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    throw memberInvalid([
      { path: '/languageCode', message: 'must be a language tag of BCP 47 such as en or pt-BR' },
    ]);
  }
}

function validateBirthday(birthday: string | undefined, now: Date): void {
  if (birthday !== undefined && (birthday > now.toISOString().slice(0, 10) || birthday < '1800'))
    throw memberInvalid([{ path: '/birthday', message: 'must be a day since 1800 that is not ahead' }]);
}
