const path = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

const root = path.join(__dirname, '..', '..');
/** Jest goes by the last run's times, and on a machine that has none by the files' sizes: these are longer than they look. */
const long = [
  'e2e/wallets/wallets.spec.ts',
  'bench/bench.spec.ts',
  'libs/messaging/test/rabbitmq.spec.ts',
  'apps/notification/test/lists.spec.ts',
  'e2e/pages/claim.browser.spec.ts',
  'apps/automation/test/workflows.spec.ts',
];

/** Begins with the longest files, so that no processor is idle at the end. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isLong = (test) => long.includes(path.relative(root, test.path));
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
};
