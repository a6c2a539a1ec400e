import { Injectable } from '@nestjs/common';
import { GetRewardIssue, type RewardIssue } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pollUntil } from '../../http/poll-until';
import { waitOf } from '../../http/prefer';

const secondsUnlessPreferred = 5;
const pauses = { firstPauseMs: 25, longestPauseMs: 50 };

const isSettled = ({ status }: RewardIssue): boolean => status !== 'granted';

/** Asks loyalty what became of a reward's order until it is settled or the time is up. */
@Injectable()
export class RewardWait {
  constructor(private readonly commands: CommandClient) {}

  /** The reward as it is at the end; as it was given while loyalty cannot be asked. */
  async outcomeOf(issue: RewardIssue, request: FastifyRequest, reply: FastifyReply): Promise<RewardIssue> {
    if (isSettled(issue)) return issue;
    const { messageContext: context } = request;
    const { accountId, id: rewardIssueId } = issue;
    const preferred = waitOf(request.headers.prefer);
    if (preferred !== null) reply.header('preference-applied', `wait=${preferred}`);
    const seconds = preferred ?? secondsUnlessPreferred;
    const found = await pollUntil(
      isSettled,
      () => this.commands.send(GetRewardIssue, { accountId, rewardIssueId }, { context }),
      { ...pauses, seconds, reply },
    );
    return found ?? issue;
  }
}
