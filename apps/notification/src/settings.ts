/** What the environment decides for the classes that Nest makes. */
export class Settings {
  constructor(readonly publicUrl: string) {}
}
