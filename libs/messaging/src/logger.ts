/** The logger that messaging needs; Nest's LoggerService is compatible. */
export interface MessagingLogger {
  log(message: string): void;
  warn(message: string, ...rest: unknown[]): void;
  error(message: string, ...rest: unknown[]): void;
}

export const silentLogger: MessagingLogger = {
  log: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
