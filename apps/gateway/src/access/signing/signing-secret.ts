import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/**
 * Signs what a browser brings back. The secret is made by the first process that needs it and kept in the
 * database: every gateway has the same one, and no one has to be told it.
 */
@Injectable()
export class SigningSecret {
  private secret: Promise<Buffer> | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /** HMAC-SHA-256. `purpose` keeps one use's signatures from being good for another. */
  async sign(purpose: string, text: string): Promise<Buffer> {
    this.secret ??= this.load().catch((error) => {
      this.secret = undefined;
      throw error;
    });
    return createHmac('sha256', await this.secret)
      .update(`${purpose}\n${text}`)
      .digest();
  }

  private async load(): Promise<Buffer> {
    await this.dataSource.query(
      `insert into signing_secret (name, value) values ('claims', $1) on conflict (name) do nothing`,
      [randomBytes(32)],
    );
    const [{ value }] = await this.dataSource.query<{ value: Buffer }[]>(
      `select value from signing_secret where name = 'claims'`,
    );
    return value;
  }
}
