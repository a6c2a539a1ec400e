import { runMain } from '@tearoff/service-kit';
import { start } from './start';

void runMain('notification', (env) => start({ env }));
