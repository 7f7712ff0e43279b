/** `npm start`: what it does stands in tools/start/README.md. `--once` ends after the round trips, `--clean` begins anew. */
import { handOver } from './first-stage.mjs';

handOver('tools/build-and-start.mjs', process.argv.slice(2));
