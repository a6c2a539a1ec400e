/** What messaging needs of a logger; Nest's LoggerService fits. */
export interface MessagingLogger {
  log(message: string): void;
  warn(message: string, ...rest: unknown[]): void;
  error(message: string, ...rest: unknown[]): void;
}
