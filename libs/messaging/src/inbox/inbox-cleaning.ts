import type { DataSource } from 'typeorm';
import type { MessagingLogger } from '../logger';

const everyMs = 600_000;

/**
 * Deletes inbox rows older than a week: no transport redelivers a message that late. Returns a function that stops
 * it.
 */
export function startInboxCleaning(dataSource: DataSource, logger: MessagingLogger): () => void {
  const timer = setInterval(() => {
    cleanInbox(dataSource).catch((error: unknown) =>
      logger.warn(`the inbox could not be cleaned: ${String(error)}`),
    );
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

export async function cleanInbox(dataSource: DataSource): Promise<void> {
  await dataSource.query(`delete from inbox where handled_at < now() - interval '7 days'`);
}
