export { answerFor, type Answer } from './answer-for';
export { Callers } from './callers';
export { brokerAvailable, describeWithBroker, testBroker } from './test-broker';
export type { TestBroker } from './test-broker';
export { chromiumPath, describeWithBrowser } from './test-browser';
export { TestClock } from './test-clock';
export { createTestDatabase, testServerUrl } from './test-database';
export type { TestDatabase } from './test-database';
export { openTestHost, type TestHost } from './test-host';
export {
  describeOverBothTransports,
  openInProcess,
  overBothTransports,
  type OpenTransport,
  type TestTransport,
} from './test-transport';
export { describeWithPrivateRabbit, startPrivateRabbit } from './private-rabbit';
export type { PrivateRabbit } from './private-rabbit';
export { eventually } from './eventually';
export type { EventuallyOptions } from './eventually';
export { freePort } from './free-port';
export { otherEventsOf } from './other-events';
export { selfSigned } from './self-signed';
export { emailSpellings, phoneSpellings, type PhoneSpelling } from './spellings';
export { startStandIn, type StandIn, type StandInOptions } from './stand-in';
export { tally } from './tally';
export { times } from './times';
