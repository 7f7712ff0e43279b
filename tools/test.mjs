/** `npm test`: builds, lints, type-checks and tests every project; ends with `N passed, N failed`. */
import { handOver } from './first-stage.mjs';

handOver('tools/run-checks.mjs', process.argv.slice(2));
