import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { WalletSettings } from '../wallet.settings';
import { DevelopmentCertificateEntity } from './development-certificate.entity';
import { makeChain } from './development-chain';

export interface PassCertificates {
  certificate: string;
  key: string;
  passphrase?: string;
  intermediate: string;
  /** Made here: a phone refuses what it signs. */
  development: boolean;
}

/** What passes are signed with: what was configured, or one chain of our own for all processes. */
@Injectable()
export class Certificates {
  private readonly logger = new Logger(Certificates.name);
  private known?: Promise<PassCertificates>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: WalletSettings,
  ) {}

  get(): Promise<PassCertificates> {
    return (this.known ??= this.load().catch((error: unknown) => {
      this.known = undefined;
      throw error;
    }));
  }

  private async load(): Promise<PassCertificates> {
    const { certificate } = this.settings.apple;
    if (certificate) return { ...certificate, development: false };
    this.logger.warn(
      'Apple passes are signed with a development certificate, which a phone refuses: set APPLE_PASS_CERT and its kin',
    );
    return { ...(await this.developmentChain()), development: true };
  }

  /** Under a lock, so that instances that start together make one. */
  private developmentChain(): Promise<DevelopmentCertificateEntity> {
    const { passTypeIdentifier, teamIdentifier } = this.settings.apple;
    return this.dataSource.transaction(async (tx) => {
      await tx.query(
        `select pg_advisory_xact_lock(hashtext('loyalty'), hashtext('development-certificate'))`,
      );
      const known = await tx.findOneBy(DevelopmentCertificateEntity, { id: 1 });
      if (known) return known;
      const made = tx.create(DevelopmentCertificateEntity, {
        id: 1,
        ...makeChain(passTypeIdentifier, teamIdentifier),
      });
      await tx.insert(DevelopmentCertificateEntity, made);
      return made;
    });
  }
}
