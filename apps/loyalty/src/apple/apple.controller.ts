import { Controller, Logger, UsePipes } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  FetchPass,
  GetApplePass,
  ListChangedPasses,
  RecordDeviceLog,
  RegisterDevice,
  UnregisterDevice,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import { PassesService } from '../passes/passes.service';
import { StorablePipe } from '@tearoff/service-kit';
import { WalletSettings } from '../wallet.settings';
import { deviceLogLines } from './apple.metrics';
import { DevicesService } from './devices.service';
import { PkpassWriter } from './pkpass.writer';

const unauthorized = { outcome: 'unauthorized' } as const;

/** On one line, without what a terminal or a reader would take for a command: controls, and marks of direction. */
const printable = (line: string): string =>
  JSON.stringify(line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' '));

@Controller()
@UsePipes(StorablePipe)
export class AppleController {
  private readonly logger = new Logger(AppleController.name);

  constructor(
    private readonly passes: PassesService,
    private readonly devices: DevicesService,
    private readonly writer: PkpassWriter,
    private readonly settings: WalletSettings,
  ) {}

  @MessagePattern(GetApplePass.name)
  async give(@Payload() { subject }: RequestOf<typeof GetApplePass>): Promise<ReplyOf<typeof GetApplePass>> {
    const { pass } = await this.passes.open(subject);
    return this.signed(pass);
  }

  @MessagePattern(FetchPass.name)
  async fetch(
    @Payload() { ifModifiedSince, ...key }: RequestOf<typeof FetchPass>,
  ): Promise<ReplyOf<typeof FetchPass>> {
    const pass = await this.devices.authorized(key);
    if (!pass) return unauthorized;
    if (ifModifiedSince && Date.parse(ifModifiedSince) >= pass.changedAt.getTime())
      return { outcome: 'unchanged', changedAt: pass.changedAt.toISOString() };
    return { outcome: 'pass', ...(await this.signed(pass)) };
  }

  @MessagePattern(RegisterDevice.name)
  async register(
    @Payload() { device, pushToken, ...key }: RequestOf<typeof RegisterDevice>,
  ): Promise<ReplyOf<typeof RegisterDevice>> {
    const pass = await this.devices.authorized(key);
    if (!pass) return unauthorized;
    return { outcome: await this.devices.register(pass, device, pushToken) };
  }

  @MessagePattern(UnregisterDevice.name)
  async unregister(
    @Payload() { device, ...key }: RequestOf<typeof UnregisterDevice>,
  ): Promise<ReplyOf<typeof UnregisterDevice>> {
    const pass = await this.devices.authorized(key);
    if (!pass) return unauthorized;
    await this.devices.unregister(pass, device);
    return { outcome: 'unregistered' };
  }

  @MessagePattern(ListChangedPasses.name)
  async changed(
    @Payload() { device, passTypeIdentifier, since }: RequestOf<typeof ListChangedPasses>,
  ): Promise<ReplyOf<typeof ListChangedPasses>> {
    if (passTypeIdentifier !== this.settings.apple.passTypeIdentifier)
      return { serialNumbers: [], lastUpdated: '0' };
    return this.devices.changed(device, since);
  }

  @MessagePattern(RecordDeviceLog.name)
  log(@Payload() { logs }: RequestOf<typeof RecordDeviceLog>): ReplyOf<typeof RecordDeviceLog> {
    deviceLogLines.inc(logs.length);
    // Anyone may post here, whatever they like: it must not fill a log that is kept, nor imitate another line of it.
    for (const line of logs) this.logger.debug(`a phone says: ${printable(line)}`);
    return {};
  }

  private async signed(pass: Parameters<PassesService['serve']>[0]): Promise<ReplyOf<typeof GetApplePass>> {
    const filled = await this.passes.serve(pass);
    const { pkpass, development } = await this.writer.write(filled);
    const { id: serialNumber, changedAt } = filled.pass;
    return {
      serialNumber,
      pkpass: pkpass.toString('base64'),
      changedAt: changedAt.toISOString(),
      development,
    };
  }
}
