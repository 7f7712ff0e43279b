import { readSettings, runMain } from '@calsync/service-chassis';
import { consoleSettings } from './settings.js';
import { startConsole } from './start-console.js';

await runMain(() => startConsole(readSettings(consoleSettings)));
