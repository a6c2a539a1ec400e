import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import {
  deadLetterCommands,
  deadLetterServices,
  type DeadLetterService,
  type DeadLetterView,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { IsIn } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { operatorOnly } from '../../access/accounts/accounts.controller';
import { Optional } from '../../http/validation/dto.decorators';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { Operation } from '../../http/openapi/operation.decorator';
import { cursorOf, letterId, letterText, placesOf, type Places } from './dead-letter-id';

const scopes = ['admin'] as const;
const tag = 'Dead letters';
const operators = { 403: ['auth.operator_only'] };

class DeadLettersQuery extends PagingQuery {
  @Optional() @IsIn(deadLetterServices) service?: DeadLetterService;
}
type Letter = DeadLetterView & { service: DeadLetterService };

/** What services gave up on, of all accounts: the operator's alone. */
@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(private readonly commands: CommandClient) {}

  @Get()
  @Operation({
    tag,
    summary: 'List what services gave up on, newest first',
    description:
      'Messages that no handler could settle, with the error of the last attempt. All services are asked; while one ' +
      'is away, name another with `service`. Of all accounts: needs an admin key of the operator’s.',
    scopes,
    query: DeadLettersQuery,
    answers: { 200: { description: 'A page of dead letters.', schema: 'DeadLetter', page: true } },
    problems: operators,
  })
  async list(
    @Req() { caller, messageContext: context }: FastifyRequest,
    @Query(new QueryPipe(DeadLettersQuery)) { service, limit = 50, cursor }: DeadLettersQuery,
  ) {
    operatorOnly(caller);
    const places: Places = cursor === undefined ? {} : placesOf(cursor);
    const ofServices = await Promise.all(
      (service ? [service] : deadLetterServices).map(async (each): Promise<Letter[]> => {
        const { list } = deadLetterCommands[each];
        const before = places[each] === undefined ? {} : { before: places[each] };
        const { data } = await this.commands.send(list, { limit: limit + 1, ...before }, { context });
        return data.map((letter) => ({ ...letter, service: each }));
      }),
    );
    const page = newestOf(ofServices, limit);
    for (const letter of page) places[letter.service] = letter.id;
    const isLast = page.length === ofServices.flat().length;
    return { data: page.map(view), nextCursor: isLast ? null : cursorOf(places) };
  }

  @Get(':id')
  @Operation({
    tag,
    summary: 'Read a dead letter with its message',
    scopes,
    answers: { 200: { description: 'The dead letter.', schema: 'DeadLetterWithBody' } },
    problems: { 404: ['dead_letter.not_found'], ...operators },
  })
  async get(@Req() { caller, messageContext: context }: FastifyRequest, @Param('id') text: string) {
    operatorOnly(caller);
    const { service, id } = letterId(text);
    const letter = await this.commands.send(deadLetterCommands[service].get, { id }, { context });
    return view({ ...letter, service });
  }

  @Post(':id/replay')
  @HttpCode(204)
  @Operation({
    tag,
    summary: 'Have a message tried again',
    description:
      'Once the cause is mended: it goes back on its queue as if it were new, and is a dead letter no more. Should it ' +
      'fail again, it is another one.',
    scopes,
    answers: { 204: { description: 'It is on its queue.' } },
    problems: { 404: ['dead_letter.not_found'], 409: ['dead_letter.unreadable'], ...operators },
  })
  async replay(@Req() { caller, messageContext: context }: FastifyRequest, @Param('id') text: string) {
    operatorOnly(caller);
    const { service, id } = letterId(text);
    await this.commands.send(deadLetterCommands[service].replay, { id }, { context });
  }
}

/** Of several lists the newest, each list's in its own order. */
function newestOf(lists: readonly Letter[][], limit: number): Letter[] {
  const rest = lists.map((list) => [...list]);
  const newest: Letter[] = [];
  while (newest.length < limit) {
    const [next] = rest
      .filter(({ length }) => length > 0)
      .sort(([a], [b]) => b.deadAt.localeCompare(a.deadAt));
    if (!next) break;
    newest.push(next.shift()!);
  }
  return newest;
}

const view = <T extends Letter>(letter: T): T => ({ ...letter, id: letterText(letter) });
