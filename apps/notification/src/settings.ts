/** What the environment decides for the classes that Nest makes. */
export class Settings {
  constructor(
    readonly publicUrl: string,
    /** The answers to STOP and HELP. */
    readonly stopText: string,
    readonly helpText: string,
  ) {}
}
