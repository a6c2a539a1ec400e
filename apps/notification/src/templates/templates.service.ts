import { Injectable } from '@nestjs/common';
import {
  invalid,
  newId,
  notFound,
  type Channel,
  type DomainError,
  type ListTemplates,
  type ReplyOf,
  type RequestOf,
  type Template,
  type TemplateInput,
  type TemplatePatch,
  type TemplateVariants,
} from '@tearoff/contracts';
import { decodeIdCursor, toPage } from '@tearoff/service-kit';
import { DataSource, EntityManager, In, LessThan } from 'typeorm';
import { Renderer } from '../rendering/renderer';
import { TemplateEntity, templateView } from './template.entity';
import { textsOf, wordingFaults } from './wording';

@Injectable()
export class TemplatesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly renderer: Renderer,
  ) {}

  async create(accountId: string, { channel, ...input }: TemplateInput): Promise<Template> {
    if (channel === 'push')
      throw invalid('template.push_unsupported', 'Push messages are not there yet: sms and email are.', {
        errors: [{ path: '/channel', message: 'push is not there yet' }],
      });
    const repository = this.dataSource.getRepository(TemplateEntity);
    const { name, engine = 'velocity', subject = null, body = null, html = null, variants = {} } = input;
    const id = newId('template');
    const draft = { id, accountId, name, channel, engine, subject, body, html, variants };
    await this.refuseFaulty(draft);
    await repository.insert(draft);
    return templateView(await repository.findOneByOrFail({ id }));
  }

  async update(accountId: string, id: string, patch: TemplatePatch): Promise<Template> {
    return this.dataSource.transaction(async (tx) => {
      const repository = tx.getRepository(TemplateEntity);
      const row = await repository.findOne({ where: { id, accountId }, lock: { mode: 'pessimistic_write' } });
      if (!row) throw templateNotFound();
      const { variants, ...rest } = patch;
      Object.assign(row, rest, { variants: patched(row.variants, variants) });
      await this.refuseFaulty(row);
      row.version += 1;
      row.updatedAt = new Date();
      return templateView(await repository.save(row));
    });
  }

  /** In the order asked. */
  async get(
    requests: readonly { accountId: string; templateId: string }[],
  ): Promise<(Template | DomainError)[]> {
    const found = await this.among(
      this.dataSource.manager,
      requests.map(({ templateId }) => templateId),
    );
    return requests.map(({ accountId, templateId }) => {
      const row = found.get(templateId);
      return row?.accountId === accountId ? templateView(row) : templateNotFound();
    });
  }

  async one(accountId: string, id: string): Promise<TemplateEntity> {
    const row = await this.dataSource.getRepository(TemplateEntity).findOneBy({ id, accountId });
    if (!row) throw templateNotFound();
    return row;
  }

  /** By id, of whatever account. */
  async among(manager: EntityManager, ids: readonly string[]): Promise<Map<string, TemplateEntity>> {
    const rows = await manager.getRepository(TemplateEntity).findBy({ id: In([...new Set(ids)]) });
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Newest first. */
  async list(request: RequestOf<typeof ListTemplates>): Promise<ReplyOf<typeof ListTemplates>> {
    const { accountId, channel, cursor, limit = 50 } = request;
    const before = decodeIdCursor(cursor, 'template');
    const rows = await this.dataSource.getRepository(TemplateEntity).find({
      where: { accountId, ...(channel && { channel }), ...(before && { id: LessThan(before) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return toPage(rows, limit, templateView);
  }

  private async refuseFaulty(
    draft: Pick<TemplateEntity, 'channel' | 'engine' | 'subject' | 'body' | 'html' | 'variants'>,
  ): Promise<void> {
    const faults = [
      ...wordingFaults(draft.channel, draft),
      ...(await this.renderer.check(draft.engine, textsOf(draft))),
    ];
    if (faults.length > 0)
      throw invalid('template.invalid', 'The template is not valid.', { errors: faults.slice(0, 20) });
  }
}

function patched(variants: TemplateVariants, patch: TemplatePatch['variants']): TemplateVariants {
  if (patch === undefined) return variants;
  const merged = { ...variants };
  for (const [code, wording] of Object.entries(patch ?? variants)) {
    if (wording === null || patch === null) delete merged[code];
    else merged[code] = { ...merged[code], ...wording };
  }
  return merged;
}

export const templateNotFound = (): DomainError =>
  notFound('template.not_found', 'There is no such template.');

export const wrongChannel = (template: Channel, asked: Channel): DomainError =>
  invalid('template.wrong_channel', `This template is for ${template}, not for ${asked}.`);
